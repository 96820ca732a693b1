// Banks compiled to models, and the models run by the interpreter against answers known in closed form.
import { describe, expect, it } from 'vitest'
import { lower } from '../../../compute/model/lowering/lower.ts'
import type { Model } from '../../../compute/model/model.ts'
import { interpret } from '../../../compute/reference/interpret.ts'
import type { Bank, BankNode, MechanismRecord } from './bank.ts'
import { compileBank } from './compile-bank.ts'
import { bareNode } from './nodes.ts'
import { simulatedOf } from './simulated.ts'

const node = (id: string, more: Partial<BankNode> = {}): BankNode => ({ ...bareNode(id, id), ...more })

/** A correlation of 0.5 without error, so that every draw is the same. */
const exact = {
  measure: 'CORRELATION',
  value: 0.5,
  ciLower: 0.5,
  ciUpper: 0.5,
  ciLevel: 0.95,
  pValue: null,
  sampleSize: null,
  iSquared: null,
  baselineRisk: null,
  sdSource: null,
  sdTarget: null,
  unit: null,
} as const

const mechanism = (from: string, to: string, more: Partial<MechanismRecord> = {}): MechanismRecord => ({
  id: `${from}_to_${to}`,
  name: '',
  category: null,
  version: null,
  status: 'ACTIVE',
  from,
  to,
  orientation: 'FORWARD',
  sign: 'POSITIVE',
  kind: 'INFLUENCE',
  form: null,
  effect: exact,
  evidence: {
    grade: 'A',
    studyCount: 9,
    verified: null,
    needsReview: false,
    issues: [],
    sampleSize: null,
    pValue: null,
  },
  moderators: [],
  citations: [],
  description: null,
  pathway: [],
  geographyNote: null,
  assumptions: [],
  origin: null,
  ...more,
})

const bank = (nodes: readonly BankNode[], mechanisms: readonly MechanismRecord[]): Bank => ({
  name: 'test',
  version: '1',
  title: 'test',
  geography: [],
  origin: { title: 'test', url: null, licence: null, attribution: null, retrieved: null },
  nodes,
  studies: [],
  mechanisms,
})

const STEPS_PER_YEAR = 20

/** The last value of each stock after some years, under constant values of the exogenous nodes. */
function atEnd(model: Model, years: number, series: Record<string, number> = {}): Record<string, number> {
  const steps = years * STEPS_PER_YEAR
  const plan = lower({ ...model, time: { start: 0, dt: 1 / STEPS_PER_YEAR, steps, saveEvery: steps, unit: 'year' } })
  const values = Object.fromEntries(Object.entries(series).map(([name, value]) => [name, Array(steps + 1).fill(value)]))
  const { values: saved } = interpret({ plan, inputs: {}, series: values }, {}, { from: 0, to: 1 }, '1')
  return Object.fromEntries(model.outputs.map((name, i) => [name, saved[2 * i + 1]!]))
}

/** What Euler steps make of dS/dt = 0.5 (level - S) from 0. */
const approach = (level: number, years: number) => level * (1 - (1 - 0.5 / STEPS_PER_YEAR) ** (years * STEPS_PER_YEAR))

describe('compileBank', () => {
  it('lets a stock approach the effect times the shock, at its decay rate', () => {
    const { model, stocks, mechanisms } = compileBank(bank([node('x'), node('y')], [mechanism('x', 'y')]))
    expect([stocks, mechanisms]).toEqual([1, 1])
    expect(atEnd(model, 4, { x: 2 })['y']).toBeCloseTo(approach(1, 4), 12)
  })

  it('stays at its reference without shocks', () => {
    const nodes = [node('x'), node('y', { reference: 3 }), node('z')]
    const { model } = compileBank(bank(nodes, [mechanism('x', 'y'), mechanism('y', 'z')]))
    expect(atEnd(model, 10)).toEqual({ y: 3, z: 0 })
  })

  it('scales by the standard deviations of source and target', () => {
    const nodes = [node('x', { sd: 4, reference: 10 }), node('y', { sd: 3, reference: 100, min: 0, max: 200 })]
    const { model } = compileBank(bank(nodes, [mechanism('x', 'y')]))
    // 2 sd of x raise y by 0.5 * 2 sd.
    expect(atEnd(model, 4, { x: 18 })['y']).toBeCloseTo(100 + approach(3, 4), 10)
  })

  it('drives a node by its macro variable, a share of persons in per cent', () => {
    const driven = node('jobless', { macroVariable: 'unemployment_rate', exposureShare: 0.5, unit: 'pp' })
    const { model, findings } = compileBank(bank([driven, node('y')], [mechanism('jobless', 'y')]))
    expect(model.variables[0]).toMatchObject({
      kind: 'series',
      name: 'jobless',
      macroVariable: 'unemployment_rate',
      default: 0,
    })
    // One standard deviation of a coin's fall is 50 per cent.
    expect(atEnd(model, 4, { jobless: 50 })['y']).toBeCloseTo(approach(0.5, 4), 12)
    expect(findings).toEqual([])
  })

  it('says that a network without a macro node is not moved by the economy', () => {
    const { findings } = compileBank(bank([node('x'), node('y')], [mechanism('x', 'y')]))
    expect(findings.map((finding) => finding.code)).toEqual(['NO_MACRO_NODE'])
  })

  it('leaves out what leads to a node that the economy drives, and says so', () => {
    const nodes = [node('x'), node('y'), node('m', { macroVariable: 'gdp' })]
    const { mechanisms, findings } = compileBank(bank(nodes, [mechanism('m', 'y'), mechanism('x', 'm')]))
    expect(mechanisms).toBe(1)
    expect(findings.map((finding) => finding.code)).toEqual(['LEFT_OUT_EXOGENOUS_TARGET'])
  })

  it('draws an effect from a truncated normal that keeps its sign', () => {
    const weak = { ...exact, value: -0.05, ciLower: -0.3, ciUpper: 0.2 }
    const { model } = compileBank(
      bank([node('x'), node('y')], [mechanism('x', 'y', { effect: weak, sign: 'NEGATIVE' })]),
    )
    const effect = model.variables.find((variable) => variable.name === 'effect:x_to_y')
    expect(effect).toMatchObject({
      kind: 'random',
      distribution: { kind: 'truncatedNormal', mean: -0.05, min: -1, max: 0 },
    })
  })

  it('pools two records of one edge instead of adding them', () => {
    const records = [
      mechanism('x', 'y'),
      mechanism('x', 'y', { id: 'again', effect: { ...exact, value: 0.3, ciLower: 0.3, ciUpper: 0.3 } }),
    ]
    const made = bank([node('x'), node('y')], records)
    expect(simulatedOf(made).edges.map((edge) => edge.weight)).toEqual([0.5, 0.5])
    expect(atEnd(compileBank(made).model, 4, { x: 1 })['y']).toBeCloseTo(approach(0.4, 4), 12)
  })

  it('applies moderators that have a value', () => {
    const moderators = [
      { name: 'm', direction: 'WEAKENS', strength: 'WEAK', mode: 'MULTIPLY', value: 0.5, note: null },
    ] as const
    const { model } = compileBank(bank([node('x'), node('y')], [mechanism('x', 'y', { moderators })]))
    expect(atEnd(model, 4, { x: 1 })['y']).toBeCloseTo(approach(0.25, 4), 12)
  })

  it('lets a moderator turn the sign of an effect, and draws it on that side', () => {
    const uncertain = { ...exact, ciLower: 0.4, ciUpper: 0.6 }
    const moderators = [
      { name: 'm', direction: 'REVERSES', strength: 'STRONG', mode: 'MULTIPLY', value: -1, note: null },
    ] as const
    const { model } = compileBank(
      bank([node('x'), node('y')], [mechanism('x', 'y', { effect: uncertain, moderators })]),
    )
    const effect = model.variables.find((variable) => variable.name === 'effect:x_to_y')
    expect(effect).toMatchObject({ kind: 'random', distribution: { mean: -0.5, min: -1, max: 0 } })
    expect(atEnd(model, 4, { x: 1 })['y']).toBeLessThan(0)
  })

  it.each([
    ['LINEAR', {}, 0.2 * 3],
    ['SIGMOID', { L: 2, k: 1, x0: 3 }, 0.2 * 1],
    ['LOGARITHMIC', {}, 0.2 * Math.log(4)],
    ['SATURATING', { Tmax: 0.4 }, 0.4],
    ['THRESHOLD', { theta: 1 }, 0.2 * 2],
    ['DAMPENING', { Tmax: 5 }, 0.2 * 3],
  ] as const)('knows the rate of the form %s at the start', (name, parameters, rate) => {
    const form = { name, parameters: { a: 0.2, ...parameters } }
    const nodes = [node('x', { min: 0 }), node('y', { decayPerYear: 0 })]
    const { model } = compileBank(bank(nodes, [mechanism('x', 'y', { form, effect: null })]))
    const plan = lower({ ...model, time: { start: 0, dt: 1, steps: 1, saveEvery: 1, unit: 'year' } })
    const { values } = interpret({ plan, inputs: {}, series: { x: [3, 3] } }, {}, { from: 0, to: 1 }, '1')
    expect(values[1]).toBeCloseTo(rate, 14)
  })

  it('uses a form of its own on the deviations of an effect', () => {
    const form = { name: 'SATURATING', parameters: { Tmax: 0.2 } } as const
    const { model } = compileBank(bank([node('x'), node('y')], [mechanism('x', 'y', { form })]))
    // Pulled to min(0.5, 0.2 - T): the level at rest is T = 0.1.
    expect(atEnd(model, 40, { x: 1 })['y']).toBeCloseTo(0.1, 6)
  })

  it('leaves out a logarithm whose source may fall to -1, and takes it where a range forbids that', () => {
    const form = { name: 'LOGARITHMIC', parameters: { a: 1 } } as const
    const made = (min: number | null) =>
      bank([node('x', { min }), node('y')], [mechanism('x', 'y', { form }), mechanism('x', 'y', { id: 'other' })])
    expect(compileBank(made(null)).mechanisms).toBe(1)
    expect(compileBank(made(null)).findings[0]!.code).toBe('LEFT_OUT_FORM_DOMAIN')
    expect(compileBank(made(0)).mechanisms).toBe(2)
    // A shock below the range is held at it: ln(1 + 0) = 0.
    const only = bank([node('x', { min: 0 }), node('y')], [mechanism('x', 'y', { form })])
    expect(atEnd(compileBank(only).model, 2, { x: -5 })['y']).toBe(0)
  })

  it('takes from the source what a transfer gives to the target', () => {
    const form = { name: 'LINEAR', parameters: { a: 0.1 } } as const
    const nodes = [
      node('x', { initial: 4, min: 0, max: 10, decayPerYear: 0 }),
      node('y', { min: 0, max: 10, decayPerYear: 0 }),
    ]
    const { model, stocks } = compileBank(bank(nodes, [mechanism('x', 'y', { form, kind: 'TRANSFER' })]))
    const end = atEnd(model, 5)
    expect(stocks).toBe(2)
    expect(end['x']! + end['y']!).toBeCloseTo(4, 12)
    expect(end['x']).toBeCloseTo(4 * (1 - 0.1 / STEPS_PER_YEAR) ** (5 * STEPS_PER_YEAR), 12)
  })

  it('warns of a loop that may grow, and holds it within the range of its nodes', () => {
    const strong = { ...exact, value: 0.9, ciLower: 0.6, ciUpper: 0.99 }
    const edges = [
      mechanism('a', 'b', { effect: strong }),
      mechanism('b', 'a', { effect: strong }),
      mechanism('x', 'a'),
    ]
    const { model, findings } = compileBank(bank([node('a'), node('b'), node('x')], edges))
    expect(findings.map((finding) => finding.code)).toContain('LOOP_GAIN')
    expect(Math.abs(atEnd(model, 50, { x: 100 })['a']!)).toBeLessThanOrEqual(6)
  })

  it('leaves out deprecated records and records without an effect, and says how many', () => {
    const records = [
      mechanism('x', 'y'),
      mechanism('x', 'z', { status: 'DEPRECATED' }),
      mechanism('y', 'z', { effect: null }),
    ]
    const { mechanisms, findings } = compileBank(bank([node('x'), node('y'), node('z')], records))
    expect(mechanisms).toBe(1)
    expect(findings.map((finding) => finding.code)).toEqual([
      'LEFT_OUT_DEPRECATED',
      'LEFT_OUT_NO_EFFECT',
      'NO_MACRO_NODE',
    ])
  })

  it('refuses a bank in which nothing can be simulated', () => {
    expect(() => compileBank(bank([node('x'), node('y')], [mechanism('x', 'y', { effect: null })]))).toThrow(
      expect.objectContaining({ code: 'MODEL_INVALID' }),
    )
  })

  it('gives equal models for equal banks', () => {
    const made = () => compileBank(bank([node('x'), node('y')], [mechanism('x', 'y')])).model
    expect(JSON.stringify(made())).toBe(JSON.stringify(made()))
  })
})
