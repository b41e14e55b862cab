import { css } from './css.ts'

/** Fields, and what is wrong with them. */
export const FORM = css`
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
    flex: 0 1 auto;
    min-width: 0;
    font-weight: 400;
  }

  input[type='radio'],
  input[type='checkbox'] {
    flex: none;
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
`
