import { fileURLToPath } from 'node:url'
import { defineConfig, type TestProjectInlineConfiguration } from 'vitest/config'
import base from '../../vitest.config.ts'

const [workers] = base.test!.projects as TestProjectInlineConfiguration[]

const root = fileURLToPath(new URL('../..', import.meta.url))

// Vitest's type lists the names that the tests ask for.
const provide: object = { mutationEndpoint: process.env.MUTATION_ENDPOINT }

/** The project `workers`, with the driver as its only test. */
export default defineConfig({
  root,
  test: {
    reporters: ['dot'],
    silent: true,
    maxWorkers: 1,
    tags: base.test!.tags!,
    globalSetup: './test/support/node/global-setup.ts',
    // Most of a start is spent on compiling modules, which rarely change.
    experimental: { fsModuleCache: true, fsModuleCachePath: '../modules' },
    dangerouslyIgnoreUnhandledErrors: true,
    projects: [
      {
        ...workers,
        root,
        test: {
          ...workers!.test,
          include: ['scripts/mutation/driver.ts'],
          provide,
        },
      },
    ],
  },
})
