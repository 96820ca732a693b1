import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { systemClock } from '../../infra/clock.ts'
import { silentLog } from '../../infra/log.ts'
import { packageFile } from '../../infra/paths.ts'
import type { Store } from '../../infra/store/port.ts'
import { countSql } from '../../test/support/count-sql.ts'
import { freshStore, type TestStore } from '../../test/support/database.ts'
import { aParameter, aTree, dated } from '../../test/support/parameters.ts'
import { askSmall, HIGHER_ALLOWANCE } from '../../test/support/small-population.ts'
import { lawOn } from './rules/overlay.ts'
import { readTree } from './rules/read-tree.ts'
import { treeFiles } from './rules/rule-set/shipped.ts'
import { snapshotHashOf } from './rules/tree.ts'
import { seedParameters } from './seed.ts'
import type { PopulationRunRow, ReformRow } from './store/rows.ts'
import { ParametersStore } from './store.ts'

let database: TestStore
let store: ParametersStore

const read = (name: string) => readFileSync(packageFile('subgraphs', 'parameters', 'data', name), 'utf8')
const file = read('us-federal.yaml')
const shipped = readTree(file)
const trees = treeFiles().map((name) => readTree(read(name)))
const everyId = trees.flatMap(({ parameters }) => parameters.map(({ id }) => id)).sort()
const seed = (into: ParametersStore, tenant: string) =>
  seedParameters(into, { clock: systemClock, log: silentLog }, tenant)

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
  it.each(trees)('stores the shipped tree $id as the file has it, to the last value', async (shipped) => {
    const [tree] = await store.fullTrees('local', [shipped.id])
    const { snapshotHash, ...stored } = tree!
    expect({ ...stored, parameters: stored.parameters.map(({ treeId: _tree, ...rest }) => rest) }).toEqual(shipped)
    expect(snapshotHash).toBe(snapshotHashOf(shipped))
    expect(snapshotHashOf(stored)).toBe(snapshotHash)
  })

  it('asks one question for each file and writes nothing where the file is loaded already', async () => {
    const counted = countSql(database.store)
    const second = await ParametersStore.open(counted.store)
    counted.take()
    await seed(second, 'local')
    const statements = counted.take()
    expect(statements).toHaveLength(trees.length)
    for (const statement of statements) expect(statement).toMatch(/^select/i)
  })

  it('is safe when several processes do it at once', async () => {
    await Promise.all(Array.from({ length: 4 }, () => seed(store, 'crowd')))
    const rows = await database.store.query<{ n: number }>(
      `select count(*)::int as n from parameters.parameter where tenant = 'crowd'`,
    )
    expect(rows[0]?.n).toBe(everyId.length)
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
      expect(totalCount).toBe(everyId.length)
      seen.push(...rows.slice(0, 30).map((row) => row.id))
      if (rows.length <= 30) break
    }
    expect(seen).toEqual(everyId)
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
    const row: PopulationRunRow = {
      tenant: 'local',
      questionHash: 'q',
      runId: 'run-1',
      reformIds: ['asked', 'other'],
      ruleSetId: 'small',
      ruleSetHash: 'r',
      populationId: 'us-example-1000',
      dataVersion: 'd',
      year: 2026,
      reading: askSmall([HIGHER_ALLOWANCE]).plan.reading,
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

describe('trees of a tenant', () => {
  const figures = (value: number) => [aParameter('gov.rate', [dated('2020-01-01', value)])]
  const idsOf = async (tree: string) =>
    (await store.parameterPage('trees', { treeId: tree }, 10)).rows.map((row) => row.id)

  it('are written with as many statements however many values they have', async () => {
    const texts: string[] = []
    const counting: Store = {
      ...database.store,
      transaction: (work) =>
        database.store.transaction((sql) =>
          work({
            ...sql,
            query: (text, values) => {
              texts.push(text)
              return sql.query(text, values)
            },
          }),
        ),
    }
    const counted = await ParametersStore.open(counting)
    const statements = async (count: number) => {
      const parameters = Array.from({ length: count }, (_, i) =>
        aParameter(`many.p${i}`, [dated('2020-01-01', i), dated('2021-01-01', i + 1)]),
      )
      texts.length = 0
      await counted.saveTree('many', aTree('many', parameters), String(count))
      return texts.length
    }
    const few = await statements(10)
    expect(await statements(2_000)).toBe(few)
    expect((await store.parameterPage('many', {}, 1)).totalCount).toBe(2_000)
  })

  it('have ids of their own in the graph where another had them first, and keep them', async () => {
    await store.saveTree('trees', aTree('first', figures(1)), 'a')
    await store.saveTree('trees', aTree('second', figures(2)), 'b')
    expect([await idsOf('first'), await idsOf('second')]).toEqual([['gov.rate'], ['second/gov.rate']])
    await store.saveTree('trees', aTree('first', figures(3)), 'c')
    await store.saveTree('trees', aTree('second', figures(4)), 'd')
    expect([await idsOf('first'), await idsOf('second')]).toEqual([['gov.rate'], ['second/gov.rate']])
    const trees = await store.fullTrees('trees', ['first', 'second'])
    expect(trees.map((tree) => tree.parameters.map(({ id, values }) => [id, values[0]?.values[0]]))).toEqual([
      [['gov.rate', 3]],
      [['gov.rate', 4]],
    ])
  })

  it('never take a parameter from another', async () => {
    const both = [...figures(1), aParameter('texts.other', [dated('2020-01-01', 1)])]
    await store.saveTree('trees', aTree('third', [aParameter('texts.other', [dated('2020-01-01', 9)])]), 'h')
    await expect(store.saveTree('trees', aTree('first', both), 'i')).rejects.toMatchObject({
      code: 'ALREADY_EXISTS',
      message: 'texts.other is a parameter of the tree third',
    })
    expect([await idsOf('first'), await idsOf('third')]).toEqual([['gov.rate'], ['texts.other']])
  })

  it('lose nothing where two write at once', async () => {
    await store.saveTree('trees', aTree('busy', [aParameter('busy.rate', [dated('2020-01-01', 1)])]), 'e')
    const write = (year: number) =>
      store.saveParameters('trees', {
        treeId: 'busy',
        parameters: [
          { id: 'busy.rate', values: [{ from: String(year), value: year }] },
          { id: `busy.made_${year}`, label: 'Made', unit: 'USD', values: [{ from: '2020', value: 1 }] },
        ],
        scales: [],
        note: { author: 'a', message: `of ${year}` },
        today: '2026-11-01',
        dryRun: false,
      })
    const answers = await Promise.all([2021, 2022, 2023, 2024].map(write))
    expect(answers.map((answer) => answer?.saved)).toEqual([true, true, true, true])
    const [tree] = await store.fullTrees('trees', ['busy'])
    expect(tree?.parameters).toHaveLength(5)
    expect(tree?.parameters.find(({ id }) => id === 'busy.rate')?.values).toHaveLength(5)
    expect(tree?.snapshotHash).toBe(snapshotHashOf(tree!))
    expect((await store.treeLog('trees', 'busy', 10)).totalCount).toBe(5)
  })

  it('hold values since ever, without a limit and ceased, as they are', async () => {
    const values = [
      dated('0000-01-01', Number.NEGATIVE_INFINITY),
      dated('2020-01-01', 0.1 + 0.2),
      dated('2021-01-01', Number.MIN_VALUE),
      { ...dated('2022-01-01'), ceased: true as const },
      { ...dated('2023-01-01', Number.POSITIVE_INFINITY), derived: true as const, source: 'an index' },
    ]
    await store.saveTree('trees', aTree('odd', [aParameter('odd.value', values)]), 'f')
    expect((await store.parametersById('trees', ['odd.value']))[0]?.values).toEqual(values)
  })

  it('hold texts with quotes, commas, braces and line breaks', async () => {
    const text = 'a "quoted", {braced} \\ text\nof two lines'
    const node = {
      id: 'texts',
      label: text,
      description: text,
      breakdown: ['a,b', '{"c"}', ''],
      metadata: { [text]: [text, null] },
    }
    const parameter = aParameter('texts.one', [{ ...dated('2020-01-01'), content: [text, '', 'x'] }], {
      kind: 'LIST',
      label: text,
      references: [{ title: text, href: text }],
      metadata: { note: text },
    })
    const tree = aTree('texts', [parameter], { nodes: [node] })
    await store.saveTree('trees', tree, 'g')
    const [stored] = await store.fullTrees('trees', ['texts'])
    expect(stored?.nodes).toEqual([node])
    const { treeId: _tree, ...rest } = stored!.parameters[0]!
    expect(rest).toEqual(parameter)
  })
})
