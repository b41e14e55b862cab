import { css } from './css.ts'

/** The start page: lists and small charts. */
export const START = css`
  .head > .search {
    margin: 0 0 0 auto;
  }

  @media (min-width: 60rem) {
    .halves {
      grid-template-columns: repeat(2, minmax(0, 1fr));
      align-items: stretch;
    }
  }

  .halves h2 {
    margin-bottom: 0.5rem;
  }

  .lines-of {
    margin-bottom: 0.75rem;
    list-style: none;
  }

  .lines-of li {
    display: flex;
    justify-content: space-between;
    gap: 1rem;
    padding: 0.625rem 0;
    border-bottom: 1px solid var(--line);
  }

  .lines-of li > div {
    min-width: 0;
  }

  .lines-of li > p {
    flex: none;
  }

  .lately {
    padding-top: 0.75rem;
  }

  .lately h2 span {
    margin-left: 0.25rem;
    font-weight: 400;
  }

  .tiles {
    display: grid;
    grid-template-columns: repeat(auto-fit, minmax(15rem, 1fr));
    gap: 1.25rem;
    list-style: none;
  }

  .tile h3 {
    font-size: inherit;
  }

  .tile .total {
    margin: 0.25rem 0 0.75rem;
    font-size: 2rem;
    font-variant-numeric: tabular-nums;
    font-weight: 650;
    line-height: 1.2;
  }

  .tile svg {
    display: block;
    width: 100%;
    height: 3.5rem;
  }

  .tile .some {
    fill: var(--link);
  }

  .tile .none {
    fill: var(--edge);
  }

  .tile .some:hover {
    fill: var(--ink);
  }

  .axis {
    display: flex;
    justify-content: space-between;
    margin-top: 0.375rem;
    color: var(--soft);
    font-size: 0.8125rem;
  }

  .numbers .card {
    padding: 0;
    overflow: hidden;
  }

  /* These few narrow columns stay a table on a phone. */
  .numbers table {
    display: table;
    table-layout: fixed;
  }

  .numbers thead {
    display: table-header-group;
  }

  .numbers tbody {
    display: table-row-group;
  }

  .numbers thead tr,
  .numbers tbody tr {
    display: table-row;
    border: 0;
    box-shadow: none;
  }

  .numbers tr > * {
    display: table-cell;
    padding: 0.5rem min(1rem, 1.75vw);
    border-bottom: 1px solid var(--line);
    font-variant-numeric: tabular-nums;
  }

  .numbers tbody th {
    font-size: inherit;
    white-space: nowrap;
  }

  .numbers thead th {
    overflow-wrap: break-word;
  }

  .numbers td,
  .numbers thead th + th {
    text-align: right;
  }

  @media (max-width: 45rem) {
    .numbers thead th {
      font-size: 0.6875rem;
      hyphens: auto;
    }

    .numbers thead th:first-child {
      width: 22%;
    }
  }

  @media (forced-colors: active) {
    .tile .some,
    .tile .none {
      fill: CanvasText;
    }
  }
`
