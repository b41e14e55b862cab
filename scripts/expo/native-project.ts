import { createRequire } from 'node:module'
import { resolve } from 'node:path'

/** What an app's native projects would have, as far as the plugin is about it. */
export type NativeProject = {
  associatedDomains: string[]
  iosSchemes: string[]
  /** `https://host/link/*` of verified intent filters, and `scheme:` of others. */
  androidLinks: string[]
}

type Attributes = { $: Record<string, string> }
type Filter = { $?: Record<string, string>; data?: Attributes[] }
type Config = Record<string, unknown> & {
  _internal: {
    projectRoot: string
    modResults?: {
      ios: {
        infoPlist: { CFBundleURLTypes?: { CFBundleURLSchemes: string[] }[] }
        entitlements: Record<string, string[]>
      }
      android: { manifest: { manifest: { application: { activity: Activity[] }[] } } }
    }
  }
}
type Activity = Attributes & { 'intent-filter'?: Filter[] }
type Mod = (config: Config) => Config
type ConfigPlugins = {
  withPlugins: (config: Config, plugins: [name: string, options: unknown][]) => Config
  compileModsAsync: (config: Config, options: object) => Promise<Config>
  IOSConfig: { Scheme: { withScheme: Mod }; Entitlements: { withAssociatedDomains: Mod } }
  AndroidConfig: {
    Scheme: { withScheme: Mod }
    IntentFilters: { withAndroidIntentFilters: Mod }
  }
}

/**
 * Runs the plugin by its name, as `npx expo prebuild` does, with the real `@expo/config-plugins`: on the templates of
 * the native projects, without writing them.
 * @param root a folder whose `node_modules` have `@latchkey/expo`.
 */
export async function nativeProject(root: string, options: unknown): Promise<NativeProject> {
  const require = createRequire(resolve(root, 'package.json'))
  const expo = require('@expo/config-plugins') as ConfigPlugins
  const projectRoot = resolve(root)
  const app: Config = {
    name: 'app',
    slug: 'app',
    ios: { bundleIdentifier: 'com.example.app' },
    android: { package: 'com.example.app' },
    _internal: { projectRoot },
  }
  // Twice: a plugin may be run again on what it has written.
  const named: [string, unknown] = ['@latchkey/expo', options]
  // In the order of `expo prebuild`, because the last one is run first.
  const mods = [
    expo.IOSConfig.Scheme.withScheme,
    expo.IOSConfig.Entitlements.withAssociatedDomains,
    expo.AndroidConfig.IntentFilters.withAndroidIntentFilters,
    expo.AndroidConfig.Scheme.withScheme,
  ]
  const config = mods.reduce((before, mod) => mod(before), expo.withPlugins(app, [named, named]))
  const flags = { projectRoot, introspect: true, platforms: ['ios', 'android'] }
  const { ios, android } = (await expo.compileModsAsync(config, flags))._internal.modResults!
  const filters = android.manifest.manifest.application
    .flatMap(({ activity }) => activity)
    .flatMap((activity) => activity['intent-filter'] ?? [])
  return {
    associatedDomains: ios.entitlements['com.apple.developer.associated-domains'] ?? [],
    iosSchemes: (ios.infoPlist.CFBundleURLTypes ?? []).flatMap((type) => type.CFBundleURLSchemes),
    androidLinks: filters.flatMap(({ $, data = [] }) => data.map((one) => linkOf(one, $))),
  }
}

function linkOf({ $: data }: Attributes, filter: Record<string, string> = {}): string {
  const { 'android:scheme': scheme, 'android:host': host, 'android:pathPrefix': path } = data
  if (filter['android:autoVerify'] !== 'true') return `${scheme}:`
  return `${scheme}://${host}${path}*`
}
