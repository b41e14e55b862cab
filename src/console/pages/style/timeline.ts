import { css } from './css.ts'

/** What happened: a drawing of the last days, and every event by its day. */
export const TIMELINE = css`
  .days {
    display: grid;
    grid-template-columns: minmax(0, max-content) repeat(14, minmax(0, 1fr));
    align-items: center;
    padding: 0.625rem;
    border-radius: 10px;
    background: var(--sunk);
    font-size: 0.75rem;
    font-variant-numeric: tabular-nums;
    line-height: 1.25;
    overflow-wrap: normal;
  }

  .days > span {
    display: flex;
    align-items: center;
    justify-content: center;
    gap: 1px;
    min-width: 0;
    height: 1.75rem;
    border-top: 1px solid var(--line);
  }

  .days > span:nth-child(-n + 15) {
    height: 1.5rem;
    border: 0;
    color: var(--soft);
  }

  .days > .lane {
    justify-content: start;
    padding-right: 0.5rem;
  }

  .days b {
    display: grid;
    flex: 0 1 1.125rem;
    place-items: center;
    min-width: 0;
    height: 1.125rem;
    border-radius: 99px;
    background: var(--edge);
    color: var(--card);
    font-size: 0.6875rem;
  }

  .days .asked {
    background: var(--soft);
  }

  .days .sent {
    background: var(--link);
  }

  .days .opened {
    background: var(--good);
  }

  .days .refreshed {
    border: 2px solid var(--good);
    background: none;
    color: var(--good);
  }

  .days .ended {
    border-radius: 3px;
    background: var(--ink);
  }

  .days .kept {
    border-radius: 3px;
    background: var(--bad);
  }

  .day {
    margin-bottom: 0.75rem;
    color: var(--soft);
    font-size: 0.8125rem;
    font-weight: 600;
  }

  .timeline {
    list-style: none;
  }

  .timeline > li {
    position: relative;
    display: flex;
    gap: 0.75rem;
    padding-bottom: 1rem;
  }

  .timeline > li:last-child {
    padding-bottom: 0;
  }

  .timeline > li:not(:last-child)::before {
    content: '';
    position: absolute;
    top: 1.75rem;
    bottom: 0;
    left: calc(0.875rem - 1px);
    border-left: 2px solid var(--line);
  }

  .timeline > li > div {
    min-width: 0;
    padding-top: 0.1875rem;
  }

  .timeline > li > div {
    flex: 1;
  }

  .event {
    display: flex;
    gap: 0.75rem;
    align-items: baseline;
    justify-content: space-between;
  }

  .event > span {
    flex: none;
  }

  .spot {
    display: grid;
    flex: none;
    place-items: center;
    width: 1.75rem;
    height: 1.75rem;
    border-radius: 99px;
    background: var(--sunk);
    color: var(--soft);
  }

  .opened > .spot,
  .used > .spot {
    background: var(--good-back);
    color: var(--good);
  }

  .refreshed > .spot {
    color: var(--good);
  }

  .ended > .spot {
    border-radius: 8px;
    color: var(--ink);
  }

  .changed > .spot {
    background: var(--warn-back);
    color: var(--warn);
  }

  .went,
  .timeline .kept {
    display: flex;
    align-items: start;
    gap: 0.375rem;
  }

  .went .icon,
  .timeline .kept .icon {
    margin-top: 0.1875rem;
  }

  .went {
    color: var(--link);
  }

  .timeline .kept {
    color: var(--bad);
  }

  @media (max-width: 45rem) {
    .days {
      margin: 0 -0.625rem;
      padding: 0.5rem;
      column-gap: 1px;
    }

    .days > span:nth-child(-n + 15):nth-child(even) {
      visibility: hidden;
    }

    .days > .lane {
      padding-right: 0.25rem;
      font-size: 0.6875rem;
    }

    .days b {
      flex-basis: 0.8125rem;
      height: 0.8125rem;
      font-size: 0.625rem;
    }
  }

  @media (forced-colors: active) {
    .days b,
    .timeline > li > div {
      flex: 1;
    }

    .event {
      display: flex;
      gap: 0.75rem;
      align-items: baseline;
      justify-content: space-between;
    }

    .event > span {
      flex: none;
    }

    .spot {
      border: 1px solid;
    }
  }
`
