/** The packages that are published, by their folders in packages/. They all have the version of the repository. */
export const PACKAGES = ['cli', 'client', 'expo', 'testing', 'verify'] as const

/** Every file that names the current version, with the texts around it. A test finds files that are missing here. */
export const PLACES: Record<string, readonly ((version: string) => string)[]> = {
  'package.json': [(version) => `"version": "${version}"`],
  ...Object.fromEntries(
    PACKAGES.map((name) => [
      `packages/${name}/package.json`,
      [
        (version: string) => `"version": "${version}"`,
        ...(name === 'expo' ? [(version: string) => `"@latchkey/client": "^${version}"`] : []),
      ],
    ]),
  ),
  'packages/cli/version.ts': [(version) => `VERSION = '${version}'`],
  'packages/kotlin/build.gradle.kts': [(version) => `version = "${version}"`],
  'packages/kotlin/README.md': [(version) => `latchkey-android:${version}`],
  'packages/testing/README.md': [(version) => `latchkey-testing-${version}.tgz`],
  'packages/expo/README.md': [
    (version) => `latchkey-client-${version}.tgz`,
    (version) => `latchkey-expo-${version}.tgz`,
  ],
  'examples/expo/package.json': [
    (version) => `latchkey-client-${version}.tgz`,
    (version) => `latchkey-expo-${version}.tgz`,
  ],
  'README.md': [
    (version) => `latchkey-client-${version}.tgz`,
    (version) => `latchkey-expo-${version}.tgz`,
  ],
  'docs/cli.md': [(version) => `latchkey-cli-${version}.tgz`],
}

/** @throws Error if the file does not name the old version where it should. */
export function withVersion(file: string, text: string, from: string, to: string): string {
  return PLACES[file]!.reduce((changed, place) => {
    if (!changed.includes(place(from))) throw new Error(`${file} does not contain ${place(from)}`)
    return changed.replaceAll(place(from), place(to))
  }, text)
}

type Lock = { version: string; packages: Record<string, Locked> }
type Locked = { version?: string; peerDependencies?: Record<string, string> }

/** package-lock.json repeats the manifests of the repository and of its packages. */
export function lockWithVersion(text: string, from: string, to: string): string {
  const lock = JSON.parse(text) as Lock
  lock.version = to
  for (const path of ['', ...PACKAGES.map((name) => `packages/${name}`)]) {
    const locked = lock.packages[path]!
    locked.version = to
    const peers = locked.peerDependencies
    if (peers?.['@latchkey/client'] === `^${from}`) peers['@latchkey/client'] = `^${to}`
  }
  return `${JSON.stringify(lock, null, 2)}\n`
}
