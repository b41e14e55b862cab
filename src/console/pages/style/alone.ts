import { css } from './css.ts'

/** Pages that ask one thing: the sign-in. */
export const ALONE = css`
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
`
