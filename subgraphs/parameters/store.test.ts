import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { systemClock } from '../../infra/clock.ts'
import { silentLog } from '../../infra/log.ts'
import { packageFile } from '../../infra/paths.ts'
import { countSql } from '../../test/support/count-sql.ts'
import { freshStore, type TestStore } from '../../test/support/database.ts'
import { noDispatch } from '../../test/support/no-dispatch.ts'
import { lawOn } from './rules/overlay.ts'
import { readTree } from './rules/read-tree.ts'
import { snapshotHashOf } from './rules/tree.ts'
import { seedParameters } from './seed.ts'
import type { ReformRow } from './store/rows.ts'
import { ParametersStore } from './store.ts'

let database: TestStore
let store: ParametersStore

const file = readFileSync(packageFile('subgraphs', 'parameters', 'data', 'us-federal.yaml'), 'utf8')
const shipped = readTree(file)
const seed = (into: ParametersStore, tenant: string) =>
  seedParameters(into, { store: database.store, dispatch: noDispatch, clock: systemClock, log: silentLog }, tenant)

const reform = (fields: Partial<ReformRow> = {}): ReformRow => ({
  tenant: 'local',
  id: 'raise',
  treeId: 'us-federal',
  title: 'Raise',
  description: null,
  changes: [{ parameter: 'us.federal.income_tax.brackets.7.rate', from: '2026-01-01', to: null, values: [0.4] }],
  formulas: [],
  commitHash: null,
  snapshotHash: 'hash',
  createdAt: new Date('2026-11-01T00:00:00Z'),
  ...fields,
})

beforeAll(async () => {
  database = await freshStore()
  store = await ParametersStore.open(database.store)
  await seed(store, 'local')
})
afterAll(() => database.drop())

describe('seedParameters', () => {
  it('stores the shipped tree as the file has it, to the last value', async () => {
    const [tree] = await store.fullTrees('local', ['us-federal'])
    const { snapshotHash, ...stored } = tree!
    expect({ ...stored, parameters: stored.parameters.map(({ treeId: _tree, ...rest }) => rest) }).toEqual(shipped)
    expect(snapshotHash).toBe(snapshotHashOf(shipped))
    expect(snapshotHashOf(stored)).toBe(snapshotHash)
  })

  it('asks one question and writes nothing where the file is loaded already', async () => {
    const counted = countSql(database.store)
    const second = await ParametersStore.open(counted.store)
    counted.take()
    await seed(second, 'local')
    const statements = counted.take()
    expect(statements).toHaveLength(1)
    expect(statements[0]).toMatch(/^select/i)
  })

  it('is safe when several processes do it at once', async () => {
    await Promise.all(Array.from({ length: 4 }, () => seed(store, 'crowd')))
    const rows = await database.store.query<{ n: number }>(
      `select count(*)::int as n from parameters.parameter where tenant = 'crowd'`,
    )
    expect(rows[0]?.n).toBe(82)
  })

  it('replaces the values of an older file, and touches no other tenant', async () => {
    const older = readTree(file.replace('value: 0.37', 'value: 0.396'))
    await store.saveTree('older', older, 'older file')
    await seed(store, 'older')
    const [tree] = await store.fullTrees('older', ['us-federal'])
    expect(tree?.snapshotHash).toBe(snapshotHashOf(shipped))
    expect(lawOn(tree!, '2026-01-01').get('us.federal.income_tax.brackets.7.rate')).toEqual([0.37])
  })

  it('keeps the reforms of a tenant whose tree is loaded anew', async () => {
    await store.saveTree('reformer', shipped, 'older file')
    await store.insertReform(reform({ tenant: 'reformer' }))
    await seed(store, 'reformer')
    expect(await store.reformsById('reformer', ['raise'])).toHaveLength(1)
  })
})

describe('the pages of parameters', () => {
  it('follow each other by id without a gap or a repetition', async () => {
    const seen: string[] = []
    for (let after: string | undefined; ; after = seen.at(-1)) {
      const { rows, totalCount } = await store.parameterPage('local', {}, 30, after)
      expect(totalCount).toBe(82)
      seen.push(...rows.slice(0, 30).map((row) => row.id))
      if (rows.length <= 30) break
    }
    expect(seen).toEqual(shipped.parameters.map((parameter) => parameter.id))
  })

  it('take a prefix as it stands, without wild cards', async () => {
    expect((await store.parameterPage('local', { prefix: 'us.federal.payroll_tax.' }, 50)).totalCount).toBe(8)
    expect((await store.parameterPage('local', { prefix: 'us.federal.%' }, 50)).rows).toEqual([])
    expect((await store.parameterPage('local', { prefix: 'us_federal' }, 50)).rows).toEqual([])
  })

  it('load all values with one query more, however many parameters', async () => {
    const counted = countSql(database.store)
    const counting = await ParametersStore.open(counted.store)
    counted.take()
    await counting.parameterPage('local', {}, 80)
    expect(counted.take()).toHaveLength(3)
  })

  it('are empty for a tenant without figures', async () => {
    expect(await store.parameterPage('nobody', {}, 50)).toEqual({ rows: [], totalCount: 0 })
    expect(await store.parametersById('nobody', ['us.federal.income_tax.brackets.7.rate'])).toEqual([])
  })
})

describe('insertReform', () => {
  it('returns the reform that stands where id and content are the same', async () => {
    const first = await store.insertReform(reform({ id: 'same' }))
    const later = await store.insertReform(reform({ id: 'same', createdAt: new Date('2026-12-01T00:00:00Z') }))
    expect([first.existed, later.existed]).toEqual([false, true])
    expect(later.row.createdAt).toEqual(new Date('2026-11-01T00:00:00Z'))
    expect(later.row.changes).toEqual(reform().changes)
  })

  it.each([
    ['title', { title: 'Other' }],
    ['changes', { changes: [{ ...reform().changes[0]!, values: [0.41] }] }],
    ['description', { description: 'why' }],
  ])('throws ALREADY_EXISTS where the %s differs', async (name, other) => {
    const id = `taken-${name}`
    await store.insertReform(reform({ id }))
    await expect(store.insertReform(reform({ id, ...other }))).rejects.toMatchObject({
      code: 'ALREADY_EXISTS',
      detail: { path: 'input.id' },
    })
  })

  it('lets two tenants use one id', async () => {
    await seed(store, 'other')
    await store.insertReform(reform({ id: 'shared' }))
    expect((await store.insertReform(reform({ id: 'shared', tenant: 'other', title: 'Other' }))).existed).toBe(false)
  })
})

describe('the pages of reforms', () => {
  it('go from the newest to the oldest', async () => {
    await seed(store, 'pages')
    for (const day of ['03', '01', '02'])
      await store.insertReform(
        reform({ tenant: 'pages', id: `r-${day}`, createdAt: new Date(`2026-01-${day}T00:00:00Z`) }),
      )
    const first = await store.reformPage('pages', 2)
    expect([first.totalCount, first.rows.map((row) => row.id)]).toEqual([3, ['r-03', 'r-02', 'r-01']])
    expect((await store.reformPage('pages', 2, 'r-02')).rows.map((row) => row.id)).toEqual(['r-01'])
  })
})

describe('rememberRun', () => {
  it('keeps the latest run of a question and finds the question by its run', async () => {
    await store.insertReform(reform({ id: 'asked' }))
    const row = {
      tenant: 'local',
      questionHash: 'q',
      runId: 'run-1',
      reformId: 'asked',
      populationId: 'us-example-1000',
      year: 2026,
      createdAt: new Date('2026-11-01T00:00:00Z'),
    }
    await store.rememberRun(row)
    expect(await store.runsByQuestion('local', ['q', 'never asked'])).toEqual([row])
    await store.rememberRun({ ...row, runId: 'run-2' })
    expect(await store.runsByQuestion('local', ['q'])).toEqual([{ ...row, runId: 'run-2' }])
    expect(await store.runsById('local', ['run-1', 'run-2'])).toEqual([{ ...row, runId: 'run-2' }])
    expect(await store.runsById('other', ['run-2'])).toEqual([])
  })
})
