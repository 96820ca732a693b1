// Random operations on our own five subgraphs: both executors give the same answers.

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { PROCESS } from '../../schema/caller.ts'
import { freshDatabase, type TestDatabase } from '../support/database.ts'
import { randomOperation } from '../support/federation/random-operation.ts'
import { openGraph, type TestGraph } from '../support/graph.ts'

const OPERATIONS = 250
/** Those tell of one process (the fleet) or of the moment (the audit), compute or take long, and take arguments that are not drawn at random. */
const COMPUTES = /^(calculate|household|populationImpact|fleet|auditLog)/

describe('the graph of the five subgraphs', () => {
  let database: TestDatabase
  let compiled: TestGraph
  let apollo: TestGraph
  beforeAll(async () => {
    database = await freshDatabase()
    compiled = await openGraph({ DATABASE_URL: database.url })
    apollo = await openGraph({ DATABASE_URL: database.url, QUESNAY_EXECUTOR: 'apollo' })
  }, 90_000)
  afterAll(async () => {
    await compiled?.close()
    await apollo?.close()
    await database?.drop()
  })

  it('answers random operations the same by either executor', async () => {
    const { schema } = compiled.embedded.gateway
    const values = { id: ['"USA"', '"AUS"', '"us-federal"', '"nobody"'], economyId: ['"USA"'], first: ['1', '2', '3'] }
    const caller = { tenant: 'local', requestId: 'req-1', principal: PROCESS }
    let answered = 0
    for (let seed = 0; seed < OPERATIONS; seed++) {
      // Conditions that leave a selection empty are answered wrong by the other one.
      const operation = randomOperation(schema, seed, {
        values,
        depth: 4,
        conditions: false,
        roots: (name) => !COMPUTES.test(name),
      })
      if (!operation) continue
      const request = { ...operation, caller }
      const [got, want] = [
        await compiled.embedded.gateway.execute(request),
        await apollo.embedded.gateway.execute(request),
      ]
      expect(plain(got.data), operation.query).toEqual(plain(want.data))
      expect(codes(got.errors), operation.query).toEqual(codes(want.errors))
      answered++
    }
    expect(answered).toBeGreaterThan(OPERATIONS / 2)
  }, 120_000)
})

const plain = (data: unknown): unknown => JSON.parse(JSON.stringify(data ?? null))

/** Which errors there are; one that concerns many places is told once for each by ours, once in all by the other. */
function codes(errors: readonly { readonly extensions?: object }[] | undefined): string[] {
  return [...new Set((errors ?? []).map(({ extensions }) => String((extensions as { code?: unknown })?.code)))].sort()
}
