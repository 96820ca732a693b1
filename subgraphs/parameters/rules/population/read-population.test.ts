// Data sets read from files: the same data whatever the format, and every fault by column and row.
import { Table, tableToIPC, vectorFromArray } from 'apache-arrow'
import { parquetWriteBuffer } from 'hyparquet-writer'
import { describe, expect, it } from 'vitest'
import { mappingsOf, requireRuleSet } from '../rule-set/shipped.ts'
import { dataShape } from './data-shape.ts'
import type { MappingGiven } from './mapping.ts'
import { populationHash } from './population-hash.ts'
import { readPopulation } from './read-population.ts'

const shape = dataShape(requireRuleSet('us-federal', 'ruleSet'))
const TAXCALC = mappingsOf(requireRuleSet('us-federal', 'ruleSet')).find(({ name }) => name === 'taxcalc')!
const given = (more: Partial<MappingGiven> = {}): MappingGiven => ({
  mappings: [],
  preset: null,
  identifier: null,
  ...more,
})
const read = (csv: string, more: Partial<MappingGiven> = {}) => readPopulation(Buffer.from(csv), shape, given(more))
const codes = async (csv: string, more: Partial<MappingGiven> = {}) =>
  (await read(csv, more)).findings.map(({ severity, code, path }) => `${severity[0]} ${code} ${path}`)

describe('readPopulation', () => {
  const units = {
    MARS: [1, 2, 4, 1],
    e00200p: [50_000.25, 0, 1e-3, 123_456_789.125],
    e00200s: [0, 30_000, 0, 0],
    s006: [100.5, 200, 0, 1],
    fips: ['ca', 'NY', 'Texas', 'CA'],
  }
  const states = [
    { value: 6, texts: ['CA'] },
    { value: 36, texts: ['NY'] },
    { value: 48, texts: ['TX', 'Texas'] },
  ]
  const how = given({ preset: TAXCALC, mappings: [{ column: 'state', codes: states }] })
  const names = Object.keys(units) as (keyof typeof units)[]
  const rows = units.MARS.map((_, row) => names.map((name) => units[name][row]))
  const csv = [names, ...rows].map((row) => row.join(',')).join('\n')

  it('gives the same data of CSV, Arrow and Parquet', async () => {
    const arrow = new Table(Object.fromEntries(names.map((name) => [name, vectorFromArray(units[name])])))
    const parquet = parquetWriteBuffer({ columnData: names.map((name) => ({ name, data: units[name] })) })
    const files = [Buffer.from(csv), tableToIPC(arrow, 'stream'), tableToIPC(arrow, 'file'), new Uint8Array(parquet)]
    const versions = []
    for (const file of files) {
      const { data, findings } = await readPopulation(file, shape, how)
      expect(findings).toEqual([])
      expect(data!.columns['state']).toEqual(Float64Array.of(6, 36, 48, 6))
      expect(data!.columns['wages[head]']).toEqual(Float64Array.from(units.e00200p))
      versions.push(populationHash(data!.columns))
    }
    expect(new Set(versions).size).toBe(1)
  })

  it('knows where columns came from, and finds those of equal name whatever their spelling', async () => {
    const { data } = await read('Filing Status,wages_head,WEIGHT\n2,1,3\n')
    expect(data).toMatchObject({
      rows: 1,
      format: 'CSV',
      sources: { 'filing status': 'Filing Status', 'wages[head]': 'wages_head', weight: 'WEIGHT' },
    })
  })

  it('reads scale, constants, truth and empty cells', async () => {
    const { data, findings } = await read('s006,blind,kids\n150,TRUE,\n50,0,NA\n', {
      mappings: [
        { column: 'weight', from: 's006', factor: 0.01 },
        { column: 'blind[head]', from: 'blind' },
        { column: 'children under 18', from: 'kids', default: 2 },
        { column: 'filing status', value: 4 },
      ],
    })
    expect(data!.columns).toMatchObject({
      weight: Float64Array.of(1.5, 0.5),
      'blind[head]': Float64Array.of(1, 0),
      'children under 18': Float64Array.of(2, 2),
      'filing status': Float64Array.of(4, 4),
    })
    expect(data!.missing).toMatchObject({ 'children under 18': 2, weight: 0 })
    expect(findings).toMatchObject([
      { severity: 'WARNING', code: 'CELLS_EMPTY', path: 'kids', message: '2 empty cells were read as 2' },
    ])
  })

  it('takes a negative zero for a zero, so that equal data have equal bits', async () => {
    const [one, other] = await Promise.all([read('interest,weight\n-0,1\n'), read('interest,weight\n0,1\n')])
    expect(populationHash(one.data!.columns)).toBe(populationHash(other.data!.columns))
  })

  it('names each cell that is at fault, and reads nothing of the file', async () => {
    const text = ['MARS,e00200p,s006', '9,1,1', '1.5,-1,1', 'x,1e400,-2', ''].join('\n')
    const { data, findings } = await read(text, { preset: TAXCALC })
    expect(data).toBeNull()
    expect(findings.map(({ code, path }) => `${code} ${path}`)).toEqual([
      'OUT_OF_RANGE row:1:MARS',
      'NOT_WHOLE row:2:MARS',
      'OUT_OF_RANGE row:2:e00200p',
      'NOT_A_NUMBER row:3:MARS',
      'NOT_A_NUMBER row:3:e00200p',
      'WEIGHT_NEGATIVE row:3:s006',
    ])
    expect(findings.every(({ severity, suggestion }) => severity === 'ERROR' && suggestion)).toBe(true)
  })

  it('lists ten faults of a kind in a column and counts the others', async () => {
    const { findings } = await read(`interest,weight\n${'-1,1\n'.repeat(1_000)}`)
    expect(findings).toHaveLength(11)
    expect(findings.at(-1)).toMatchObject({ code: 'OUT_OF_RANGE', path: 'interest', message: /^990 more/ })
  })

  it.each([
    [
      'an unknown column of the rule set',
      { mappings: [{ column: 'wage[head]', from: 'a' }] },
      'E COLUMN_UNKNOWN columns.0.column',
    ],
    [
      'an array without its element',
      { mappings: [{ column: 'wages', from: 'a' }] },
      'E COLUMN_UNKNOWN columns.0.column',
    ],
    [
      'an unknown column of the file',
      { mappings: [{ column: 'interest', from: 'b' }] },
      'E SOURCE_UNKNOWN columns.0.from',
    ],
    [
      'a factor of 0',
      { mappings: [{ column: 'interest', from: 'a', factor: 0 }] },
      'E FACTOR_INVALID columns.0.factor',
    ],
    [
      'a constant out of range',
      { mappings: [{ column: 'filing status', value: 7 }] },
      'E OUT_OF_RANGE columns.0.value',
    ],
    [
      'a column mapped twice',
      { mappings: ['a', 'weight'].map((from) => ({ column: 'interest', from })) },
      'E COLUMN_TWICE columns.1.column',
    ],
    ['an identifier that is not there', { identifier: 'id' }, 'E SOURCE_UNKNOWN identifier'],
  ])('says that %s cannot be', async (_, more, finding) => {
    expect(await codes('a,weight\n1,1\n', more)).toContain(finding)
  })

  it('suggests elements of an array and names that are alike', async () => {
    const { findings } = await read('intrest,weight\n1,1\n', { mappings: [{ column: 'wages', from: 'intrest' }] })
    expect(findings).toMatchObject([
      { code: 'COLUMN_UNKNOWN', suggestion: 'name an element: "wages[head]", "wages[spouse]"' },
      { code: 'COLUMN_UNUSED', severity: 'WARNING', path: 'intrest', suggestion: /"interest"/ },
    ])
  })

  it.each([
    ['a text without codes', 'state,weight\nCA,1\n', {}, 'E NOT_A_NUMBER row:1:state'],
    [
      'a text that is no code',
      'state,weight\nXX,1\n',
      { mappings: [{ column: 'state', codes: states }] },
      'E CODE_UNKNOWN row:1:state',
    ],
    ['units that stand twice', 'id,weight\n1,1\n2,1\n1,1\n', { identifier: 'id' }, 'E UNIT_TWICE row:3:id'],
    [
      'totals that do not add up',
      'e00200,e00200p,e00200s,s006\n3,1,2,1\n4,1,2,1\n',
      { preset: TAXCALC },
      'E TOTAL_DIFFERS row:2:e00200',
    ],
    ['links that fall', 'household,weight\n1,1\n3,1\n2,1\n', {}, 'E LINKS_FALL row:3:household'],
    ['weights that are all 0', 'weight\n0\n0\n', {}, 'E WEIGHTS_ZERO row:1:weight'],
    ['a column that stands twice and is meant', 'interest,interest,weight\n1,2,1\n', {}, 'E SOURCE_TWICE interest'],
    ['a file without rows', 'weight\n', {}, 'E NO_ROWS file'],
    ['no weights', 'interest\n1\n', {}, 'W UNWEIGHTED weight'],
  ])('finds %s', async (_, text, more, finding) => {
    expect(await codes(text, more)).toEqual([finding])
  })

  it('takes the factor of a preset, and of the mapping beside it', async () => {
    const preset = { ...TAXCALC, inputs: [{ theirs: 'thousands', ours: 'interest', factor: 1000 }] }
    const text = 'thousands,weight\n2,1\n'
    expect((await read(text, { preset })).data!.columns['interest']).toEqual(Float64Array.of(2000))
    const mappings = [{ column: 'interest', factor: 3 }]
    expect((await read(text, { preset, mappings })).data!.columns['interest']).toEqual(Float64Array.of(6000))
  })

  it('takes totals that differ by rounding to cents', async () => {
    expect(await codes('e00200,e00200p,e00200s,s006\n3.01,1.004,2.004,1\n', { preset: TAXCALC })).toEqual([])
  })

  it('misses a column that has no default', async () => {
    const strict = { ...shape, columns: shape.columns.map((c) => (c.name === 'state' ? { ...c, default: null } : c)) }
    const { findings } = await readPopulation(Buffer.from('weight\n1\n'), strict, given())
    expect(findings).toMatchObject([{ severity: 'ERROR', code: 'COLUMN_MISSING', path: 'state' }])
    const empty = await readPopulation(Buffer.from('weight,state\n1,\n'), strict, given())
    expect(empty.findings).toMatchObject([{ severity: 'ERROR', code: 'VALUE_MISSING', path: 'row:1:state' }])
  })

  it('reads null, NaN and large whole numbers of Arrow and Parquet as what they are', async () => {
    const data = [
      { name: 'interest', data: [1, null, Number.NaN] },
      { name: 'state', data: [6n, 36n, 2n ** 60n] },
      { name: 'weight', data: [1, 1, 1] },
    ]
    const { findings } = await readPopulation(new Uint8Array(parquetWriteBuffer({ columnData: data })), shape, given())
    expect(findings.map(({ code, path }) => `${code} ${path}`)).toEqual([
      'NOT_A_NUMBER row:3:state',
      'CELLS_EMPTY interest',
    ])
  })
})
