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

/** For what says nothing when it is short. */
export const IS_LONG = import.meta.env['LATCHKEY_LONG'] === '1'
