import { existsSync, readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { chromium, type Browser } from 'playwright-core'
import { inject } from 'vitest'
import { localAws, type Aws } from '../../dev/local-aws.ts'

const READY_WITHIN_MS = 120_000

/** What `npm run dev` started, for all files of this project (setup.ts). */
export type DevWorld = {
  issuer: string
  consoleOrigin: string
  inbox: string
  aws: Aws
  /** The Worker again, as a second host: the app's links lead there. */
  appLinkOrigin: string
  /** Everything that it printed so far. */
  output: () => string
  /** `.dev.vars` as it is now. */
  varsFile: string
}

/** Waits until the Worker answers. @throws Error with what was printed when it never will. */
export async function devWorld(): Promise<DevWorld> {
  const { port, inboxPort, dynamodbPort, consolePort, outputFile, varsFile } = inject('dev')
  const issuer = `http://127.0.0.1:${port}`
  const output = (): string => (existsSync(outputFile) ? readFileSync(outputFile, 'utf8') : '')
  const deadline = Date.now() + READY_WITHIN_MS
  while (!output().includes(`Latchkey ready on ${issuer}`)) {
    if (Date.now() > deadline || output().includes('npm run dev ended')) {
      throw new Error(`npm run dev is not ready:\n${output()}`)
    }
    await sleep(50)
  }
  return {
    issuer,
    consoleOrigin: `http://127.0.0.1:${consolePort}`,
    inbox: `http://127.0.0.1:${inboxPort}`,
    aws: localAws(`http://127.0.0.1:${dynamodbPort}`),
    appLinkOrigin: `http://localhost:${port}`,
    output,
    varsFile,
  }
}

/** A connection to the one Chromium: contexts made through it end with it. */
export const connectChromium = (): Promise<Browser> => chromium.connect(inject('chromium'))
