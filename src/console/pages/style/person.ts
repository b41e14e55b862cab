import { css } from './css.ts'

/** A person: the answers, the sessions, and what is left of a budget. */
export const PERSON = css`
  .icon {
    flex: none;
    width: 1.125em;
    height: 1.125em;
    fill: none;
    stroke: currentcolor;
    stroke-width: 1.75;
    stroke-linecap: round;
    stroke-linejoin: round;
  }

  .facing {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 0.25rem 0.75rem;
  }

  .answers {
    display: grid;
    gap: 1.25rem;
    align-items: start;
  }

  @media (min-width: 52rem) {
    .answers {
      grid-template-columns: repeat(3, minmax(0, 1fr));
      align-items: stretch;
    }
  }

  .answers:has([open]) {
    align-items: start;
  }

  .answer {
    position: relative;
    display: flex;
    flex-direction: column;
    overflow: hidden;
  }

  .answer::before {
    content: '';
    position: absolute;
    inset: 0 0 auto;
    height: 4px;
    background: var(--good);
  }

  .answer.bad::before {
    background: var(--bad);
  }

  .answer details {
    margin-top: auto;
    padding-top: 0.75rem;
  }

  .answer details[open] > summary {
    margin-bottom: 0.5rem;
  }

  .answer summary {
    color: var(--soft);
    font-size: 0.8125rem;
  }

  .answer h3 {
    font-size: 1rem;
  }

  .verdict {
    display: flex;
    align-items: center;
    gap: 0.5rem;
    color: var(--good);
    font-size: 0.8125rem;
    font-weight: 650;
  }

  .verdict .icon {
    width: 1.5rem;
    height: 1.5rem;
    padding: 0.25rem;
    border-radius: 99px;
    background: var(--good-back);
    stroke-width: 2.5;
  }

  .bad .verdict {
    color: var(--bad);
  }

  .bad .verdict .icon {
    border-radius: 6px;
    background: var(--bad-back);
  }

  .found {
    padding-left: 1.125rem;
  }

  .found > * + * {
    margin-top: 0.375rem;
  }

  .card > .head {
    margin-bottom: 0;
  }

  .count {
    margin-left: 0.25rem;
    padding: 0.0625rem 0.5rem;
    border-radius: 99px;
    background: var(--sunk);
    color: var(--soft);
    font-size: 0.8125rem;
    font-variant-numeric: tabular-nums;
  }

  .sessions {
    list-style: none;
  }

  .sessions > li {
    padding: 1rem 0;
    border-top: 1px solid var(--line);
  }

  .sessions > li > * + * {
    margin-top: 0.5rem;
  }

  .sessions > li:last-child {
    padding-bottom: 0;
  }

  .session {
    display: flex;
    align-items: center;
    gap: 0.5rem 0.75rem;
  }

  .session h3 {
    min-width: 0;
    margin-right: auto;
    font-size: inherit;
  }

  .session .long {
    -webkit-line-clamp: 2;
  }

  .line {
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }

  .session .button,
  .head .button.little {
    flex: none;
    white-space: nowrap;
  }

  .notice .ending {
    padding: 0;
    list-style: none;
  }

  .ending li {
    display: flex;
    align-items: baseline;
    justify-content: space-between;
    gap: 1rem;
  }

  .ending li > :last-child {
    flex: none;
  }

  .trio {
    display: grid;
    grid-template-columns: repeat(auto-fit, minmax(9rem, 1fr));
    gap: 0.5rem 1rem;
  }

  .trio dt {
    color: var(--soft);
  }

  .more {
    display: block;
  }

  code {
    font:
      0.8125rem/1.5 ui-monospace,
      Menlo,
      Consolas,
      monospace;
  }

  .pips {
    display: inline-flex;
    gap: 0.1875rem;
    margin-right: 0.375rem;
  }

  .pips i {
    width: 0.5rem;
    height: 0.5rem;
    border: 1px solid var(--edge);
    border-radius: 99px;
  }

  .pips i.left {
    border-color: var(--good);
    background: var(--good);
  }

  .pips.none i {
    border-color: var(--bad);
  }

  @media (max-width: 45rem) {
    .trio,
    .trio > div {
      grid-template-columns: minmax(0, 1fr);
    }

    .trio > div {
      display: grid;
      grid-template-columns: 7rem minmax(0, 1fr);
      gap: 0.75rem;
    }
  }
`
