/** Types of workerd that src/ uses and that Node and the DOM do not have, so that scripts may import src/. */
interface SubtleCrypto {
  timingSafeEqual(a: BufferSource, b: BufferSource): boolean
}
interface Scheduler {
  wait(ms: number): Promise<void>
}
