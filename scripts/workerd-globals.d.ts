/** What src/ uses of workerd that the types of Node and the DOM lack, so that scripts may import from src/. */
interface SubtleCrypto {
  timingSafeEqual(a: BufferSource, b: BufferSource): boolean
}
interface Scheduler {
  wait(ms: number): Promise<void>
}
