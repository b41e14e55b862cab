import { css } from './css.ts'

/** States, and what a page says about what happened. */
export const NOTICE = css`
  .state {
    display: inline-flex;
    align-items: center;
    gap: 0.4375rem;
    padding: 0.125rem 0.625rem;
    border-radius: 99px;
    background: var(--sunk);
    color: var(--soft);
    font-size: 0.8125rem;
    font-weight: 600;
    white-space: nowrap;
  }

  .state::before {
    content: '';
    width: 0.4375rem;
    height: 0.4375rem;
    border-radius: 99px;
    background: currentcolor;
  }

  .state.active,
  .state.company {
    background: var(--good-back);
    color: var(--good);
  }

  .state.ending {
    background: var(--warn-back);
    color: var(--warn);
  }

  .state.withdrawn {
    background: var(--bad-back);
    color: var(--bad);
  }

  .notice {
    padding: 0.875rem 1.125rem;
    border: 1px solid var(--line);
    border-left: 4px solid var(--edge);
    border-radius: 8px;
    background: var(--card);
  }

  .notice.good {
    border-left-color: var(--good);
  }

  .notice.warn {
    border-left-color: var(--warn);
  }

  .notice.bad {
    border-left-color: var(--bad);
  }

  .notice ul {
    margin-top: 0.25rem;
    padding-left: 1.25rem;
  }

  @media (forced-colors: active) {
    .state {
      border: 1px solid;
    }
  }
`
