import { createRequire } from 'node:module'
import { defineConfig } from 'vitest/config'

/** Tests of processes that are killed, starved or flooded: one file after the other, when all others are through. */
const ALONE = [
  'test/{fault,chaos,fuzz}/**/*.test.ts',
  'test/e2e/{workers,services,observability,fleet-commands}.test.ts',
]

export default defineConfig({
  test: {
    projects: [
      {
        extends: true,
        test: {
          name: 'together',
          include: ['test/**/*.test.ts', '{schema,infra,compute,subgraphs,gateway,cli}/**/*.test.ts'],
          exclude: ALONE,
          maxWorkers: 2,
          sequence: { groupOrder: 0 },
        },
      },
      { extends: true, test: { name: 'alone', include: ALONE, maxWorkers: 1, sequence: { groupOrder: 1 } } },
    ],
    globalSetup: ['test/support/global-setup.ts'],
    setupFiles: ['test/support/setup.ts'],
    testTimeout: 120_000,
    hookTimeout: 240_000,
    // What is waited for comes late on a busy machine; it is looked for every 50 ms.
    expect: { poll: { timeout: 20_000 } },
  },
  // graphql ships twice; without this the tests' own imports get the copy that its dependents do not use.
  resolve: { alias: [{ find: /^graphql$/, replacement: createRequire(import.meta.url).resolve('graphql') }] },
})
