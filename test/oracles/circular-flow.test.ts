// Known answers of the circular flow: the shipped figures of Australia and the United States, and the file they carry over.
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import type { SeriesRole } from '../../schema/terms/economy.ts'
import { deriveCircularFlow, type FlowOptions } from '../../subgraphs/economies/rules/circular-flow.ts'
import { aggregateFrame, type FlowFrame, periodsOf, valueAt } from '../../subgraphs/economies/rules/frame.ts'
import { summariseImbalances } from '../../subgraphs/economies/rules/imbalance.ts'
import { readShipped } from '../../subgraphs/economies/seed.ts'
import { frameOf } from '../support/flow-frame.ts'
import { lacksSharedData, sharedData } from '../support/shared-data.ts'

const us = frameOf(await readShipped('us-circular-flow'))
const au = frameOf(await readShipped('au-circular-flow'))

const flowsOf = (frame: FlowFrame, from = '', options: FlowOptions = {}) =>
  periodsOf(frame)
    .filter((period) => period >= from)
    .map((period) => deriveCircularFlow(frame, period, options))

const counts = (frame: FlowFrame, from?: string) =>
  summariseImbalances(flowsOf(frame, from)).total.breaches.map(({ periods }) => periods)

describe('the circular flow of Australia', () => {
  it('has 241 quarters, of which 189 from 1972-Q3 on', () => {
    expect(periodsOf(au)).toHaveLength(241)
    expect([periodsOf(au)[0], periodsOf(au).at(-1)]).toEqual(['1959-Q3', '2019-Q3'])
    expect(flowsOf(au, '1972-Q3')).toHaveLength(189)
  })

  it('is out of balance by 0.81 % on average and at most by 5.636 %, in 1973-Q3', () => {
    const { complete, total } = summariseImbalances(flowsOf(au, '1972-Q3'))
    expect(complete).toBe(189)
    expect(total.meanAbsolutePct).toBeCloseTo(0.81, 2)
    expect(total.maxAbsolutePct).toBeCloseTo(5.636, 3)
    expect(total.maxPeriod).toBe('1973-Q3')
  })

  it('exceeds 1, 2, 5 and 10 % in 47, 15, 1 and 0 quarters', () => {
    expect(counts(au, '1972-Q3')).toEqual([47, 15, 1, 0])
  })

  it('balances exactly before 1972-Q3, where exports are derived', () => {
    expect(flowsOf(au).filter(({ period, gap }) => period < '1972-Q3' && gap !== 0)).toEqual([])
  })

  it('gives the flows of 2019-Q3, whose gap is the statistical discrepancy', () => {
    const flow = deriveCircularFlow(au, '2019-Q3')
    expect(flow.components).toMatchObject({ Y: 503597, C: 275640, I: 87257, G: 122534, X: 126869, M: 106279 })
    expect(flow.gap).toBe(-2424)
    expect(flow.explained).toEqual({
      statisticalDiscrepancy: -2424,
      netPrimaryIncome: null,
      corporateSaving: null,
      rounding: 0,
    })
    expect(flow.unexplained).toBe(0)
  })

  it('leaves nothing unexplained in any quarter', () => {
    expect(flowsOf(au).filter(({ unexplained }) => unexplained !== 0)).toEqual([])
  })
})

describe('the circular flow of the United States', () => {
  it('has 228 quarters from 1968-Q1 to 2024-Q4', () => {
    expect(periodsOf(us)).toHaveLength(228)
    expect([periodsOf(us)[0], periodsOf(us).at(-1)]).toEqual(['1968-Q1', '2024-Q4'])
  })

  it('measured on income exceeds 1, 2, 5 and 10 % in 157, 91, 2 and 0 quarters', () => {
    expect(counts(us)).toEqual([157, 91, 2, 0])
  })

  it('is worst in 1993-Q1 with 5.958 %', () => {
    const { total } = summariseImbalances(flowsOf(us))
    expect(total.maxAbsolutePct).toBeCloseTo(5.958, 3)
    expect(total.maxPeriod).toBe('1993-Q1')
  })

  it('explains every gap by the statistical discrepancy and rounding', () => {
    expect(flowsOf(us).filter(({ unexplained }) => unexplained !== 0)).toEqual([])
  })

  it('measured on product balances to rounding, and the discrepancy explains none of it', () => {
    const flows = flowsOf(us, '', { incomeMeasure: 'GDP' })
    expect(flows.filter(({ gapPctOfInjections }) => Math.abs(gapPctOfInjections!) > 0.001)).toEqual([])
    expect(flows.every(({ explained }) => explained!.statisticalDiscrepancy === 0)).toBe(true)
  })

  it('takes a year of figures at annual rate as the mean of its quarters, and not as their sum', () => {
    const quarters = ['2024-Q1', '2024-Q2', '2024-Q3', '2024-Q4'].map((q) => valueAt(us, 'GDP', q)!)
    const mean = quarters.reduce((a, b) => a + b, 0) / 4
    expect(valueAt(aggregateFrame(us, 'ANNUAL'), 'GDP', '2024')).toBe(mean)
    expect(mean).toBeGreaterThan(29_000)
    expect(mean).toBeLessThan(30_000)
  })
})

describe('a year of Australian figures', () => {
  it('is the sum of its quarters, and the year cut short at 2019-Q3 has no value', () => {
    const annual = aggregateFrame(au, 'ANNUAL')
    const quarters = ['2018-Q1', '2018-Q2', '2018-Q3', '2018-Q4'].map((q) => valueAt(au, 'GDP', q)!)
    expect(valueAt(annual, 'GDP', '2018')).toBe(quarters.reduce((a, b) => a + b, 0))
    expect(valueAt(annual, 'GDP', '2019')).toBeUndefined()
  })
})

describe.skipIf(lacksSharedData('economies'))('the shipped figures', () => {
  const rowsOf = (file: string) => {
    const [head, ...lines] = readFileSync(sharedData('economies', file), 'utf8').trim().split('\n')
    const names = head!.trim().split(',')
    return lines.map((line) =>
      Object.fromEntries(
        line
          .trim()
          .split(',')
          .map((cell, i) => [names[i]!, cell]),
      ),
    )
  }

  const cases: [string, FlowFrame, string, string, Record<string, SeriesRole>][] = [
    [
      'the United States',
      us,
      'us_circular_flow_quarterly.csv',
      'imbalance_pct_gdi',
      {
        GDP_E: 'GDP',
        GDI: 'GDI',
        C: 'C',
        I: 'I',
        G: 'G',
        X: 'X',
        M: 'M',
        SD: 'STATISTICAL_DISCREPANCY',
        disposable_income: 'DISPOSABLE_INCOME',
        personal_saving: 'HOUSEHOLD_SAVING',
        personal_tax: 'PERSONAL_TAX',
        federal_receipts: 'GOVERNMENT_RECEIPTS',
      },
    ],
    [
      'Australia',
      au,
      'au_circular_flow_quarterly.csv',
      'imbalance_pct_of_injections',
      {
        Y: 'GDP',
        C: 'C',
        I: 'I',
        G: 'G',
        X: 'X',
        M: 'M',
        SD: 'STATISTICAL_DISCREPANCY',
        household_disposable_income: 'DISPOSABLE_INCOME',
        household_net_saving: 'HOUSEHOLD_SAVING',
      },
    ],
  ]

  it.each(cases)('of %s carry over every figure of the source', (_, frame, file, __, roles) => {
    const rows = rowsOf(file)
    expect(rows.map((row) => row['period'])).toEqual(periodsOf(frame))
    for (const row of rows)
      for (const [column, role] of Object.entries(roles))
        expect(valueAt(frame, role, row['period']!), `${row['period']} ${column}`).toBeCloseTo(Number(row[column]), 9)
  })

  it.each(cases)('of %s give the imbalances that the source states, to its four decimals', (_, frame, file, column) => {
    for (const row of rowsOf(file)) {
      const percent = deriveCircularFlow(frame, row['period']!).gapPctOfInjections!
      expect(Math.abs(percent - Number(row[column])), row['period']).toBeLessThan(6e-5)
    }
  })
})
