// Imports of prices: each fault by its place.
import { describe, expect, it } from 'vitest'
import { checkInstruments, checkPrices, type InstrumentSpec } from './check-prices.ts'

const known = new Set(['a', 'b'])
const faults = (csv: string) => checkPrices(csv, known).findings.map(({ code, path }) => `${code} ${path}`)

describe('checkPrices', () => {
  it('gathers prices by instrument, dates rising, whatever the order of the rows', () => {
    const { columns, findings } = checkPrices(
      'date,price,instrument\n2024-01-03,2,a\n2024-01-02,5,b\n2024-01-02,1,a\n',
      known,
    )
    expect(findings).toEqual([])
    expect(columns).toEqual([
      { instrumentId: 'a', dates: ['2024-01-02', '2024-01-03'], prices: [1, 2] },
      { instrumentId: 'b', dates: ['2024-01-02'], prices: [5] },
    ])
  })

  it('lists every broken row with its line and column', () => {
    const csv = [
      'instrument,date,price',
      'z,2024-01-02,1',
      'a,2024-02-30,1',
      'a,2024-01-02,x',
      'a,2024-01-02,0',
      'a,2024-01-03,1',
      'a,2024-01-03,2',
      'a,2024-01-04',
    ].join('\n')
    expect(faults(csv)).toEqual([
      'CSV_FIELDS csv:8',
      'INSTRUMENT_UNKNOWN csv:2:instrument',
      'DATE_INVALID csv:3:date',
      'PRICE_INVALID csv:4:price',
      'PRICE_NOT_POSITIVE csv:5:price',
      'DATE_TWICE csv:7:date',
    ])
  })

  it('refuses a price that no money has, whose products might overflow', () => {
    expect(faults('instrument,date,price\na,2024-01-02,1e300\na,2024-01-03,1e-300\na,2024-01-04,1e12')).toEqual([
      'PRICE_OUT_OF_RANGE csv:2:price',
      'PRICE_OUT_OF_RANGE csv:3:price',
    ])
  })

  it('refuses a text without rows, and one without its columns', () => {
    expect(faults('instrument,date,price\n')).toEqual(['NO_ROWS csv'])
    expect(faults('a,b\n1,2\n')).toContain('CSV_COLUMN_MISSING csv:1:price')
  })
})

describe('checkInstruments', () => {
  const good: InstrumentSpec = {
    id: 'new',
    name: 'New',
    assetClass: 'EQUITY',
    currency: 'USD',
    baseCurrency: null,
    economyId: null,
    duration: null,
    convexity: null,
    factors: [],
  }
  const codes = (...instruments: Partial<InstrumentSpec>[]) =>
    checkInstruments(
      instruments.map((one) => ({ ...good, ...one })),
      known,
    ).map(({ code, path }) => `${code} ${path}`)

  it('finds nothing wrong with a share and with an exchange rate', () => {
    expect(codes({}, { id: 'rate', assetClass: 'CURRENCY', baseCurrency: 'AUD' })).toEqual([])
  })

  it('names what is wrong by its argument', () => {
    expect(codes({ id: 'A B', name: ' ', currency: 'usd', economyId: 'US', duration: -1 })).toEqual([
      'ID_INVALID instruments.0.id',
      'NAME_MISSING instruments.0.name',
      'CURRENCY_INVALID instruments.0.currency',
      'ECONOMY_INVALID instruments.0.economyId',
      'DURATION_INVALID instruments.0.duration',
    ])
  })

  it('refuses numbers of an instrument whose products might overflow', () => {
    const factor = { variable: 'gdp', target: 'PRICE' as const, assumed: true, provenance: 'a test' }
    const factors = [{ ...factor, beta: 1e308, gamma: -1e308, standardError: 0 }]
    expect(codes({ duration: 1e10, convexity: -1e10, factors })).toEqual([
      'NUMBER_OUT_OF_RANGE instruments.0.duration',
      'NUMBER_OUT_OF_RANGE instruments.0.convexity',
      'NUMBER_OUT_OF_RANGE instruments.0.factors.0.beta',
      'NUMBER_OUT_OF_RANGE instruments.0.factors.0.gamma',
    ])
  })

  it('wants a base currency of an exchange rate and of nothing else', () => {
    expect(codes({ assetClass: 'CURRENCY' })).toEqual(['BASE_CURRENCY_MISSING instruments.0.baseCurrency'])
    expect(codes({ assetClass: 'CURRENCY', baseCurrency: 'USD' })).toEqual([
      'BASE_CURRENCY_INVALID instruments.0.baseCurrency',
    ])
    expect(codes({ baseCurrency: 'AUD' })).toEqual(['BASE_CURRENCY_UNEXPECTED instruments.0.baseCurrency'])
  })

  it('wants a duration for a factor on the yield, and no negative standard error', () => {
    const factor = {
      variable: 'gdp',
      target: 'YIELD' as const,
      beta: 1,
      gamma: 0,
      standardError: -1,
      assumed: true,
      provenance: 'a test',
    }
    expect(codes({ factors: [factor] })).toEqual([
      'DURATION_MISSING instruments.0.factors.0.target',
      'STANDARD_ERROR_INVALID instruments.0.factors.0.standardError',
    ])
  })

  it('names a factor on what no macro path has, and the variable that was meant', () => {
    const factor = {
      variable: 'gpd',
      target: 'PRICE' as const,
      beta: 1,
      gamma: 0,
      standardError: 0,
      assumed: true,
      provenance: 'a test',
    }
    expect(codes({ factors: [factor] })).toEqual(['VARIABLE_UNKNOWN instruments.0.factors.0.variable'])
    const [finding] = checkInstruments([{ ...good, factors: [factor] }], known)
    expect(finding?.suggestion).toMatch(/did you mean "gdp"/)
  })

  it('refuses an id that stands, and one given twice', () => {
    expect(codes({ id: 'a' }, {}, {})).toEqual([
      'INSTRUMENT_EXISTS instruments.0.id',
      'INSTRUMENT_TWICE instruments.2.id',
    ])
  })
})
