/**
 * Of the Worker, by the names of its variables. `app.config.ts` reads this file too. The defaults are those of
 * `npm run dev`; `EXPO_PUBLIC_` variables replace them when the app is built.
 */
export const ISSUER = process.env.EXPO_PUBLIC_ISSUER ?? 'http://127.0.0.1:8787'
export const APP_LINK_ORIGIN = process.env.EXPO_PUBLIC_APP_LINK_ORIGIN
export const APP_SCHEME = process.env.EXPO_PUBLIC_APP_SCHEME ?? 'latchkey'
