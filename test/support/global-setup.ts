// Runs once before all tests: starts the bundled PostgreSQL that test/support/database.ts makes databases on.
import type { TestProject } from 'vitest/node'
import { startBundledServer } from './postgres.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** Administrator's URL of the bundled PostgreSQL of this run. */
    readonly postgresUrl: string
  }
}

export default async function setup({ provide }: TestProject): Promise<() => Promise<void>> {
  const server = await startBundledServer()
  provide('postgresUrl', server.url)
  return () => server.remove()
}
