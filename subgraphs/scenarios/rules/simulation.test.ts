import { describe, expect, it } from 'vitest'
import type { Model } from '../../../compute/model/model.ts'
import type { MacroPath, Shock } from '../../shared/types.ts'
import { deriveSimulation, type NetworkScenario } from './simulation.ts'

const model: Model = {
  name: 'two series and a stock',
  variables: [
    { kind: 'series', name: 'jobless', unit: 'percent', default: 4, macroVariable: 'unemployment_rate' },
    { kind: 'series', name: 'clinics', unit: '1', default: 10 },
    { kind: 'constant', name: 'start', unit: '1', value: 1 },
    {
      kind: 'stock',
      name: 'health',
      unit: 'index',
      initial: { op: 'ref', name: 'start' },
      flow: { op: 'ref', name: 'jobless' },
    },
  ],
  tables: {},
  outputs: [],
}

const path: MacroPath = {
  times: [0, 1, 2],
  columns: [{ variable: 'unemployment_rate', unit: 'percent', baseline: [4, 4, 4], scenario: [4, 6, 5] }],
}

const scenario = (shocks: Shock[] = []): NetworkScenario => ({
  horizonYears: 3,
  stepsPerYear: 2,
  savesPerYear: 1,
  shocks,
})

const shock = (change: Partial<Shock>): Shock => ({
  variable: 'clinics',
  mode: 'ADD',
  value: 1,
  from: 1,
  to: 2,
  ...change,
})

describe('deriveSimulation', () => {
  it('feeds a series the deviation of its macro variable, linear between times and held after the last', () => {
    expect(deriveSimulation(scenario(), model, path).series['jobless']).toEqual([4, 5, 6, 5.5, 5, 5, 5])
  })

  it('leaves every series at its default without a path', () => {
    const { series } = deriveSimulation(scenario(), model, null)
    expect(series).toEqual({ jobless: Array(7).fill(4), clinics: Array(7).fill(10) })
  })

  it('sets time from the horizon and saves every stock', () => {
    const { model: timed } = deriveSimulation(scenario(), model, path)
    expect(timed.time).toEqual({ start: 0, dt: 0.5, steps: 6, saveEvery: 2, unit: 'year' })
    expect(timed.outputs).toEqual(['health'])
  })

  it.each<[Shock['mode'], number[]]>([
    ['ADD', [10, 10, 13, 13, 10, 10, 10]],
    ['MULTIPLY', [10, 10, 30, 30, 10, 10, 10]],
    ['SET', [10, 10, 3, 3, 10, 10, 10]],
  ])('%s acts on its series from its first year until before its last', (mode, expected) => {
    const { series } = deriveSimulation(scenario([shock({ mode, value: 3 })]), model, path)
    expect(series['clinics']).toEqual(expected)
  })

  it('leaves shocks on variables of the path to the economy, which has put them into it', () => {
    const { series } = deriveSimulation(scenario([shock({ variable: 'unemployment_rate', value: 9 })]), model, path)
    expect(series).toEqual(deriveSimulation(scenario(), model, path).series)
  })

  it('names the nearest variable when a shock misspells one', () => {
    expect(() => deriveSimulation(scenario([shock({ variable: 'clinic' })]), model, path)).toThrowError(
      expect.objectContaining({
        code: 'BAD_INPUT',
        detail: expect.objectContaining({ suggestion: 'did you mean "clinics"?' }),
      }),
    )
  })
})
