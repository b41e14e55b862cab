import type { ExpoConfig } from 'expo/config'
import { APP_LINK_ORIGIN, APP_SCHEME, ISSUER } from './src/settings.ts'

const config: ExpoConfig = {
  name: 'Latchkey example',
  slug: 'latchkey-example',
  version: '1.0.0',
  orientation: 'default',
  userInterfaceStyle: 'automatic',
  ios: { bundleIdentifier: 'com.example.app', supportsTablet: true },
  android: { package: 'com.example.app' },
  plugins: [
    'expo-router',
    // It also keeps the items out of Android's backups, where they would be useless.
    'expo-secure-store',
    [
      '@latchkey/expo',
      {
        issuer: ISSUER,
        scheme: APP_SCHEME,
        ...(APP_LINK_ORIGIN && { appLinkOrigin: APP_LINK_ORIGIN }),
      },
    ],
  ],
}

export default config
