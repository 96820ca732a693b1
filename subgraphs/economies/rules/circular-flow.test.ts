// The identity of the circular flow in one period.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { frameWith } from '../../../test/support/flow-frame.ts'
import { deriveCircularFlow, tierOf } from './circular-flow.ts'

const BALANCED = { GDP: 100, C: 60, I: 20, G: 15, X: 12, M: 7 }

describe('deriveCircularFlow', () => {
  it('sets leakages S + T + M against injections I + G + X', () => {
    const flow = deriveCircularFlow(frameWith({ 2024: BALANCED }), '2024')
    expect(flow).toMatchObject({
      savingAndNetTaxes: 40,
      leakages: 47,
      injections: 47,
      gap: 0,
      status: 'COMPLETE',
      missing: [],
    })
    expect(flow).toMatchObject({ gapPctOfInjections: 0, unexplained: 0, tier: 'NONE', unexplainedTier: 'NONE' })
  })

  it.each(['GDP', 'C', 'I', 'G', 'X', 'M'] as const)('is INCOMPLETE without %s and sums nothing', (role) => {
    const { [role]: _, ...rest } = BALANCED
    const flow = deriveCircularFlow(frameWith({ 2024: rest }), '2024')
    expect(flow.status).toBe('INCOMPLETE')
    expect(flow.missing).toEqual([role === 'GDP' ? 'Y' : role])
    expect(flow).toMatchObject({
      leakages: null,
      injections: null,
      gap: null,
      gapPctOfInjections: null,
      explained: null,
      tier: null,
    })
  })

  it('names every component in a period that has no figures at all', () => {
    expect(deriveCircularFlow(frameWith({ 2024: BALANCED }), '1800').missing).toEqual(['Y', 'C', 'I', 'G', 'X', 'M'])
  })

  it('gives no percentage where there are no injections', () => {
    const flow = deriveCircularFlow(frameWith({ 2024: { GDP: 60, C: 60, I: 0, G: 0, X: 0, M: 0 } }), '2024')
    expect(flow).toMatchObject({ status: 'COMPLETE', gap: 0, gapPctOfInjections: null, tier: null })
  })

  it('explains a gap of GDP by the discrepancy, and one of GDI by its opposite', () => {
    const rows = { 2024: { ...BALANCED, GDI: 98, STATISTICAL_DISCREPANCY: 2 } }
    const income = deriveCircularFlow(frameWith(rows, { conventions: { discrepancy: 'GDP_LESS_GDI' } }), '2024', {
      incomeMeasure: 'GDI',
    })
    expect(income).toMatchObject({ gap: -2, explained: { statisticalDiscrepancy: -2 }, unexplained: 0 })
    const expenditure = { 2024: { ...BALANCED, GDP: 102, STATISTICAL_DISCREPANCY: 2 } }
    const product = deriveCircularFlow(
      frameWith(expenditure, { conventions: { discrepancy: 'INCOME_LESS_EXPENDITURE' } }),
      '2024',
    )
    expect(product).toMatchObject({ gap: 2, explained: { statisticalDiscrepancy: 2 }, unexplained: 0 })
  })

  it('calls what is left rounding only up to what the last digits can add up to', () => {
    const off = (by: number) => frameWith({ 2024: { ...BALANCED, GDP: 100 + by } }, { roundingError: 0.05 })
    expect(deriveCircularFlow(off(0.25), '2024').explained!.rounding).toBeCloseTo(0.25, 12)
    expect(deriveCircularFlow(off(0.25), '2024').unexplained).toBe(0)
    expect(deriveCircularFlow(off(0.35), '2024').explained!.rounding).toBe(0)
    expect(deriveCircularFlow(off(0.35), '2024').unexplained).toBeCloseTo(0.35, 12)
  })

  it('takes primary income from abroad into account where Y is national disposable income', () => {
    const rows = { 2024: { ...BALANCED, GNDI: 103, NET_PRIMARY_INCOME: 3 } }
    const flow = deriveCircularFlow(frameWith(rows), '2024', { incomeMeasure: 'GNDI' })
    expect(flow).toMatchObject({ gap: 3, explained: { netPrimaryIncome: 3 }, unexplained: 0 })
  })

  it('adds S and T themselves where they are asked for, and is INCOMPLETE without them', () => {
    const rows = { 2024: { ...BALANCED, S: 18, T: 22 } }
    const flow = deriveCircularFlow(frameWith(rows), '2024', { leakageBasis: 'COMPONENTS' })
    expect(flow).toMatchObject({ savingAndNetTaxes: 40, gap: 0 })
    const without = deriveCircularFlow(frameWith({ 2024: BALANCED }), '2024', { leakageBasis: 'COMPONENTS' })
    expect(without).toMatchObject({ status: 'INCOMPLETE', missing: ['S', 'T'] })
  })

  it('fails by corporate saving where S is the saving of households alone, and says so', () => {
    const rows = { 2024: { ...BALANCED, T: 22, HOUSEHOLD_SAVING: 11, CORPORATE_SAVING: 7 } }
    const flow = deriveCircularFlow(frameWith(rows), '2024', { leakageBasis: 'COMPONENTS', savingScope: 'HOUSEHOLDS' })
    expect(flow).toMatchObject({ gap: -7, explained: { corporateSaving: -7 }, unexplained: 0 })
  })

  it('does not move public investment between G and I: in the other scope both are missing', () => {
    const flow = deriveCircularFlow(frameWith({ 2024: BALANCED }), '2024', { governmentScope: 'CONSUMPTION' })
    expect(flow).toMatchObject({
      status: 'INCOMPLETE',
      missing: ['I', 'G'],
      conventions: { governmentScope: 'CONSUMPTION' },
    })
  })

  it('echoes the conventions that held', () => {
    expect(
      deriveCircularFlow(frameWith({ 2024: BALANCED }, { kind: 'FLOW_AT_ANNUAL_RATE' }), '2024').conventions,
    ).toEqual({
      incomeMeasure: 'GDP',
      leakageBasis: 'INCOME_LESS_CONSUMPTION',
      savingScope: 'NATIONAL',
      governmentScope: 'CONSUMPTION_AND_INVESTMENT',
      priceBasis: 'CURRENT',
      flowKind: 'FLOW_AT_ANNUAL_RATE',
    })
  })

  const amount = fc.integer({ min: 1, max: 1_000_000 })
  const row = fc.record({ GDP: amount, C: amount, I: amount, G: amount, X: amount, M: amount })

  it('keeps its percentages when all flows are scaled', () => {
    fc.assert(
      fc.property(row, fc.constantFrom(2, 4, 1024, 0.5), (flows, factor) => {
        const scaled = Object.fromEntries(Object.entries(flows).map(([role, value]) => [role, value * factor]))
        const before = deriveCircularFlow(frameWith({ 2024: flows }), '2024')
        expect(deriveCircularFlow(frameWith({ 2024: scaled }), '2024').gapPctOfInjections).toBe(
          before.gapPctOfInjections,
        )
      }),
    )
  })

  it('keeps its gap when the same is added to exports and imports', () => {
    fc.assert(
      fc.property(row, amount, (flows, more) => {
        const opened = { ...flows, X: flows.X + more, M: flows.M + more }
        expect(deriveCircularFlow(frameWith({ 2024: opened }), '2024').gap).toBe(
          deriveCircularFlow(frameWith({ 2024: flows }), '2024').gap,
        )
      }),
    )
  })
})

describe('tierOf', () => {
  it('is the highest threshold exceeded, in either direction, and not one that is only reached', () => {
    expect([0, 1, -1.001, 2, 2.1, -5.5, 10, 10.01].map(tierOf)).toEqual([
      'NONE',
      'NONE',
      'ONE_PERCENT',
      'ONE_PERCENT',
      'TWO_PERCENT',
      'FIVE_PERCENT',
      'FIVE_PERCENT',
      'TEN_PERCENT',
    ])
  })

  it('is null where there is no percentage', () => {
    expect(tierOf(null)).toBeNull()
  })
})
