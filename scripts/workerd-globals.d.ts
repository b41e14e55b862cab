/** workerd types that src/ uses and that Node and the DOM do not have, so that scripts can import src/. */
interface SubtleCrypto {
  timingSafeEqual(a: BufferSource, b: BufferSource): boolean
}
interface Scheduler {
  wait(ms: number): Promise<void>
}
