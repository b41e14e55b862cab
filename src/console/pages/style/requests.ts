import { css } from './css.ts'

/** Access requests: the facts next to the forms to decide. */
export const REQUESTS = css`
  .requests {
    display: grid;
    gap: 1.25rem;
    list-style: none;
  }

  .request {
    display: grid;
    gap: 1.5rem 2rem;
    align-items: start;
  }

  .request > * {
    min-width: 0;
  }

  .request h2 {
    margin-bottom: 0.875rem;
  }

  .request .facts {
    grid-template-columns: repeat(auto-fit, minmax(8rem, 1fr));
    gap: 0.625rem 1rem;
  }

  /* The lengths are next to each other, so that a request takes little of the page. */
  .request fieldset {
    display: grid;
    grid-template-columns: repeat(auto-fit, minmax(min(17rem, 100%), 1fr));
    align-items: center;
    gap: 0 1.25rem;
    margin: 0;
  }

  .request fieldset > p {
    grid-column: 1 / -1;
  }

  .request .choice {
    min-height: 2.75rem;
    gap: 0.25rem 0.5rem;
  }

  .request input.short {
    width: 10rem;
    padding-block: 0.375rem;
  }

  .request .actions p {
    flex: 1 1 12rem;
  }

  .request details {
    padding-top: 1rem;
    border-top: 1px solid var(--line);
  }

  .request summary {
    color: var(--soft);
  }

  @media (min-width: 36rem) {
    .request .facts {
      grid-template-columns: minmax(0, 1fr);
    }
  }

  @media (min-width: 60rem) {
    .request {
      grid-template-columns: minmax(0, 2fr) minmax(0, 3fr);
    }

    .request .facts > div {
      grid-template-columns: 7.5rem minmax(0, 1fr);
    }
  }
`
