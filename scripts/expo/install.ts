import { cpSync } from 'node:fs'
import { npmCi } from '../npm-ci.ts'

/** What the check installs, and where it works. The repository's own `npm ci` brings nothing of Expo. */
export const MANIFEST = 'scripts/expo/types'
export const WORK = '.local/expo'

/**
 * Installs the packages of Expo and React Native whose types and config plugins are needed, when they are not there
 * yet. `package.json` replaces what only an app needs to run, such as its bundler, by an empty package.
 */
export function installTypes(): void {
  cpSync(MANIFEST, WORK, { recursive: true })
  npmCi(WORK)
}
