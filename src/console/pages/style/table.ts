import { css } from './css.ts'

/** A table. On a phone each row is a card, and the headings are a row of links. */
export const TABLE = css`
  table {
    width: 100%;
    border-collapse: collapse;
  }

  .list {
    padding: 0;
    overflow: hidden;
  }

  .list table {
    table-layout: fixed;
  }

  .list th:nth-child(3) {
    width: 9.5rem;
  }

  .list th:nth-child(4) {
    width: 9rem;
  }

  .list th:nth-child(5) {
    width: 15.5rem;
  }

  th {
    color: var(--soft);
    font-size: 0.8125rem;
    font-weight: 550;
    text-align: left;
  }

  th a {
    color: inherit;
    text-decoration: none;
    white-space: nowrap;
  }

  th a:hover {
    text-decoration: underline;
  }

  th[aria-sort] a {
    color: var(--ink);
  }

  th[aria-sort='ascending'] a::after {
    content: ' ↑';
  }

  th[aria-sort='descending'] a::after {
    content: ' ↓';
  }

  th,
  td {
    padding: 0.75rem 1.25rem;
    border-bottom: 1px solid var(--line);
    vertical-align: top;
  }

  tbody tr:last-child > * {
    border-bottom: 0;
  }

  tbody tr:hover {
    background: var(--page);
  }

  td p + p {
    color: var(--soft);
    font-size: 0.8125rem;
  }

  .name {
    font-weight: 600;
  }

  a.long {
    padding: 1px;
  }

  .long {
    display: -webkit-box;
    overflow: hidden;
    -webkit-box-orient: vertical;
    -webkit-line-clamp: 3;
  }

  @media (max-width: 45rem) {
    table,
    tbody,
    thead,
    tr,
    td {
      display: block;
    }

    .list {
      border: 0;
      border-radius: 0;
      background: none;
      box-shadow: none;
      overflow: visible;
    }

    .list.empty {
      border: 1px solid var(--line);
      border-radius: var(--radius);
      background: var(--card);
    }

    thead tr {
      display: flex;
      flex-wrap: wrap;
      gap: 0.25rem 1rem;
      padding: 0 0.25rem 0.75rem;
    }

    thead th {
      padding: 0;
      border: 0;
    }

    thead th:not(:has(a)) {
      display: none;
    }

    tbody tr,
    tbody tr:hover {
      margin-bottom: 0.75rem;
      padding: 0.875rem 1rem;
      border: 1px solid var(--line);
      border-radius: var(--radius);
      background: var(--card);
      box-shadow: var(--shadow);
    }

    tbody td {
      padding: 0.125rem 0;
      border: 0;
    }

    tbody td[data-label] {
      display: grid;
      grid-template-columns: 7rem minmax(0, 1fr);
      gap: 0.75rem;
    }

    tbody td[data-label]::before {
      content: attr(data-label);
      color: var(--soft);
    }
  }
`
