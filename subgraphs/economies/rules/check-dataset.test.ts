// What an import must hold to: each fault by its place.
import { describe, expect, it } from 'vitest'
import { checkDataset, type DatasetSpec, isAcceptable, type SeriesSpec } from './check-dataset.ts'

const series = (name: string, more: Partial<SeriesSpec> = {}): SeriesSpec => ({
  name,
  role: null,
  label: name,
  unit: 'USD bn',
  kind: 'FLOW',
  priceBasis: 'CURRENT',
  precision: null,
  origin: 'made for a test',
  licence: 'CC0',
  retrieved: '2024-12-31',
  ...more,
})
const spec = (all: SeriesSpec[], more: Partial<DatasetSpec> = {}): DatasetSpec => ({
  id: 'test@1',
  title: 'Test',
  frequency: 'QUARTERLY',
  incomeMeasure: 'GDP',
  governmentScope: 'CONSUMPTION',
  discrepancy: null,
  series: all,
  ...more,
})
const faults = (description: DatasetSpec, csv: string) =>
  checkDataset(description, csv).findings.map((f) => `${f.code} ${f.path}`)
const GOOD = 'period,gdp,c\n2024-Q1,1,2\n2024-Q2,3,4\n'
const both = [series('gdp', { role: 'GDP' }), series('c', { role: 'C' })]

describe('checkDataset', () => {
  it('reads columns by period, whatever the order of the rows', () => {
    const { columns, findings } = checkDataset(spec(both), 'period,c,gdp\n2024-Q2,4,3\n2024-Q1,2,1\n')
    expect(findings).toEqual([])
    expect(columns).toEqual([
      { name: 'gdp', periods: ['2024-Q1', '2024-Q2'], values: [1, 3] },
      { name: 'c', periods: ['2024-Q1', '2024-Q2'], values: [2, 4] },
    ])
  })

  it('leaves an empty cell missing and does not read it as 0', () => {
    expect(checkDataset(spec(both), 'period,gdp,c\n2024-Q1,,2\n').columns[0]).toEqual({
      name: 'gdp',
      periods: [],
      values: [],
    })
  })

  it('lists every broken row with its line and column', () => {
    const csv = 'period,gdp,c\n2024-Q1,1,abc\n2024-Q5,1,2\n2024-Q1,1,2\n2024-Q2,NaN,2\n2024-Q3,1\n'
    expect(faults(spec(both), csv)).toEqual([
      'CSV_FIELDS csv:6',
      'PERIOD_INVALID csv:3:period',
      'PERIOD_TWICE csv:4:period',
      'VALUE_INVALID csv:5:gdp',
      'VALUE_INVALID csv:2:c',
    ])
  })

  it('refuses a text without rows, and an empty one', () => {
    expect(faults(spec(both), 'period,gdp,c\n')).toEqual(['NO_ROWS csv'])
    expect(faults(spec(both), '')).toContain('CSV_EMPTY csv:1')
  })

  it('refuses a column that nothing describes, and misses one that is described', () => {
    expect(faults(spec(both), 'period,gdp,z\n2024-Q1,1,2\n')).toEqual([
      'CSV_COLUMN_MISSING csv:1:c',
      'CSV_COLUMN_UNKNOWN csv:1:z',
    ])
  })

  it('refuses periods of another frequency', () => {
    expect(faults(spec(both, { frequency: 'ANNUAL' }), 'period,gdp,c\n2024-Q1,1,2\n')).toEqual([
      'PERIOD_INVALID csv:2:period',
    ])
  })

  it('refuses two series of one role: parts and totals do not add', () => {
    expect(faults(spec([both[0]!, series('c', { role: 'GDP' })]), GOOD)).toEqual(['ROLE_TWICE series.1.role'])
  })

  it('refuses chain volumes, rates and stocks in the identity', () => {
    const chained = [both[0]!, series('c', { role: 'C', priceBasis: 'CHAIN_VOLUME' })]
    expect(faults(spec(chained), GOOD)).toEqual(['CHAIN_VOLUMES_DO_NOT_ADD series.1.priceBasis'])
    expect(faults(spec([both[0]!, series('c', { role: 'C', kind: 'RATE' })]), GOOD)).toContain(
      'NOT_A_FLOW series.1.kind',
    )
  })

  it('takes chain volumes and rates where they have no part in the identity', () => {
    const free = [both[0]!, series('c', { priceBasis: 'CHAIN_VOLUME', kind: 'RATE', unit: '%' })]
    expect(faults(spec(free), GOOD)).toEqual([])
  })

  it('refuses series of the identity in different units or of different kinds', () => {
    expect(faults(spec([both[0]!, series('c', { role: 'C', unit: 'USD million' })]), GOOD)).toEqual([
      'UNIT_MISMATCH series.1.unit',
    ])
    expect(faults(spec([both[0]!, series('c', { role: 'C', kind: 'FLOW_AT_ANNUAL_RATE' })]), GOOD)).toEqual([
      'KIND_MISMATCH series.1.kind',
    ])
  })

  it('names faults of the description by their argument', () => {
    const wrong = [series('1x', { unit: ' ', retrieved: '2024-02-30', precision: 0 })]
    expect(faults(spec(wrong, { id: 'no version' }), 'period,1x\n2024-Q1,1\n')).toEqual([
      'ID_INVALID datasetId',
      'NAME_INVALID series.0.name',
      'UNIT_MISSING series.0.unit',
      'DATE_INVALID series.0.retrieved',
      'PRECISION_INVALID series.0.precision',
    ])
    expect(faults(spec([]), 'period\n2024-Q1\n')).toEqual(['NO_SERIES series'])
    expect(faults(spec([both[0]!, both[0]!]), 'period,gdp\n2024-Q1,1\n')).toContain('NAME_TWICE series.1.name')
  })

  it('warns of periods that are passed over, and accepts the rest', () => {
    const { findings } = checkDataset(spec(both), 'period,gdp,c\n2023-Q4,1,2\n2024-Q3,3,4\n')
    expect(findings).toMatchObject([
      { severity: 'WARNING', code: 'PERIODS_MISSING', message: '2 periods are missing between 2023-Q4 and 2024-Q3' },
    ])
    expect(isAcceptable(findings)).toBe(true)
  })
})
