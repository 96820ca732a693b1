// The migration of parameters to every kind: what an older version stored is there afterwards, and can be written to.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { silentLog } from '../../infra/log.ts'
import { migrations } from '../../infra/migrations/index.ts'
import { migrate } from '../../infra/store/migrate.ts'
import { openStore } from '../../infra/store/open.ts'
import type { Store } from '../../infra/store/port.ts'
import { snapshotHashOf } from '../../subgraphs/parameters/rules/tree.ts'
import { ParametersStore } from '../../subgraphs/parameters/store.ts'
import { freshDatabase, type TestDatabase } from '../support/database.ts'

let database: TestDatabase
let sql: Store
let store: ParametersStore

const before = migrations.slice(
  0,
  migrations.findIndex(({ name }) => name.startsWith('ParameterKinds')),
)

beforeAll(async () => {
  database = await freshDatabase()
  sql = await openStore(database.url, { log: silentLog })
  await migrate(sql, { migrations: before })
  await sql.query(`
    insert into parameters.tree (tenant, id, title, country, currency, covers_from, covers_to, source, scales, snapshot_hash, file_sha256)
      values ('local', 'old', 'Old', 'USA', 'USD', '2018-01-01', '2026-12-31', '{"name":"s","licence":"l","retrieved":"2026-01-01"}',
        '[{"id":"a.scale","label":"Brackets","count":1}]', 'older hash', 'older file');
    insert into parameters.parameter (tenant, tree_id, id, label, unit, period, vector, law_references, source, origin, expected_least, expected_greatest)
      values ('local', 'old', 'a.scale.1.rate', 'Rate', 'fraction', null, 'NONE', '{"26 U.S.C. 1","26 U.S.C. 2"}', '{"name":"s","licence":"l","retrieved":"2026-01-01"}', 'II_rt1', 0, 1),
             ('local', 'old', 'a.flag', 'Flag', 'boolean', null, 'NONE', '{}', '{"name":"s","licence":"l","retrieved":"2026-01-01"}', null, 0, 1);
    insert into parameters.parameter_value (tenant, parameter_id, valid_from, known_from, cells, source)
      values ('local', 'a.scale.1.rate', '2018-01-01', '2017-12-22', '{0.1}', 'Public Law 115-97'),
             ('local', 'a.flag', '2018-01-01', '2018-01-01', '{1}', null);
    insert into parameters.reform (tenant, id, tree_id, title, changes, snapshot_hash, created_at)
      values ('local', 'r', 'old', 'R', '[{"parameter":"a.scale.1.rate","from":"2026-01-01","to":null,"values":[0.2]}]', 'h', '2026-01-01');`)
  await migrate(sql)
  store = await ParametersStore.open(sql)
})
afterAll(async () => {
  await sql?.close()
  await database?.drop()
})

describe('what an older version stored', () => {
  it('is there with its days as text, its kinds, its references and its scale', async () => {
    const [tree] = await store.fullTrees('local', ['old'])
    expect(tree).toMatchObject({
      from: '2018-01-01',
      to: '2026-12-31',
      scales: [{ id: 'a.scale', label: 'Brackets', count: 1, kind: 'MARGINAL_RATE', style: 'TOPS' }],
      nodes: [],
    })
    expect(tree?.parameters).toMatchObject([
      { id: 'a.flag', kind: 'BOOLEAN', references: [], values: [{ values: [1] }] },
      {
        id: 'a.scale.1.rate',
        kind: 'NUMBER',
        references: [{ title: '26 U.S.C. 1' }, { title: '26 U.S.C. 2' }],
        origin: 'II_rt1',
        values: [{ from: '2018-01-01', known: '2017-12-22', values: [0.1], source: 'Public Law 115-97' }],
      },
    ])
  })

  it('keeps its reforms', async () => {
    expect(await store.reformsById('local', ['r'])).toMatchObject([
      { formulas: [], commitHash: null, snapshotHash: 'h' },
    ])
  })

  it('is loaded anew from the shipped file at the next start', async () => {
    expect(await store.hasTree('local', 'older file')).toBe(false)
  })

  it('has the hash of its figures after the first write', async () => {
    const saved = await store.saveParameters('local', {
      treeId: 'old',
      parameters: [{ id: 'a.scale.1.rate', values: [{ from: '2026', value: 0.12, source: 'a law' }] }],
      scales: [],
      note: { author: 'a', message: 'm' },
      today: '2026-11-01',
      dryRun: false,
    })
    expect(saved).toMatchObject({ saved: true, findings: [] })
    const [tree] = await store.fullTrees('local', ['old'])
    expect(tree?.snapshotHash).toBe(snapshotHashOf(tree!))
  })
})

describe('the way back', () => {
  it('gives the older tables what they can hold, and forth again', async () => {
    const down = [...migrations].slice(before.length).reverse()
    for (const Migration of down) await new Migration().down({ query: (text: string) => sql.query(text) } as never)
    const names = down.map(({ name }) => name)
    await sql.query('delete from quesnay.migrations where name = any($1)', [names])
    expect(await sql.query('select scales, covers_to::text as to from parameters.tree')).toEqual([
      { scales: [{ id: 'a.scale', label: 'Brackets', count: 1 }], to: '2026-12-31' },
    ])
    expect(await sql.query(`select law_references from parameters.parameter where id = 'a.scale.1.rate'`)).toEqual([
      { law_references: ['26 U.S.C. 1', '26 U.S.C. 2'] },
    ])
    expect(await migrate(sql)).toEqual([...names].reverse())
    expect((await store.fullTrees('local', ['old']))[0]?.parameters).toHaveLength(2)
  })
})
