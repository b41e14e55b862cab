import { cloudflareTest } from '@cloudflare/vitest-plugin'
import { defineConfig } from 'vitest/config'
import { workerBindings } from './test/support/node/worker-bindings.ts'

// Wrangler would read a .env file of the developer's into the Worker.
process.env.CLOUDFLARE_LOAD_DEV_VARS_FROM_DOT_ENV = 'false'

/** Everything else mirrors src/ and runs inside workerd. */
const IN_NODE = ['test/{dev,docs,e2e,scripts}/**/*.test.ts', 'test/packages/**/*.node.test.ts']

export default defineConfig({
  test: {
    reporters: ['default', './test/support/node/counts-reporter.ts'],
    // At the root, and the projects without `extends`: else each project starts a database of its own.
    globalSetup: './test/support/node/global-setup.ts',
    projects: [
      {
        plugins: [
          cloudflareTest(({ inject }) => ({
            main: './src/index.ts',
            wrangler: { configPath: './wrangler.toml' },
            miniflare: {
              bindings: workerBindings(inject('faultEndpoint'), inject('inboxEndpoint')),
            },
          })),
        ],
        // LATCHKEY_FLOOD and LATCHKEY_TIMING: how much of the long tests to run.
        envPrefix: 'LATCHKEY_',
        test: {
          name: 'workers',
          include: ['test/**/*.test.ts'],
          exclude: IN_NODE,
          isolate: false,
          testTimeout: 20_000,
        },
      },
      {
        test: {
          name: 'node',
          include: IN_NODE,
          exclude: ['test/e2e/**'],
          testTimeout: 90_000,
        },
      },
      {
        test: {
          name: 'e2e',
          include: ['test/e2e/**/*.test.ts'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
          fileParallelism: false,
        },
      },
    ],
  },
})
