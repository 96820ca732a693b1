// Populations asked as the gateway asks them, over a real PostgreSQL and the fleet's store: shipped, imported, uprated, deleted.
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { silentLog } from '../../infra/log.ts'
import { sha256 } from '../../schema/hash.ts'
import { type Answer, type Asking, ask, askEntity, askForErrors } from '../../test/support/ask.ts'
import { openFleet, type TestFleet } from '../../test/support/fleet.ts'
import { manualClock } from '../../test/support/manual-clock.ts'
import { openSubgraph, type Subgraph } from '../shared/subgraph.ts'
import { PART_BYTES } from './resolvers/upload.ts'
import { populationHash } from './rules/population/population-hash.ts'
import { EXAMPLE_POPULATION_ID, shippedPopulation } from './rules/population/shipped.ts'
import { parameters } from './subgraph.ts'

let fleet: TestFleet
let subgraph: Subgraph
const clock = manualClock()

beforeAll(async () => {
  fleet = await openFleet()
  subgraph = await openSubgraph(parameters, { store: fleet.store, dispatch: fleet.dispatch, clock, log: silentLog })
  await subgraph.seed('local')
})
afterAll(() => fleet?.close())

const IMPORT = `mutation ($input: ImportPopulationInput!) { importPopulation(input: $input) {
  imported units population { id title year units weightsTotal dataVersion origin unit source licence links { entity column } }
  findings { severity code path } } }`
const UPLOAD = 'mutation ($input: UploadPartInput!) { uploadPart(input: $input) { sha256 parts missing } }'
const DELETE = 'mutation ($id: ID!) { deletePopulation(input: { id: $id }) { id uprated } }'

const send = async (input: object, asking: Asking = {}): Promise<Answer> =>
  (await ask(subgraph, IMPORT, { ...asking, variables: { input: { title: 'Mine', year: 2024, ...input } } }))
    .importPopulation
const refused = (input: object) =>
  askForErrors(subgraph, IMPORT, { variables: { input: { title: 'Mine', year: 2024, ...input } } })
const population = async (id: string, fields: string, asking: Asking = {}): Promise<Answer> =>
  (await ask(subgraph, `query ($id: ID!) { population(id: $id) { ${fields} } }`, { ...asking, variables: { id } }))
    .population
const count = async (table: string, tenant = 'local') =>
  (await fleet.store.query<{ n: number }>(`select count(*)::int as n from ${table} where tenant = $1`, [tenant]))[0]!.n

const CSV = 'RECID,MARS,e00200p,e00200s,s006\n1,1,50000,0,100.5\n2,2,30000,20000,200\n3,4,10000,0,0\n'
const MINE = { csv: CSV, preset: 'taxcalc' }

describe('populations that are shipped', () => {
  it('are listed without being made', async () => {
    const { populations } = await ask(subgraph, '{ populations { id units year origin ruleSet { id } unit licence } }')
    expect(populations.map(({ id }: { id: string }) => id)).toEqual(['us-example-1000', 'us-synthetic'])
    expect(populations[1]).toMatchObject({
      units: 280_005,
      origin: 'GENERATED',
      ruleSet: { id: 'us-federal' },
      unit: 'tax unit',
    })
    expect(await count('parameters.population')).toBe(0)
  })

  it('are made once, when someone asks for their data, however many ask at the same time', async () => {
    const asked = await Promise.all(
      Array.from({ length: 4 }, () =>
        population(EXAMPLE_POPULATION_ID, 'dataVersion weightsTotal createdAt links { entity }'),
      ),
    )
    expect(new Set(asked.map((each) => JSON.stringify(each))).size).toBe(1)
    const columns = await shippedPopulation(EXAMPLE_POPULATION_ID)!.make([])
    expect(asked[0]).toMatchObject({ dataVersion: populationHash(columns), links: [] })
    expect(await count('parameters.population')).toBe(1)
    // Columns that are equal, such as children and credit children, are one blob.
    const distinct = new Set(Object.values(columns).map((values) => sha256(new Uint8Array(values.buffer))))
    expect(await count('fleet.blob')).toBe(distinct.size)
  })

  it('are made anew where another generator made them', async () => {
    const before = await population(EXAMPLE_POPULATION_ID, 'dataVersion')
    await fleet.store.query(`update parameters.population set made_by = 'older', data_version = 'old'`)
    expect(await population(EXAMPLE_POPULATION_ID, 'dataVersion')).toEqual(before)
  })

  it('come in other sizes, with figures of each column and no row', async () => {
    const made = await population(
      'us-synthetic-1000',
      'id units weightsTotal links { entity column } columns { name unit label integer min max mean total missing constant source }',
    )
    expect(made).toMatchObject({
      id: 'us-synthetic-1000',
      units: 1000,
      links: [{ entity: 'household', column: 'household' }],
    })
    const byName = new Map<string, Answer>(made.columns.map((column: { name: string }) => [column.name, column]))
    expect(byName.get('filing status')).toMatchObject({
      unit: 'fraction',
      integer: true,
      min: 1,
      constant: null,
      missing: 0,
      source: null,
    })
    expect(byName.get('weight')).toMatchObject({ total: made.weightsTotal, mean: made.weightsTotal / 1000 })
    const wages = byName.get('wages[head]')
    expect(wages.total).toBeCloseTo(wages.mean * made.weightsTotal, 0)
    expect((await population('us-synthetic-1000', 'columns(names: ["wages[head]"]) { name }')).columns).toHaveLength(1)
    expect(await askForErrors(subgraph, '{ population(id: "us-synthetic-999") { id } }')).toMatchObject([
      { code: 'NOT_FOUND', detail: { path: 'id', suggestion: /us-synthetic/ } },
    ])
  })

  it('are resolved for other subgraphs, and paged', async () => {
    expect(await askEntity(subgraph, { __typename: 'Population', id: 'us-synthetic' }, 'units')).toEqual({
      units: 280_005,
    })
    expect(await askEntity(subgraph, { __typename: 'Population', id: 'none' }, 'units')).toBeNull()
    const page = async (after: string | null) =>
      (
        await ask(
          subgraph,
          'query ($after: String) { populationConnection(first: 2, after: $after) { totalCount pageInfo { hasNextPage endCursor } edges { node { id } } } }',
          { variables: { after } },
        )
      ).populationConnection
    const first = await page(null)
    expect([first.totalCount, first.edges.length, first.pageInfo.hasNextPage]).toEqual([3, 2, true])
    const second = await page(first.pageInfo.endCursor)
    expect([...first.edges, ...second.edges].map((edge: Answer) => edge.node.id)).toEqual([
      'us-example-1000',
      'us-synthetic',
      'us-synthetic-1000',
    ])
  })
})

describe('importPopulation', () => {
  it('only checks on a dry run, and stores nothing of a partly bad file', async () => {
    const before = [await count('parameters.population'), await count('fleet.blob')]
    expect(await send({ ...MINE, id: 'mine', dryRun: true })).toEqual({
      imported: false,
      units: 3,
      population: null,
      findings: [],
    })
    const bad = await send({ ...MINE, id: 'mine', csv: `${CSV}3,7,x,0,-1\n` })
    expect(bad).toMatchObject({ imported: false, units: 4, population: null })
    expect(bad.findings.map(({ code, path }: Answer) => `${code} ${path}`)).toEqual([
      'UNIT_TWICE row:4:RECID',
      'OUT_OF_RANGE row:4:MARS',
      'NOT_A_NUMBER row:4:e00200p',
      'WEIGHT_NEGATIVE row:4:s006',
    ])
    expect([await count('parameters.population'), await count('fleet.blob')]).toEqual(before)
  })

  it('imports a file with what is said of it', async () => {
    const outcome = await send({
      ...MINE,
      id: 'mine',
      title: ' My units ',
      source: 'a survey',
      licence: 'CC0-1.0',
      weightFactor: 0.5,
    })
    expect(outcome).toMatchObject({
      imported: true,
      units: 3,
      findings: [],
      population: {
        id: 'mine',
        title: 'My units',
        year: 2024,
        units: 3,
        weightsTotal: 150.25,
        origin: 'IMPORTED',
        unit: 'tax unit',
        source: 'a survey',
        licence: 'CC0-1.0',
      },
    })
    const { columns } = await population('mine', 'columns { name mean constant source missing }')
    expect(columns.map(({ name }: Answer) => name)).toEqual(['filing status', 'wages[head]', 'wages[spouse]', 'weight'])
    expect(columns[1]).toMatchObject({
      source: 'e00200p',
      constant: null,
      mean: (50.25 * 50_000 + 100 * 30_000) / 150.25,
    })
  })

  it('takes the same data twice, from whatever file, and refuses others under the id', async () => {
    const packed = { id: 'mine', preset: 'taxcalc', weightFactor: 0.5, content: gzipSync(CSV).toString('base64') }
    expect(await send(packed)).toMatchObject({
      imported: false,
      population: { title: 'My units' },
      findings: [{ severity: 'INFO', code: 'EXISTED' }],
    })
    const before = await count('fleet.blob')
    expect(await refused({ ...MINE, id: 'mine' })).toMatchObject([
      { code: 'ALREADY_EXISTS', detail: { path: 'input.id', suggestion: /mine@2/ } },
    ])
    expect(await count('fleet.blob')).toBe(before)
    expect(await send({ ...MINE, id: 'mine@2' })).toMatchObject({
      imported: true,
      population: { id: 'mine@2', weightsTotal: 300.5 },
    })
  })

  it('takes codes as given or as shipped', async () => {
    const csv = 'state,status,weight\nCA,single,1\nWyoming,hoh,1\n'
    const columns = [
      { column: 'state', codeList: 'us-states' },
      {
        column: 'filing status',
        from: 'status',
        codes: [
          { text: 'Single', value: 1 },
          { text: 'HOH', value: 4 },
        ],
      },
    ]
    await send({ id: 'coded', csv, columns })
    const coded = await population('coded', 'columns { name min max }')
    expect(coded.columns).toEqual([
      { name: 'filing status', min: 1, max: 4 },
      { name: 'state', min: 6, max: 56 },
      { name: 'weight', min: 1, max: 1 },
    ])
  })

  it.each([
    ['an id that is none', { ...MINE, id: 'My Units' }, 'BAD_INPUT', 'input.id'],
    ['an id that is kept', { ...MINE, id: 'us-synthetic-7' }, 'BAD_INPUT', 'input.id'],
    ['no title', { ...MINE, id: 'x', title: ' ' }, 'BAD_INPUT', 'input.title'],
    ['a year that is none', { ...MINE, id: 'x', year: 24 }, 'BAD_INPUT', 'input.year'],
    ['no file', { id: 'x' }, 'BAD_INPUT', 'input'],
    ['two files', { ...MINE, id: 'x', content: '' }, 'BAD_INPUT', 'input'],
    ['content that is not base 64', { id: 'x', content: 'a*b*c*d*' }, 'BAD_INPUT', 'input.content'],
    ['an unknown rule set', { ...MINE, id: 'x', ruleSet: 'us-fed' }, 'NOT_FOUND', 'input.ruleSet'],
    ['an unknown preset', { ...MINE, id: 'x', preset: 'taxcal' }, 'NOT_FOUND', 'input.preset'],
    [
      'an unknown list of codes',
      { ...MINE, id: 'x', columns: [{ column: 'state', codeList: 'us' }] },
      'NOT_FOUND',
      'input.columns.0.codeList',
    ],
    [
      'codes and a list of them',
      { ...MINE, id: 'x', columns: [{ column: 'state', codeList: 'us-states', codes: [] }] },
      'BAD_INPUT',
      'input.columns.0',
    ],
    ['a file that was not sent', { id: 'x', upload: sha256('x') }, 'NOT_FOUND', 'input.upload'],
  ])('refuses %s', async (_, input, code, path) => {
    expect(await refused(input)).toMatchObject([{ code, detail: { path, suggestion: expect.any(String) } }])
  })

  it('is of one tenant', async () => {
    expect(await askForErrors(subgraph, '{ population(id: "mine") { id } }', { tenant: 'other' })).toMatchObject([
      { code: 'NOT_FOUND' },
    ])
    expect(await send({ ...MINE, id: 'mine' }, { tenant: 'other' })).toMatchObject({
      imported: true,
      population: { weightsTotal: 300.5 },
    })
    expect(await population('mine', 'weightsTotal')).toEqual({ weightsTotal: 150.25 })
  })

  it('can be run over', async () => {
    const input = {
      id: 'raise',
      title: 'Raise',
      tree: 'us-federal',
      changes: [{ parameter: 'us.federal.income_tax.brackets.1.rate', from: '2024', value: 20, unit: 'percent' }],
    }
    await ask(subgraph, 'mutation ($input: CreateReformInput!) { createReform(input: $input) { reform { id } } }', {
      variables: { input },
    })
    const { reform } = await ask(
      subgraph,
      '{ reform(id: "raise") { populationRun(population: "mine", year: 2024) { id } } }',
    )
    await fleet.dispatch.settled('local', reform.populationRun.id)
    const { populationImpact } = await askEntity(
      subgraph,
      { __typename: 'Run', id: reform.populationRun.id },
      'populationImpact { units weightsTotal budget { change } population { id dataVersion } }',
    )
    expect(populationImpact).toMatchObject({ units: 3, weightsTotal: 150.25, population: { id: 'mine' } })
    expect(populationImpact.budget.change).toBeGreaterThan(0)
  })
})

describe('uploadPart', () => {
  // Longer than one part, but few cells: a column that nobody reads.
  const long = Buffer.from(`weight,notes\n${`1,${'x'.repeat(9_000)}\n`.repeat(1_000)}`)
  const hash = sha256(long)
  const part = (i: number, more: object = {}) => ({
    sha256: hash,
    size: long.length,
    part: i,
    content: long.subarray(i * PART_BYTES, (i + 1) * PART_BYTES).toString('base64'),
    ...more,
  })
  const upload = async (input: object, asking: Asking = {}): Promise<Answer> =>
    (await ask(subgraph, UPLOAD, { ...asking, variables: { input } })).uploadPart

  it('takes parts in any order and twice, and the file is imported by its hash', async () => {
    expect(await upload(part(1))).toEqual({ sha256: hash, parts: 2, missing: [0] })
    expect(await upload(part(1))).toEqual({ sha256: hash, parts: 2, missing: [0] })
    expect(await refused({ id: 'long', upload: hash })).toMatchObject([
      { code: 'BAD_INPUT', detail: { path: 'input.upload', missing: [0] } },
    ])
    expect(await upload(part(0))).toEqual({ sha256: hash, parts: 2, missing: [] })
    expect(await send({ id: 'long', upload: hash })).toMatchObject({
      imported: true,
      units: 1000,
      population: { weightsTotal: 1000 },
    })
    expect(await count('parameters.upload_part')).toBe(0)
  })

  it('keeps parts for a day, for their tenant alone', async () => {
    await upload(part(0))
    expect(await upload(part(1), { tenant: 'other' })).toMatchObject({ missing: [0] })
    clock.advance(25 * 3_600_000)
    expect(await upload(part(1))).toMatchObject({ missing: [0] })
    expect(await count('parameters.upload_part', 'other')).toBe(1)
  })

  it('forgets a file that is not what it was said to be', async () => {
    const wrong = sha256('other')
    for (const i of [0, 1]) await upload(part(i, { sha256: wrong }))
    expect(await refused({ id: 'x', upload: wrong })).toMatchObject([
      { code: 'BAD_INPUT', detail: { path: 'input.upload' } },
    ])
    expect(await refused({ id: 'x', upload: wrong })).toMatchObject([{ code: 'NOT_FOUND' }])
  })

  it.each([
    ['a hash that is none', { sha256: 'abc' }, 'BAD_INPUT', 'input.sha256'],
    ['a file that is too long', { size: 2 ** 27 + 1 }, 'LIMIT_EXCEEDED', 'input.size'],
    ['an empty file', { size: 0 }, 'LIMIT_EXCEEDED', 'input.size'],
    ['a part that there is not', { part: 2 }, 'BAD_INPUT', 'input.part'],
    ['a part of another length', { part: 0, content: 'AAAA' }, 'BAD_INPUT', 'input.content'],
    [
      'another size than before',
      { size: long.length - 1, part: 1, content: long.subarray(PART_BYTES, -1).toString('base64') },
      'BAD_INPUT',
      'input.size',
    ],
  ])('refuses %s', async (_, more, code, path) => {
    await upload(part(1))
    expect(await askForErrors(subgraph, UPLOAD, { variables: { input: part(1, more) } })).toMatchObject([
      { code, detail: { path } },
    ])
  })
})

describe('a population carried to another year', () => {
  const UPRATED =
    'id origin year units weightsTotal dataVersion base { id } factors { column factor } columns { name mean max constant }'
  const uprated = async (id: string, args: string): Promise<Answer> =>
    (await population(id, `uprated(${args}) { ${UPRATED} }`)).uprated

  it('is known at once: factors, figures, a version of its own', async () => {
    const by = '[{ unit: "USD", growth: 0.1 }, { columns: ["weight"], factor: 2 }]'
    const [carried, again] = [
      await uprated('mine', `year: 2026, by: ${by}`),
      await uprated('mine', `year: 2026, by: ${by}`),
    ]
    expect(again).toEqual(carried)
    expect(carried).toMatchObject({
      origin: 'UPRATED',
      year: 2026,
      units: 3,
      weightsTotal: 300.5,
      base: { id: 'mine' },
    })
    expect(carried.id).toMatch(/^mine~2026~[0-9a-f]{12}$/)
    expect(carried.factors.map(({ column }: Answer) => column)).toEqual(['wages[head]', 'wages[spouse]', 'weight'])
    const wages = carried.columns.find(({ name }: Answer) => name === 'wages[head]')
    expect(wages.max).toBeCloseTo(50_000 * 1.21, 6)
    expect((await population(carried.id, 'dataVersion')).dataVersion).toBe(carried.dataVersion)
    expect((await uprated('mine', `year: 2027, by: ${by}`)).dataVersion).not.toBe(carried.dataVersion)
  })

  it('is computed when a run needs it', async () => {
    const { id } = await uprated('mine', 'year: 2024, by: [{ columns: ["wages"], factor: 3 }]')
    const { reform } = await ask(
      subgraph,
      `{ reform(id: "raise") { populationRun(population: "${id}", year: 2024) { id } } }`,
    )
    await fleet.dispatch.settled('local', reform.populationRun.id)
    const impact = 'populationImpact { weightsTotal deciles { meanWages weight } }'
    const { populationImpact } = await askEntity(subgraph, { __typename: 'Run', id: reform.populationRun.id }, impact)
    const { meanWages, weight } = populationImpact.deciles
    const total = meanWages.reduce((sum: number, mean: number, i: number) => sum + mean * weight[i], 0)
    expect(total / populationImpact.weightsTotal).toBeCloseTo((3 * (50.25 * 50_000 + 100 * 50_000)) / 150.25, 6)
    const [row] = await fleet.store.query<{ columns: Answer[] }>(
      'select columns from parameters.population where id = $1',
      [id],
    )
    expect(row!.columns.filter(({ values }) => 'base' in values)).toEqual([])
  })

  it('grows by what is shipped for the rule set, or by an index of the law', async () => {
    const shipped = await uprated('mine', 'year: 2025')
    expect(shipped.factors.find(({ column }: Answer) => column === 'wages[head]').factor).toBeCloseTo(1.035, 12)
    const base = 'us.federal.payroll_tax.social_security.wage_base'
    const indexed = await uprated('mine', `year: 2026, by: [{ columns: ["wages"], parameter: "${base}" }]`)
    expect(indexed.factors[0].factor).toBe(184_500 / 168_600)
  })

  it('is the population itself where nothing changes', async () => {
    expect(await uprated('mine', 'year: 2024')).toMatchObject({
      id: 'mine',
      origin: 'IMPORTED',
      base: null,
      factors: [],
    })
  })

  it('is not listed', async () => {
    const { populations } = await ask(subgraph, '{ populations { id } }')
    expect(populations.filter(({ id }: { id: string }) => id.includes('~'))).toEqual([])
  })

  it.each([
    ['carried twice', async () => (await uprated('mine', 'year: 2025')).id, 'year: 2030', 'id'],
    [
      'an index beyond the figures',
      async () => 'mine',
      'year: 2030, by: [{ unit: "USD", parameter: "us.federal.payroll_tax.social_security.wage_base" }]',
      'by.0.parameter',
    ],
    [
      'an index of several values',
      async () => 'mine',
      'year: 2026, by: [{ unit: "USD", parameter: "us.federal.income_tax.standard_deduction.basic" }]',
      'by.0.parameter',
    ],
    ['an entry without factor', async () => 'mine', 'year: 2026, by: [{ unit: "USD" }]', 'by.0'],
  ])('is refused where it is %s', async (_, id, args, path) => {
    const query = `{ population(id: "${await id()}") { uprated(${args}) { id } } }`
    expect(await askForErrors(subgraph, query)).toMatchObject([{ code: 'BAD_INPUT', detail: { path } }])
  })
})

describe('deletePopulation', () => {
  it('deletes the data that no other population has, and what was carried from it', async () => {
    const csv = 'interest,wages_head,weight\n1,7,1\n2,8,3\n'
    await send({ id: 'gone', csv })
    await send({ id: 'stays', csv: csv.replaceAll('interest', 'tips') })
    await population('gone', 'uprated(year: 2026) { id }')
    const before = await count('fleet.blob')
    expect((await ask(subgraph, DELETE, { variables: { id: 'gone' } })).deletePopulation).toEqual({
      id: 'gone',
      uprated: 1,
    })
    expect(await askForErrors(subgraph, '{ population(id: "gone") { id } }')).toMatchObject([{ code: 'NOT_FOUND' }])
    // All three columns are those of the other population.
    expect(await count('fleet.blob')).toBe(before)
    await ask(subgraph, DELETE, { variables: { id: 'stays' } })
    expect(await count('fleet.blob')).toBe(before - 3)
  })

  it.each([
    ['a population that is shipped', 'us-synthetic', 'BAD_INPUT'],
    ['one that is not there', 'none', 'NOT_FOUND'],
  ])('refuses %s', async (_, id, code) => {
    expect(await askForErrors(subgraph, DELETE, { variables: { id } })).toMatchObject([
      { code, detail: { path: 'input.id' } },
    ])
  })

  it('touches no other tenant', async () => {
    expect(await askForErrors(subgraph, DELETE, { variables: { id: 'mine' }, tenant: 'nobody' })).toMatchObject([
      { code: 'NOT_FOUND' },
    ])
    expect(await population('mine', 'units')).toEqual({ units: 3 })
  })
})
