declare global {
  interface ImportMeta {
    readonly env: Record<string, string | undefined>
  }
}

/** Requests in a flood: as many as CI has time for, 10,000 with LATCHKEY_FLOOD=10000. */
export const FLOOD_SIZE = Number(import.meta.env['LATCHKEY_FLOOD'] ?? 300)

/** Tests that time something: only on a quiet machine, with LATCHKEY_TIMING=1. */
export const TIMING = import.meta.env['LATCHKEY_TIMING'] === '1'

/** Samples of each kind in a test that times something: the more, the smaller a difference it sees. */
export const TIMING_SAMPLES = Number(import.meta.env['LATCHKEY_SAMPLES'] ?? 2000)
