// quesnay operations: what is published in a database, by the command as a person runs it.
import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startCommand } from '../support/command.ts'
import { freshDatabase, type TestDatabase } from '../support/database.ts'

const directory = mkdtempSync(join(tmpdir(), 'quesnay-operations-'))
let database: TestDatabase
beforeAll(async () => {
  database = await freshDatabase()
})
afterAll(async () => {
  await database.drop()
  rmSync(directory, { recursive: true, force: true })
})

const quesnay = (...args: string[]) =>
  startCommand(['operations', ...args], { DATABASE_URL: database.url, QUESNAY_DATA: join(directory, 'data') }).ended

const body = 'query Runs { runs(first: 5) { edges { node { id } } } }'
const operation = { id: createHash('sha256').update(body).digest('hex'), name: 'Runs', type: 'query', body }
function manifest(name: string, ...operations: unknown[]): string {
  const file = join(directory, name)
  writeFileSync(file, JSON.stringify({ format: 'apollo-persisted-query-manifest', version: 1, operations }))
  return file
}

describe('quesnay operations', () => {
  it('publishes a manifest once, lists it, and takes it back', async () => {
    const file = manifest('first.json', operation)
    expect(await quesnay('publish', file)).toMatchObject({ code: 0, out: 'published 1 of 1 operation(s)\n' })
    expect(JSON.parse((await quesnay('publish', file, '--json')).out)).toEqual({ published: 0, known: 1 })
    expect((await quesnay('list')).out).toMatch(new RegExp(`Runs +query +${operation.id} +\\d{4}-\\d\\d-\\d\\dT`))
    const { operations } = JSON.parse((await quesnay('list', '--json')).out)
    expect(operations).toEqual([{ ...operation, sha256: operation.id, publishedAt: expect.stringMatching(/Z$/) }])
    expect(await quesnay('remove', file)).toMatchObject({ code: 0, out: 'removed 1 of 1 operation(s)\n' })
    expect(JSON.parse((await quesnay('list', '--json')).out)).toEqual({ operations: [] })
  })

  it('publishes nothing of a manifest that has a fault, and says where it is', async () => {
    const { code, err } = await quesnay(
      'publish',
      manifest('faulty.json', operation, { ...operation, id: 'b', name: 'Other' }),
    )
    expect(code).not.toBe(0)
    expect(err).toContain('operations.1 (Other): the body is called Runs')
    expect(JSON.parse((await quesnay('list', '--json')).out)).toEqual({ operations: [] })
  })
})
