import { css } from './css.ts'

/** Colours, text and what every page has. Text and lines come in three weights of ink; colour is kept for what needs a look. */
export const BASE = css`
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

  @media (max-width: 45rem) {
    h1 {
      font-size: 1.375rem;
    }
  }

  @media (prefers-reduced-motion: no-preference) {
    .skip {
      transition: top 0.12s;
    }
  }
`
