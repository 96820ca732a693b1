// The store of parameters with a tree as large as the largest known: 55,000 parameters, 94,000 values, in the bundled PostgreSQL.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { silentLog } from '../../infra/log.ts'
import { startBundled } from '../../infra/store/bundled.ts'
import { migrate } from '../../infra/store/migrate.ts'
import { openStore } from '../../infra/store/open.ts'
import type { Store } from '../../infra/store/port.ts'
import { differencesOn } from '../../subgraphs/parameters/rules/history/difference.ts'
import type { DatedValue, Parameter, Tree } from '../../subgraphs/parameters/rules/tree.ts'
import { ParametersStore } from '../../subgraphs/parameters/store.ts'
import { type Bench, type Figure, medianSeconds } from './bench.ts'

const PARAMETERS = 55_000
const ROUNDS = 5
/** Values written with a statement each, as the peer. */
const ONE_BY_ONE = 2_000
const TENANT = 'local'

const source = { name: 'made up', licence: 'CC0-1.0', retrieved: '2026-11-01' }

/** Seven of ten have a second value; some have no limit and hold since ever, as imported ones do. */
function bigTree(): Tree {
  const value = (from: string, amount: number): DatedValue => ({ from, known: '2000-01-01', values: [amount] })
  const parameter = (i: number): Parameter => ({
    id: `gov.states.s${i % 50}.tax.income.credits.c${Math.floor(i / 50)}.amount_${i}`,
    label: `Amount ${i} of the state ${i % 50}`,
    kind: 'NUMBER',
    unit: 'USD',
    period: 'year',
    by: 'NONE',
    references: [{ title: `State tax code, section ${i}`, href: `https://example.org/law/${i}` }],
    source,
    origin: null,
    expected: [0, Number.POSITIVE_INFINITY],
    values: [
      value('0000-01-01', i % 50 === 0 ? Number.POSITIVE_INFINITY : i * 1.25),
      ...(i % 10 < 7 ? [value(`20${10 + (i % 20)}-01-01`, i * 1.5)] : []),
    ],
  })
  const parameters = Array.from({ length: PARAMETERS }, (_, i) => parameter(i)).sort((a, b) => (a.id < b.id ? -1 : 1))
  const frame = { title: 'Big', country: 'USA', currency: 'USD', from: '0000-01-01', to: '2035-12-31', source }
  return { id: 'big', ...frame, nodes: [], scales: [], parameters }
}

async function run(): Promise<readonly Figure[]> {
  const directory = mkdtempSync(join(tmpdir(), 'quesnay-bench-'))
  const database = await startBundled(directory, silentLog)
  const sql = await openStore(database.url, { log: silentLog })
  try {
    await migrate(sql)
    return await measure(sql, await ParametersStore.open(sql))
  } finally {
    await sql.close()
    await database.stop()
    rmSync(directory, { recursive: true, force: true })
  }
}

async function measure(sql: Store, store: ParametersStore): Promise<readonly Figure[]> {
  const tree = bigTree()
  const write = await medianSeconds(1, () => store.saveTree(TENANT, tree, 'bench'))
  const values = tree.parameters.reduce((sum, { values }) => sum + values.length, 0)
  const single = (await medianSeconds(1, () => writeOneByOne(sql, tree))) * (values / ONE_BY_ONE)
  const coldTree = await medianSeconds(1, () => store.fullTrees(TENANT, [tree.id]))
  const [stored] = await store.fullTrees(TENANT, [tree.id])
  const warmTree = await medianSeconds(ROUNDS, () => store.fullTrees(TENANT, [tree.id]))
  const coldLaw = await medianSeconds(1, () => store.law(TENANT, stored!, { date: '2025-01-01' }))
  const warmLaw = await medianSeconds(ROUNDS, () => store.law(TENANT, stored!, { date: '2025-01-01' }))
  const view = { parameters: stored!.parameters, changes: [] }
  let one = 0
  const figures: [string, number, number][] = [
    ['write', write, single],
    ['write-value-by-value', single, single],
    [
      'read-one',
      await medianSeconds(ROUNDS, () => store.parametersById(TENANT, [tree.parameters[one++ * 999]!.id])),
      coldTree,
    ],
    ['read-all', coldTree, coldTree],
    ['read-all-again', warmTree, coldTree],
    ['law-on-a-day', coldLaw, coldLaw],
    ['law-on-a-day-again', warmLaw, coldLaw],
    [
      'two-days-compared',
      await medianSeconds(ROUNDS, () => differencesOn(view, view, '2015-01-01', '2025-01-01')),
      coldTree,
    ],
    [
      'search',
      await medianSeconds(ROUNDS, () => store.parameterPage(TENANT, { words: ['amount', '4711'] }, 50)),
      coldTree,
    ],
    ['children', await medianSeconds(ROUNDS, () => children(store)), coldTree],
    ['set-a-value', await medianSeconds(ROUNDS, () => setValue(store, tree.parameters[one++ * 999]!.id)), write],
  ]
  return figures.map(([name, seconds, peer]) => ({
    name: `parameters.${name}`,
    value: Math.round(seconds * 100_000) / 100,
    unit: 'ms',
    ratio: Math.round((seconds / peer) * 10_000) / 10_000,
  }))
}

/** In one transaction, into a table like that of values. */
const writeOneByOne = (sql: Store, tree: Tree) =>
  sql.transaction(async ({ query }) => {
    await query('create temporary table one_by_one (like parameters.parameter_value including all) on commit drop')
    const rows = tree.parameters.flatMap(({ id, values }) => values.map((value) => ({ id, ...value })))
    for (const { id, from, known, values } of rows.slice(0, ONE_BY_ONE))
      await query(
        'insert into one_by_one (tenant, parameter_id, valid_from, known_from, cells) values ($1, $2, $3, $4, $5::float8[])',
        [TENANT, id, from, known, `{${values.join(',')}}`],
      )
  })

const children = (store: ParametersStore) =>
  store.children(TENANT, [{ treeId: 'big', prefix: '', node: 'gov.states', first: 50, after: undefined }])

const setValue = (store: ParametersStore, id: string) =>
  store.saveParameters(TENANT, {
    treeId: 'big',
    parameters: [{ id, values: [{ from: '2035', value: 1, source: 'a law' }] }],
    scales: [],
    note: { author: 'bench', message: 'a value' },
    today: '2026-11-01',
    dryRun: false,
  })

export const parametersBench: Bench = { name: 'parameters', run }
