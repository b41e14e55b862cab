import { css } from './css.ts'

/** How the parts of a page stand beside each other. */
export const LAYOUT = css`
  main {
    max-width: 72rem;
    margin: auto;
    padding: 2rem 1.25rem 4rem;
  }

  main.narrow {
    max-width: 40rem;
  }

  .head {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    justify-content: space-between;
    gap: 0.75rem 1.5rem;
    margin-bottom: 1.5rem;
  }

  .head > div {
    min-width: 0;
  }

  .back {
    display: inline-block;
    margin-bottom: 0.75rem;
    color: var(--soft);
    text-decoration: none;
  }

  .back:hover {
    text-decoration: underline;
  }

  .card {
    padding: 1.25rem;
    border: 1px solid var(--line);
    border-radius: var(--radius);
    background: var(--card);
    box-shadow: var(--shadow);
  }

  .stack > * + * {
    margin-top: 1.25rem;
  }

  .tight > * + * {
    margin-top: 0.5rem;
  }

  .columns {
    display: grid;
    gap: 1.25rem;
    align-items: start;
  }

  @media (min-width: 60rem) {
    .columns {
      grid-template-columns: minmax(0, 3fr) minmax(0, 2fr);
    }
  }

  .columns > *,
  .card {
    min-width: 0;
  }

  @media (max-width: 45rem) {
    main {
      padding: 1.25rem 1rem 3rem;
    }
  }
`
