// Expo looks for a config plugin under this name.
export { withLatchkey as default } from './dist/plugin.js'
