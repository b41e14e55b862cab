import { css } from './css.ts'

/** Who changed what, and when. */
export const HISTORY = css`
  .history {
    margin-top: 1rem;
    list-style: none;
  }

  .history > li {
    position: relative;
    padding: 0 0 1.25rem 1.375rem;
    border-left: 2px solid var(--line);
  }

  .history > li:last-child {
    padding-bottom: 0;
  }

  .history > li::before {
    content: '';
    position: absolute;
    left: -0.4375rem;
    top: 0.375rem;
    width: 0.75rem;
    height: 0.75rem;
    border: 2px solid var(--card);
    border-radius: 99px;
    background: var(--edge);
  }

  .history > li.withdrawn::before {
    background: var(--bad);
  }

  .history > li.created::before,
  .history > li.restored::before {
    background: var(--good);
  }

  .changes {
    margin-top: 0.375rem;
    padding-left: 0.75rem;
    list-style: none;
    font-size: 0.8125rem;
  }

  .changes del {
    color: var(--soft);
  }

  .changes ins {
    text-decoration: none;
    font-weight: 550;
  }
`
