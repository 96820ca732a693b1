// A question of risk: what is submitted, and what makes two questions the same.
import { describe, expect, it } from 'vitest'
import { lower } from '../../../compute/model/lowering/lower.ts'
import { interpret } from '../../../compute/reference/interpret.ts'
import type { PricedInstrument } from './market.ts'
import { riskModel } from './risk-model.ts'
import { type Book, prepareRisk, type RiskAsked } from './risk-question.ts'
import { measureRisk } from './risk-result.ts'
import { DEFAULT_CONVENTIONS } from './value-at-risk.ts'

const days = ['2024-01-01', '2024-01-02', '2024-01-03', '2024-01-04']
const instrument = (id: string, prices: number[], more: Partial<PricedInstrument> = {}): PricedInstrument => ({
  id,
  assetClass: 'EQUITY',
  currency: 'USD',
  baseCurrency: null,
  series: { dates: days.slice(0, prices.length), prices },
  ...more,
})
const A = { instrument: instrument('a', [100, 90, 99, 110]), quantity: 2 }
const B = { instrument: instrument('b', [10, 12, 12, 9]), quantity: -5 }
const book = (...held: Book['held']): Book => ({ portfolioId: 'mine', currency: 'USD', held, rates: [] })
const ASKED: RiskAsked = { confidence: [0.95], horizonDays: 1, window: 1000, conventions: DEFAULT_CONVENTIONS }
const refusal = (path: string) =>
  expect.objectContaining({ code: 'BAD_INPUT', detail: expect.objectContaining({ path }) })

describe('prepareRisk', () => {
  it('values the book and gathers one return a day', () => {
    const { question, inputs, columns } = prepareRisk(book(A, B), ASKED)
    expect(question).toMatchObject({
      asOf: '2024-01-04',
      instruments: ['a', 'b'],
      values: [220, -45],
      observations: 3,
      from: '2024-01-02',
      to: '2024-01-04',
    })
    expect(inputs).toEqual({ 'value of a': 220, 'value of b': -45 })
    expect(columns['return of a']![0]).toBeCloseTo(-0.1, 12)
  })

  it('is computed by a model without time, whose total is the sum of its parts', () => {
    const { question, inputs, columns } = prepareRisk(book(A, B), ASKED)
    const plan = lower(riskModel(question.instruments, 'USD'))
    const { values } = interpret({ plan, inputs, series: {} }, columns, { from: 0, to: 3 }, '0')
    const outputs = plan.outputs.map(({ name, unit }) => ({ name, unit }))
    expect(outputs.map(({ name }) => name)).toEqual(['pnl', 'pnl of a', 'pnl of b'])
    for (let day = 0; day < 3; day++) expect(values[day]).toBe(values[3 + day]! + values[6 + day]!)
    const measures = measureRisk(question, { kind: 'LANES', outputs, times: [0], lanes: 3, values })
    expect(measures.worst).toBeCloseTo(-22 - 9, 9)
    expect(measures.components.reduce((sum, c) => sum + c.valueAtRisk[0]!, 0)).toBeCloseTo(
      measures.parametric.valueAtRisk[0]!,
      12,
    )
  })

  it('is the same question for the same book, prices and conventions, and another for others', () => {
    const hash = (held: Book, asked: Partial<RiskAsked> = {}) => prepareRisk(held, { ...ASKED, ...asked }).questionHash
    expect(hash(book(A, B))).toBe(hash(book(A, B)))
    const repriced = { ...A, instrument: instrument('a', [101, 90, 99, 110]) }
    const others = [
      hash(book(repriced, B)),
      hash(book(A)),
      hash(book(A, B), { confidence: [0.99] }),
      hash(book(A, B), { horizonDays: 2 }),
    ]
    expect(new Set([hash(book(A, B)), ...others]).size).toBe(5)
  })

  it('takes the values of a stressed book where they are given', () => {
    expect(prepareRisk(book(A, B), ASKED, () => [1, 2]).question.values).toEqual([1, 2])
  })

  it('refuses an empty book, one without prices by name, and one with a single return', () => {
    expect(() => prepareRisk(book(), ASKED)).toThrow(/holds nothing/)
    const bare = { instrument: instrument('bare', []), quantity: 1 }
    expect(() => prepareRisk(book(A, bare), ASKED)).toThrow(
      expect.objectContaining({
        code: 'BAD_INPUT',
        detail: expect.objectContaining({
          findings: [expect.objectContaining({ code: 'PRICES_MISSING', path: 'bare' })],
        }),
      }),
    )
    const young = { instrument: instrument('young', [1, 2]), quantity: 1 }
    expect(() => prepareRisk(book(A, young), ASKED)).toThrow(/share 1 returns/)
  })

  it.each<[string, Partial<RiskAsked>, string]>([
    ['no confidence', { confidence: [] }, 'confidence'],
    ['a confidence of 95', { confidence: [95] }, 'confidence'],
    ['no days', { horizonDays: 0 }, 'horizonDays'],
    ['half a day', { horizonDays: 0.5 }, 'horizonDays'],
    ['a window of one', { window: 1 }, 'window'],
  ])('refuses %s', (_, more, path) => {
    expect(() => prepareRisk(book(A), { ...ASKED, ...more })).toThrow(refusal(path))
  })

  it('says what limits the figures: an empty tail, windows that overlap, days left out', () => {
    const gappy = {
      instrument: { ...B.instrument, series: { dates: [days[0]!, days[1]!, days[3]!], prices: [1, 2, 3] } },
      quantity: 1,
    }
    const conventions = { ...DEFAULT_CONVENTIONS, horizonRule: 'OVERLAPPING_RETURNS' as const }
    expect(
      prepareRisk(book(A, B), { ...ASKED, horizonDays: 2, conventions }).question.findings.map(({ code }) => code),
    ).toEqual(['TAIL_EMPTY', 'OVERLAPPING'])
    expect(prepareRisk(book(A, gappy), ASKED).question.findings.map(({ code }) => code)).toEqual([
      'TAIL_EMPTY',
      'DAYS_DROPPED',
    ])
  })
})
