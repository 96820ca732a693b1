// The example model files, from their text to the machine, against figures that can be worked out by hand.
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { elaborate } from '../../compute/model/elaborate/elaborate.ts'
import { lower } from '../../compute/model/lowering/lower.ts'
import { savedTimes } from '../../compute/model/plan.ts'
import { type Changes, changeModel } from '../../compute/model/source/change-model.ts'
import { readModel } from '../../compute/model/source/read-model.ts'
import { packageFile } from '../../infra/paths.ts'
import { newMachine, runBoth } from '../support/kernels.ts'

const machine = newMachine()

/** Values of each output, [saved time][lane] in a row, by name. */
async function run(
  name: string,
  lanes = 1,
  columns: Record<string, Float64Array> = {},
  changes: Changes = {},
): Promise<Record<string, number[]>> {
  const text = readFileSync(packageFile('examples', 'models', name), 'utf8')
  const { model, findings } = elaborate(changeModel(readModel(text, { fileName: name }).source, changes))
  expect(findings).toEqual([])
  const plan = lower(model)
  const inputs = Object.fromEntries(model.variables.flatMap((v) => (v.kind === 'input' ? [[v.name, v.default!]] : [])))
  const { values } = await runBoth(machine, { plan, inputs }, { from: 0, to: lanes }, columns)
  const size = (plan.time ? savedTimes(plan).length : 1) * lanes
  return Object.fromEntries(model.outputs.map((output, i) => [output, [...values.subarray(i * size, (i + 1) * size)]]))
}

describe('the example model files', () => {
  it('teacup.yaml cools by a share of the difference in each step', async () => {
    const values = await run('teacup.yaml')
    expect(values['teacup temperature']!).toHaveLength(241)
    expect(values['teacup temperature']!.at(-1)).toBeCloseTo(70 + 110 * (1 - 0.125 / 10) ** 240, 9)
    const warmer = await run('teacup.yaml', 1, {}, { set: { 'Room Temperature': 180 } })
    expect(new Set(warmer['teacup temperature'])).toEqual(new Set([180]))
  })

  it('sir.yaml loses nobody, and more fall ill where people meet more', async () => {
    const lanes = 40
    const values = await run('sir.yaml', lanes)
    const last = (name: string) => values[name]!.slice(-lanes)
    const draws = last('basic reproduction number').map((number, i) => ({ number, spared: last('susceptible')[i]! }))
    draws.sort((a, b) => a.number - b.number)
    expect(draws[0]!.number).toBeGreaterThanOrEqual(4 * 0.05 * 5)
    expect(draws.at(-1)!.number).toBeLessThanOrEqual(8 * 0.05 * 5)
    expect(new Set(draws.map(({ number }) => number)).size).toBe(lanes)
    for (const [i, { spared }] of draws.entries()) if (i > 0) expect(spared).toBeLessThan(draws[i - 1]!.spared)
    for (const i of draws.keys())
      expect(last('susceptible')[i]! + last('infectious')[i]! + last('recovered')[i]!).toBeCloseTo(1000, 9)
  })

  it('sir.yaml without a random parameter has one and the same course in each draw', async () => {
    const values = await run('sir.yaml', 2, {}, { set: { 'contact rate': 6 } })
    const { susceptible } = values as { susceptible: number[] }
    expect(susceptible.at(-1)).toBe(susceptible.at(-2))
    expect(values['basic reproduction number']!.at(-1)).toBeCloseTo(1.5, 12)
  })

  it('household.yaml taxes each person by brackets and gathers them in households', async () => {
    const columns = {
      'count(person)': Float64Array.of(2, 1, 3),
      age: Float64Array.of(40, 10, 30, 35, 17, 3),
      wage: Float64Array.of(60_000, 0, 100_000, 80_000, 5_000, 0),
    }
    const values = await run('household.yaml', 3, columns)
    // 10 % up to 11,925, 12 % up to 48,475, then 22 %, on what lies above an allowance of 12,000.
    const taxes = [1192.5 + 0.12 * 36_075, 1192.5 + 4386 + 0.22 * 39_525, 1192.5 + 4386 + 0.22 * 19_525]
    const benefits = [2000, 0, 4000 - 0.05 * 10_000]
    expect(values['income']).toEqual([60_000, 100_000, 85_000])
    for (const [i, tax] of taxes.entries()) {
      expect(values['tax']![i]).toBeCloseTo(tax, 8)
      expect(values['benefit']![i]).toBeCloseTo(benefits[i]!, 8)
      expect(values['net income']![i]).toBeCloseTo(values['income']![i]! - tax + benefits[i]!, 8)
    }
  })

  it('keynesian-cross.yaml rests where spending over the tax rate is income, and moves there once spending changes', async () => {
    const { income, debt, wealth } = (await run('keynesian-cross.yaml')) as Record<string, number[]>
    expect(income!.slice(0, 2)).toEqual([expect.closeTo(100, 6), expect.closeTo(100, 6)])
    expect(income![2]).toBeCloseTo((25 + 0.4 * 80) / (1 - 0.6 * 0.8), 6)
    for (let year = 3; year < 11; year++) expect(income![year]).toBeGreaterThan(income![year - 1]!)
    for (const [year, owed] of debt!.entries()) expect(owed).toBeCloseTo(wealth![year]!, 6)
    const far = await run('keynesian-cross.yaml', 1, {}, { stop: 2225 })
    expect(far['income']!.at(-1)).toBeCloseTo(25 / 0.2, 6)
  })
})
