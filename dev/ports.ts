import { createServer } from 'node:net'
import { Plain } from '../scripts/fail.ts'

/** Listens for a moment, on every interface when `host` is undefined. @returns the port. */
function tryListen(port: number, host?: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen({ port, ...(host === undefined ? {} : { host }) }, () => {
      const address = server.address()
      server.close(() => resolve(typeof address === 'object' && address ? address.port : port))
    })
  })
}

/** @returns a TCP port that is free now on every interface. */
export function freePort(): Promise<number> {
  return tryListen(0)
}

/** Checks that a port is free. @throws Plain that names the variable which chooses another port. */
export async function requireFreePort(port: number, what: string, variable: string): Promise<void> {
  try {
    await tryListen(port, '127.0.0.1')
    await tryListen(port)
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code
    const why = code === 'EADDRINUSE' ? 'in use' : `not available (${code})`
    throw new Plain(
      `Port ${port} for ${what} is ${why}. Free it, or set ${variable} to another port.`,
    )
  }
}
