/** The part of Node's module that workerd has and these tests use. The types of Node clash with those of Workers. */
declare module 'node:async_hooks' {
  export class AsyncLocalStorage<T> {
    run<R>(store: T, callback: () => R): R
    getStore(): T | undefined
  }
}
