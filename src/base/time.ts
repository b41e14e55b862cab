declare const unit: unique symbol

/** A time in Unix milliseconds. The compiler keeps it apart from `UnixSeconds` and from plain numbers. */
export type UnixMs = number & { readonly [unit]: 'milliseconds' }
/** A time in Unix seconds, the unit of the schema's `createdAt`, `usedAt` and `expiresAt`. */
export type UnixSeconds = number & { readonly [unit]: 'seconds' }

/** Declares the unit of a number from outside (a row, a token, a clock). */
export const unixMs = (value: number): UnixMs => value as UnixMs
export const unixSeconds = (value: number): UnixSeconds => value as UnixSeconds

export const toSeconds = (moment: UnixMs): UnixSeconds => unixSeconds(Math.floor(moment / 1000))

export const addSeconds = (moment: UnixSeconds, seconds: number): UnixSeconds =>
  unixSeconds(moment + seconds)

export const latest = (...moments: readonly UnixMs[]): UnixMs => unixMs(Math.max(...moments))
