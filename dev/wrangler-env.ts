import { fileURLToPath } from 'node:url'

/**
 * The environment that wrangler runs in. It calls nobody on the internet, and takes no variable of the
 * Worker's from the shell: a developer's own AWS keys would else reach it.
 */
export function wranglerEnv(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const kept = Object.entries(env).filter(([name]) => !name.startsWith('AWS_'))
  return {
    ...Object.fromEntries(kept),
    CLOUDFLARE_CF_FETCH_ENABLED: 'false',
    CLOUDFLARE_INCLUDE_PROCESS_ENV: 'false',
    CLOUDFLARE_LOAD_DEV_VARS_FROM_DOT_ENV: 'false',
    WRANGLER_SEND_METRICS: 'false',
    WRANGLER_SEND_ERROR_REPORTS: 'false',
    WRANGLER_HIDE_BANNER: 'true',
    // Its debug log in the home directory would hold the paths of links, tokens and all.
    WRANGLER_WRITE_LOGS: 'false',
  }
}

/** Wrangler without its wrapper, which would be one more process to end. Run it with `process.execPath`. */
export const WRANGLER = fileURLToPath(
  import.meta.resolve('../node_modules/wrangler/wrangler-dist/cli.js'),
)
