/** Marks the text as CSS for editors and for the formatter. */
const css = String.raw

/** The one stylesheet. Text and lines come in three weights of ink; colour is kept for what needs a look. */
export const STYLE = css`
  :root {
    color-scheme: light dark;
    --page: #f6f7f9;
    --card: #ffffff;
    --sunk: #eef0f3;
    --ink: #14171c;
    --soft: #545c69;
    --line: #dfe2e8;
    --edge: #8b93a1;
    --link: #1d4fc4;
    --focus: #1d4fc4;
    --good: #11653a;
    --good-back: #e2f4e9;
    --warn: #7d4a00;
    --warn-back: #fdf0d8;
    --bad: #a3231c;
    --bad-back: #fdeceb;
    --shadow: 0 1px 2px #14171c0a, 0 4px 16px #14171c0a;
    --radius: 12px;
  }

  @media (prefers-color-scheme: dark) {
    :root {
      --page: #0f1114;
      --card: #181b20;
      --sunk: #22262d;
      --ink: #eceef2;
      --soft: #a6aebb;
      --line: #2c313a;
      --edge: #737c8b;
      --link: #9dbcff;
      --focus: #9dbcff;
      --good: #84dba8;
      --good-back: #14301f;
      --warn: #f2c777;
      --warn-back: #35280f;
      --bad: #ff9d96;
      --bad-back: #3b1917;
      --shadow: none;
    }
  }

  *,
  ::before,
  ::after {
    box-sizing: border-box;
  }

  html {
    -webkit-text-size-adjust: 100%;
    scroll-padding: 1rem;
  }

  body {
    margin: 0;
    background: var(--page);
    color: var(--ink);
    font:
      0.9375rem/1.5 system-ui,
      -apple-system,
      'Segoe UI',
      Roboto,
      sans-serif;
    overflow-wrap: anywhere;
  }

  a {
    color: var(--link);
    text-underline-offset: 0.15em;
    text-decoration-thickness: from-font;
  }

  h1,
  h2,
  h3,
  p,
  dl,
  dd,
  ul,
  ol,
  fieldset {
    margin: 0;
    padding: 0;
    border: 0;
  }

  h1 {
    font-size: 1.625rem;
    line-height: 1.25;
    letter-spacing: -0.015em;
    text-wrap: balance;
  }

  h2 {
    font-size: 1.0625rem;
    line-height: 1.4;
  }

  :focus-visible {
    outline: 3px solid var(--focus);
    outline-offset: 2px;
    border-radius: 4px;
  }

  h1:focus {
    outline: 0;
  }

  .skip {
    position: absolute;
    left: 1rem;
    top: -4rem;
    z-index: 1;
    padding: 0.5rem 0.875rem;
    border-radius: 8px;
    background: var(--card);
  }

  .skip:focus {
    top: 0.5rem;
  }

  .said {
    position: absolute;
    width: 1px;
    height: 1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }

  [hidden] {
    display: none !important;
  }

  .soft {
    color: var(--soft);
  }

  small,
  .small {
    font-size: 0.8125rem;
  }

  /* The bar at the top. */

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

  .who strong {
    display: block;
    font-weight: 550;
  }

  /* What is on a page. */

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

  /* Forms. */

  .field > * + * {
    margin-top: 0.25rem;
  }

  label,
  legend {
    display: block;
    padding: 0;
    font-weight: 600;
  }

  .hint {
    color: var(--soft);
    font-size: 0.8125rem;
  }

  .wrong {
    color: var(--bad);
    font-weight: 600;
  }

  input:not([type='radio'], [type='checkbox'], [type='hidden']),
  textarea,
  select {
    display: block;
    width: 100%;
    padding: 0.5625rem 0.75rem;
    border: 1px solid var(--edge);
    border-radius: 9px;
    background: var(--card);
    color: inherit;
    font: inherit;
  }

  input.short {
    width: 12rem;
    max-width: 100%;
  }

  input.code {
    width: 12rem;
    font:
      600 1.5rem/1.3 ui-monospace,
      Menlo,
      Consolas,
      monospace;
    letter-spacing: 0.2em;
  }

  textarea {
    min-height: 6rem;
    resize: vertical;
  }

  [aria-invalid='true'] {
    border-color: var(--bad) !important;
    box-shadow: inset 0 0 0 1px var(--bad);
  }

  .choice {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 0.25rem 0.625rem;
    padding: 0.3125rem 0;
  }

  .choice label {
    font-weight: 400;
  }

  input[type='radio'] {
    width: 1.125rem;
    height: 1.125rem;
    margin: 0;
    accent-color: var(--link);
  }

  details > summary {
    font-weight: 600;
    cursor: pointer;
  }

  details[open] > summary {
    margin-bottom: 1.25rem;
  }

  /* Lists. */

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

  /* One thing's facts, and its history. */

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

  /* Pages that ask one thing. */

  .alone {
    display: grid;
    align-items: center;
    min-height: 100vh;
    min-height: 100svh;
    padding: 1rem;
  }

  .alone main {
    width: 100%;
    max-width: 27rem;
    padding: 2rem 1.75rem;
    border: 1px solid var(--line);
    border-radius: 20px;
    background: var(--card);
    box-shadow: var(--shadow);
  }

  .alone .mark {
    width: 3rem;
    margin-bottom: 1.25rem;
    border-radius: 14px;
    font-size: 1.5rem;
    line-height: 3rem;
  }

  .alone .button.main {
    display: block;
    width: 100%;
    padding: 0.75rem 1rem;
  }

  .account {
    padding: 0.625rem 1rem;
    border-radius: 10px;
    background: var(--sunk);
    font-weight: 600;
  }

  /* A phone: a row of a table is a card, its headings a row of links. */

  @media (max-width: 45rem) {
    main {
      padding: 1.25rem 1rem 3rem;
    }

    h1 {
      font-size: 1.375rem;
    }

    .bar > div {
      padding: 0.625rem 1rem;
    }

    .who {
      flex: 1 1 100%;
      justify-content: space-between;
      text-align: left;
    }

    .head .button {
      flex: 1;
    }

    .search {
      flex: 1 1 100%;
      margin: 0;
    }

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

    .actions .button {
      flex: 1 1 100%;
    }

    .actions .button.little {
      flex: none;
    }
  }

  @media (prefers-reduced-motion: no-preference) {
    .button,
    .skip {
      transition:
        filter 0.12s,
        top 0.12s;
    }
  }

  @media (forced-colors: active) {
    .state,
    .button,
    .mark {
      border: 1px solid;
    }
  }
`
