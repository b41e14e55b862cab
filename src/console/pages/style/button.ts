import { css } from './css.ts'

/** Buttons, and links that look like them. */
export const BUTTON = css`
  .button {
    display: inline-block;
    padding: 0.5625rem 1rem;
    border: 1px solid var(--edge);
    border-radius: 9px;
    background: var(--card);
    color: var(--ink);
    font: inherit;
    font-weight: 600;
    line-height: 1.4;
    text-align: center;
    text-decoration: none;
    cursor: pointer;
  }

  .button:hover {
    background: var(--sunk);
  }

  .button.main {
    border-color: transparent;
    background: var(--brand);
    color: var(--brand-ink);
  }

  .button.main:hover {
    filter: brightness(1.08);
  }

  .button.end {
    border-color: transparent;
    background: #a3231c;
    color: #ffffff;
  }

  .button.end:hover {
    background: #8a1b15;
  }

  .button.little {
    padding: 0.25rem 0.625rem;
    font-size: 0.8125rem;
    font-weight: 550;
  }

  .actions {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 0.75rem;
  }

  .plain {
    padding: 0;
    border: 0;
    background: none;
    color: var(--link);
    font: inherit;
    text-decoration: underline;
    cursor: pointer;
  }

  @media (max-width: 45rem) {
    .head .button {
      flex: 1;
    }

    .actions .button {
      flex: 1 1 100%;
    }

    .actions .button.little {
      flex: none;
    }
  }

  @media (prefers-reduced-motion: no-preference) {
    .button {
      transition: filter 0.12s;
    }
  }

  @media (forced-colors: active) {
    .button {
      border: 1px solid;
    }
  }
`
