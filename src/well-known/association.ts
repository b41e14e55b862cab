import type { Config } from '../base/config.ts'

/**
 * `apple-app-site-association`: the apps that may open `/link/…`, and that may save passwords and passkeys for this
 * host (Apple, "Supporting associated domains").
 */
export const appleAssociation = ({ APPLE_APP_IDS }: Config) => ({
  applinks: {
    details:
      APPLE_APP_IDS.length === 0
        ? []
        : [{ appIDs: APPLE_APP_IDS, components: [{ '/': '/link/*' }] }],
  },
  webcredentials: { apps: APPLE_APP_IDS },
})

/** `assetlinks.json` (Digital Asset Links): one statement for each package, with all its fingerprints. */
export function assetLinks({ ANDROID_APPS }: Config) {
  const apps = Map.groupBy(ANDROID_APPS, (app) => app.split('=')[0]!)
  return [...apps].map(([package_name, items]) => ({
    relation: [
      'delegate_permission/common.handle_all_urls',
      'delegate_permission/common.get_login_creds',
    ],
    target: {
      namespace: 'android_app',
      package_name,
      sha256_cert_fingerprints: [...new Set(items.map((item) => item.split('=')[1]!))],
    },
  }))
}
