declare global {
  interface ImportMeta {
    readonly env: Record<string, string | undefined>
  }
}

/**
 * How much of a test with the tag `long` to run: `usual` in `npm test`, `long` in `npm run test:long`, which runs no
 * other tests.
 */
export const size = ({ usual, long }: { usual: number; long: number }): number =>
  IS_LONG ? long : usual

/** For a test that does something else in `npm run test:long`, not only more of it. */
export const IS_LONG = import.meta.env['LATCHKEY_LONG'] === '1'
