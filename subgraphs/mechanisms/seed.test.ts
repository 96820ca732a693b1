// The shipped bank: what it holds, that its assumptions are flagged, and that its network is stable and reaches outcomes.
import { beforeAll, describe, expect, it } from 'vitest'
import { lower } from '../../compute/model/lowering/lower.ts'
import type { Model } from '../../compute/model/model.ts'
import { interpret } from '../../compute/reference/interpret.ts'
import { type Bank, bankId } from './rules/bank.ts'
import { type CompiledBank, compileBank } from './rules/compile-bank.ts'
import type { ReadBank } from './rules/read-bank.ts'
import { addAssumptions, simulatedOf } from './rules/simulated.ts'
import { readShipped, SHIPPED } from './seed.ts'

let read: ReadBank
let bank: Bank
let compiled: CompiledBank

beforeAll(async () => {
  read = await readShipped('us-health.yaml')
  bank = read.bank!
  compiled = compileBank(bank)
})

const STEPS_PER_YEAR = 12
const DRAWS = 16

/** [stock] -> values of all draws after ten years, under constant series. */
function tenYears(model: Model, series: Record<string, number>): Map<string, Float64Array> {
  const steps = 10 * STEPS_PER_YEAR
  const plan = lower({ ...model, time: { start: 0, dt: 1 / STEPS_PER_YEAR, steps, saveEvery: steps, unit: 'year' } })
  const values = Object.fromEntries(Object.entries(series).map(([name, value]) => [name, Array(steps + 1).fill(value)]))
  const run = interpret({ plan, inputs: {}, series: values }, {}, { from: 0, to: DRAWS }, '7')
  expect(run.status).toEqual({ kind: 'DONE' })
  return new Map(model.outputs.map((name, i) => [name, run.values.subarray((2 * i + 1) * DRAWS, (2 * i + 2) * DRAWS)]))
}

describe('the shipped bank', () => {
  it('is the one that the seed names, and has no fault', () => {
    expect(bankId(bank)).toBe(SHIPPED['us-health.yaml'])
    expect(read.findings.filter((finding) => finding.severity === 'ERROR')).toEqual([])
  })

  it('has at least 60 nodes and 220 mechanisms with an effect, a grade and a citation each', () => {
    expect(bank.nodes.length).toBeGreaterThanOrEqual(60)
    expect(bank.mechanisms.length).toBeGreaterThanOrEqual(220)
    for (const { id, effect, evidence, citations, origin } of bank.mechanisms) {
      expect(effect, id).not.toBeNull()
      expect(evidence.grade, id).not.toBeNull()
      expect(citations.length, id).toBeGreaterThan(0)
      expect(origin, id).toMatch(/^mechanisms\/.*\.ya?ml$/)
    }
  })

  it('states origin, licence, attribution and date', () => {
    expect(bank.origin).toMatchObject({ licence: 'MIT', attribution: 'MauriceelHelou/healthsystems' })
    expect(bank.origin.retrieved).toMatch(/^\d{4}-\d{2}-\d{2}$/)
  })

  it('flags every assumption on the record it is made for', () => {
    expect(addAssumptions(bank)).toEqual(bank)
    for (const mechanism of bank.mechanisms) expect(mechanism.assumptions).toContain('FORM_LINEAR')
    // What the rules would flag if the file said nothing is in the file.
    const silent: Bank = {
      ...bank,
      nodes: bank.nodes.map((node) => ({
        ...node,
        initial: null,
        min: null,
        max: null,
        decayPerYear: null,
        assumptions: [],
      })),
      mechanisms: bank.mechanisms.map((mechanism) => ({ ...mechanism, form: null, assumptions: ['KIND_INFLUENCE'] })),
    }
    const due = addAssumptions(silent)
    for (const [i, node] of due.nodes.entries())
      expect(bank.nodes[i]!.assumptions, node.id).toEqual(expect.arrayContaining([...node.assumptions]))
    for (const [i, mechanism] of due.mechanisms.entries())
      expect([...bank.mechanisms[i]!.assumptions].sort(), mechanism.id).toEqual([...mechanism.assumptions].sort())
  })

  it('compiles to 40 and more stocks and 200 and more mechanisms, without a warning', () => {
    expect(compiled.stocks).toBeGreaterThanOrEqual(40)
    expect(compiled.mechanisms).toBeGreaterThanOrEqual(200)
    expect(compiled.findings.filter((finding) => finding.severity !== 'INFO')).toEqual([])
  })

  it('rests at its baseline when nothing is changed', () => {
    for (const [name, values] of tenYears(compiled.model, {})) expect([...values], name).toEqual(Array(DRAWS).fill(0))
  })

  it('lets unemployment, income and output reach health outcomes in the direction that their records say', () => {
    const driven = compiled.model.variables.filter((v) => v.kind === 'series' && v.macroVariable !== undefined)
    expect(new Set(driven.map((v) => v.kind === 'series' && v.macroVariable))).toEqual(
      new Set(['unemployment_rate', 'disposable_income', 'gdp']),
    )
    const worse = { unemployment_rate: 3, disposable_income: -5, gdp: -5 } as Record<string, number>
    const shocks = Object.fromEntries(driven.map((v) => [v.name, v.kind === 'series' ? worse[v.macroVariable!]! : 0]))
    const end = tenYears(compiled.model, shocks)
    const moved = [...end].filter(([, values]) => values.some((value) => value !== 0)).map(([name]) => name)
    expect(moved.length).toBeGreaterThanOrEqual(10)
    for (const outcome of [
      'alcohol_induced_mortality',
      'smoking_current',
      'binge_drinking',
      'cardiovascular_disease_mortality',
      'all_cause_mortality_rate',
      'serious_psychological_distress',
    ]) {
      for (const value of end.get(outcome)!) expect(value, outcome).toBeGreaterThan(0)
      expect(new Set(end.get(outcome)).size, outcome).toBeGreaterThan(DRAWS / 2)
    }
  })

  it('stays within its ranges over ten years when every exogenous node is shocked by half a standard deviation at once', () => {
    const shocks = Object.fromEntries(
      compiled.model.variables.flatMap((v) => (v.kind === 'series' && !v.macroVariable ? [[v.name, 0.5]] : [])),
    )
    for (const [name, values] of tenYears(compiled.model, shocks))
      for (const value of values) expect(Math.abs(value), name).toBeLessThan(6)
  })

  it('gives no mechanism a response of a whole standard deviation or more', () => {
    for (const { mechanism, response } of simulatedOf(bank).edges)
      expect(Math.abs(response!.coefficient), mechanism.id).toBeLessThan(1)
  })
})
