import { css } from './css.ts'

/** The bar at the top, with the menu. */
export const BAR = css`
  .bar {
    border-bottom: 1px solid var(--line);
    background: var(--card);
  }

  .bar > div {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 0.25rem 1.25rem;
    max-width: 72rem;
    margin: auto;
    padding: 0.625rem 1.25rem;
  }

  .home {
    display: flex;
    align-items: center;
    gap: 0.625rem;
    color: inherit;
    font-weight: 650;
    text-decoration: none;
  }

  .mark {
    flex: none;
    width: 1.75rem;
    border-radius: 8px;
    background: var(--brand);
    color: var(--brand-ink);
    font-weight: 700;
    line-height: 1.75rem;
    text-align: center;
  }

  .bar nav {
    display: flex;
    flex-wrap: wrap;
    gap: 0.25rem;
    margin-right: auto;
  }

  .bar nav a {
    padding: 0.375rem 0.75rem;
    border-radius: 8px;
    color: var(--soft);
    font-weight: 550;
    text-decoration: none;
  }

  .bar nav a:hover,
  .bar nav a[aria-current] {
    background: var(--sunk);
    color: var(--ink);
  }

  .who {
    display: flex;
    align-items: center;
    gap: 0.75rem;
    min-width: 0;
    font-size: 0.8125rem;
    line-height: 1.3;
    text-align: right;
  }

  /* The address may be broken anywhere, and the button nowhere. */
  .who .button {
    flex: none;
    white-space: nowrap;
  }

  .who strong {
    display: block;
    font-weight: 550;
  }

  @media (max-width: 45rem) {
    .bar > div {
      padding: 0.625rem 1rem;
    }

    /* The menu of an administrator fits one line of a narrow phone, in every language. */
    .bar nav {
      gap: 0;
      font-size: 0.875rem;
    }

    .bar nav a {
      padding-inline: 0.375rem;
    }

    /* Two rows: the sign of the console with the menu, and who is signed in. The name is only read aloud. */
    .bar > div {
      column-gap: 0.5rem;
    }

    .home .full {
      position: absolute;
      width: 1px;
      height: 1px;
      overflow: hidden;
      clip-path: inset(50%);
      white-space: nowrap;
    }

    .who {
      flex: 1 1 100%;
      justify-content: space-between;
      text-align: left;
    }
  }

  @media (forced-colors: active) {
    .mark {
      border: 1px solid;
    }
  }
`
