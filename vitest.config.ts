import { cloudflareTest } from '@cloudflare/vitest-plugin'
import { availableParallelism } from 'node:os'
import { defineConfig } from 'vitest/config'
import { quietRuntime } from './test/support/node/quiet-runtime.ts'
import { workerBindings } from './test/support/node/worker-bindings.ts'

// Wrangler would read a .env file of the developer's into the Worker.
process.env.CLOUDFLARE_LOAD_DEV_VARS_FROM_DOT_ENV = 'false'

quietRuntime()

/** Everything else mirrors src/ and runs inside workerd. */
const IN_NODE = [
  'test/{back-ends,bench,dev,docs,scripts}/**/*.test.ts',
  'test/{hostile,packages,torture}/**/*.node.test.ts',
]
/** What needs all that `npm run dev` starts, or a browser. */
const E2E = ['test/e2e/**/*.test.ts', 'test/docs/readme.test.ts']

/** A busy CI machine may make a test late once. A test of something that is broken fails twice. */
const retry = process.env.CI ? 1 : 0

export default defineConfig({
  test: {
    reporters: ['dot', './test/support/node/counts-reporter.ts'],
    // What a test prints is shown when it fails.
    silent: 'passed-only',
    // Tests wait much, for DynamoDB Local and for each other's processes: two workers leave 0.8 of two cores idle.
    maxWorkers: Math.max(3, availableParallelism() - 1),
    tags: [{ name: 'long', description: 'Shortened in `npm test`, whole in `npm run test:long`.' }],
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
              // For test/send/failover.test.ts: Cloudflare's own simulation of its Email Service.
              email: { send_email: [{ name: 'EMAIL_OF_RUNTIME' }] },
            },
          })),
        ],
        // LATCHKEY_LONG, which `npm run test:long` sets, for test/support/workers/size.ts.
        envPrefix: 'LATCHKEY_',
        test: {
          name: 'workers',
          include: ['test/**/*.test.ts'],
          exclude: [...IN_NODE, ...E2E],
          isolate: false,
          retry,
          testTimeout: 20_000,
        },
      },
      {
        test: {
          name: 'node',
          include: IN_NODE,
          exclude: E2E,
          retry,
          testTimeout: 90_000,
        },
      },
      {
        test: {
          name: 'e2e',
          include: E2E,
          globalSetup: './test/e2e/setup.ts',
          retry,
          testTimeout: 60_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
})
