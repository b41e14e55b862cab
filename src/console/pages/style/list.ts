import { css } from './css.ts'

/** A list with its tools: search, filters and pages. */
export const LIST = css`
  .tools {
    display: flex;
    flex-wrap: wrap;
    align-items: end;
    gap: 0.75rem 1.5rem;
    margin-bottom: 1rem;
  }

  .search {
    display: flex;
    flex: 0 1 26rem;
    gap: 0.5rem;
    margin-left: auto;
  }

  .search input {
    min-width: 0;
  }

  .search .button {
    white-space: nowrap;
  }

  .tabs {
    display: flex;
    flex-wrap: wrap;
    gap: 0.25rem;
    list-style: none;
  }

  .tabs a {
    display: block;
    padding: 0.4375rem 0.75rem;
    border: 1px solid transparent;
    border-radius: 9px;
    color: var(--soft);
    font-weight: 550;
    text-decoration: none;
  }

  .tabs a:hover {
    background: var(--sunk);
  }

  .tabs a[aria-current] {
    border-color: var(--line);
    background: var(--card);
    color: var(--ink);
  }

  .tabs span {
    margin-left: 0.25rem;
    font-size: 0.8125rem;
    font-variant-numeric: tabular-nums;
    font-weight: 400;
  }

  .empty {
    padding: 3.5rem 1.5rem;
    text-align: center;
  }

  .empty p {
    margin: 0.25rem auto 1.25rem;
    max-width: 30rem;
    color: var(--soft);
  }

  .pages {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    justify-content: space-between;
    gap: 0.75rem;
    margin-top: 1rem;
    color: var(--soft);
  }

  @media (max-width: 45rem) {
    .search {
      flex: 1 1 100%;
      margin: 0;
    }
  }
`
