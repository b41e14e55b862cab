import { css } from './css.ts'

/** The facts of one thing. */
export const FACTS = css`
  .facts {
    display: grid;
    gap: 0.875rem;
  }

  .facts dt {
    color: var(--soft);
    font-size: 0.8125rem;
  }

  .lines {
    white-space: pre-line;
  }

  @media (min-width: 36rem) {
    .facts > div {
      display: grid;
      grid-template-columns: 9rem minmax(0, 1fr);
      gap: 1rem;
    }

    .facts dt {
      font-size: inherit;
    }
  }

  .counts {
    display: grid;
    grid-template-columns: repeat(auto-fit, minmax(7rem, 1fr));
    gap: 1rem;
  }

  .counts dt {
    color: var(--soft);
    font-size: 0.8125rem;
  }

  .counts dd {
    font-size: 1.625rem;
    font-variant-numeric: tabular-nums;
    font-weight: 650;
    line-height: 1.3;
  }

  .refused {
    list-style: none;
  }
`
