import { execFileSync } from 'node:child_process'
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join, resolve } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { Plain, run } from '../fail.ts'
import { installTypes, MANIFEST, WORK } from './install.ts'
import { nativeProject } from './native-project.ts'

const EXAMPLE = 'examples/expo'
const APP = join(WORK, 'app')

/** `npm run check:expo`: checks @latchkey/expo and its example with the real packages of Expo and React Native. */
await run(async () => {
  sameVersions()
  installTypes()
  placeApp()
  tsc(APP)
  typesAreReal()
  console.log('ok   types of packages/expo and examples/expo')
  configLoads()
  console.log('ok   app.config.ts of examples/expo')
  await pluginWrites()
  console.log('ok   config plugin')
})

type Manifest = { dependencies: Record<string, string>; devDependencies?: Record<string, string> }

function read(path: string): Manifest {
  return JSON.parse(readFileSync(path, 'utf8')) as Manifest
}

/** The example must be checked with the versions that it names. */
function sameVersions(): void {
  const app = read(`${EXAMPLE}/package.json`)
  const checked = read(`${MANIFEST}/package.json`).dependencies
  const wrong = Object.entries({ ...app.dependencies, ...app.devDependencies })
    .filter(([name, range]) => checked[name] !== undefined && bare(checked[name]) !== bare(range))
    .map(
      ([name, range]) => `${name} is ${range} in the example, and ${checked[name]} in ${MANIFEST}`,
    )
  if (wrong.length > 0) throw new Plain(wrong.join('\n'))
}

function bare(range: string): string {
  return range.replace(/^[~^]/, '')
}

/** The example beside our packages as an app installs them: what they publish, and nothing else. */
function placeApp(): void {
  rmSync(APP, { recursive: true, force: true })
  mkdirSync(APP, { recursive: true })
  for (const path of ['src', 'app.config.ts', 'tsconfig.json']) {
    cpSync(join(EXAMPLE, path), join(APP, path), { recursive: true })
  }
  for (const name of ['client', 'expo']) {
    const { files } = JSON.parse(readFileSync(`packages/${name}/package.json`, 'utf8')) as {
      files: string[]
    }
    rmSync(`packages/${name}/dist`, { recursive: true, force: true })
    tsc(`packages/${name}`)
    for (const path of ['package.json', ...files]) {
      const to = join(APP, 'node_modules/@latchkey', name, path)
      cpSync(join('packages', name, path), to, { recursive: true })
    }
  }
}

function tsc(project: string): void {
  try {
    execFileSync('tsc', ['-p', project], { encoding: 'utf8' })
  } catch (error) {
    throw new Plain((error as { stdout: string }).stdout.trim())
  }
}

/** A module without types is `any`, which fits everywhere. Each line here must be an error. */
function typesAreReal(): void {
  const file = join(APP, 'src/wrong.tsx')
  const wrong = [
    'export const a = useRouter().push(5)',
    'export const b = <Stack.Protected guard="yes" />',
    "export const c = <TextInput autoComplete='code' />",
    'export const d = secureStoreStorage({ ...SecureStore, getItemAsync: 5 })',
    'export const e = expoRandomness({ ...Crypto, getRandomBytes: 5 })',
    'export const f = links.listen({ ...Linking, getInitialURL: 5 })',
    'export const g = softwareKeys({ p256: { ...p256, sign: 5 }, storage, randomBytes })',
    'export const h = hardwareKeys({ native: { ...IoCrypto, sign: 5 }, storage })',
    "export const i: NativeIntent['redirectSystemPath'] = redirectLinks({ open: 5 })",
  ]
  const fine = [
    "import * as IoCrypto from '@pagopa/io-react-native-crypto'",
    "import { p256 } from '@noble/curves/nist.js'",
    "import * as Crypto from 'expo-crypto'",
    "import * as Linking from 'expo-linking'",
    "import { Stack, useRouter, type NativeIntent } from 'expo-router'",
    "import * as SecureStore from 'expo-secure-store'",
    "import { TextInput } from 'react-native'",
    "import { expoRandomness, hardwareKeys, redirectLinks, secureStoreStorage, softwareKeys } from '@latchkey/expo'",
    "import { links } from './latchkey'",
    'const storage = secureStoreStorage(SecureStore)',
    'const { randomBytes } = expoRandomness(Crypto)',
    'links.listen(Linking)',
    "export const intent: NativeIntent['redirectSystemPath'] = redirectLinks(links)",
  ]
  const expected = wrong.flatMap((line) => ['// @ts-expect-error', line])
  writeFileSync(file, [...fine, ...expected].join('\n'))
  tsc(APP)
  rmSync(file)
}

/** Expo compiles app.config.ts alone and runs it in Node: an import that only a bundler resolves fails there. */
function configLoads(): void {
  cpSync(join(EXAMPLE, 'package.json'), join(APP, 'package.json'))
  const { getConfig } = createRequire(resolve(APP, 'package.json'))('@expo/config') as {
    getConfig: (root: string, options: object) => { exp: { name: string } }
  }
  try {
    // The plugins run below: not all that the example names are installed for the check.
    getConfig(resolve(APP), { skipPlugins: true })
  } catch (error) {
    throw new Plain(`Expo cannot load ${EXAMPLE}/app.config.ts: ${(error as Error).message}`)
  }
}

async function pluginWrites(): Promise<void> {
  const options = {
    issuer: 'https://auth.example.com',
    appLinkOrigin: 'https://open.example.com',
    scheme: 'myapp',
  }
  const written = await nativeProject(APP, options)
  const wanted = {
    associatedDomains: [
      'applinks:auth.example.com',
      'applinks:open.example.com',
      'webcredentials:auth.example.com',
    ],
    // Expo adds the bundle's identifier.
    iosSchemes: ['myapp', 'com.example.app'],
    androidLinks: ['https://auth.example.com/link/*', 'https://open.example.com/link/*', 'myapp:'],
  }
  const androidLinks = written.androidLinks.toSorted()
  if (!isDeepStrictEqual({ ...written, androidLinks }, wanted)) {
    throw new Plain(`the plugin wrote ${JSON.stringify(written, null, 2)}`)
  }
}
