import { fileURLToPath } from 'node:url'

/**
 * The environment variables for wrangler. With them, wrangler sends nothing to the internet, and passes no variables
 * of the shell to the Worker, so that a developer's own AWS keys cannot reach it.
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
    // Wrangler's debug log in the home directory would contain the paths of links, and so sealed links.
    WRANGLER_WRITE_LOGS: 'false',
  }
}

/** Wrangler's own script, to run with `process.execPath`. Its wrapper would be one more process to end. */
export const WRANGLER = fileURLToPath(
  import.meta.resolve('../node_modules/wrangler/wrangler-dist/cli.js'),
)
