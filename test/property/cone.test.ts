// What holds for any change of any model: its cone alone, and a variant beside the model, give the bits of a run of the whole.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { call, initial, time } from '../../compute/model/build.ts'
import { coneModel, coneOf } from '../../compute/model/lowering/cone.ts'
import { lower } from '../../compute/model/lowering/lower.ts'
import { variantName, withVariants } from '../../compute/model/lowering/variants.ts'
import type { Model, Variable } from '../../compute/model/model.ts'
import { type Plan, savedTimes } from '../../compute/model/plan.ts'
import { interpret } from '../../compute/reference/interpret.ts'
import { QuesnayError } from '../../schema/errors.ts'
import { firstDifference } from '../support/kernels.ts'
import { richGiven } from '../support/rich-given.ts'
import { richModel } from '../support/rich-models.ts'

const LANES = 5
const { given, columnsOf } = richGiven(LANES)

const run = (plan: Plan, more: Record<string, Float64Array> = {}) =>
  interpret({ plan, ...given(plan) }, { ...columnsOf(plan), ...more }, { from: 0, to: LANES }, '4').values

/** Values of an output, [saved time][lane]. */
function valuesOf(plan: Plan, values: Float64Array, name: string): Float64Array {
  const size = savedTimes(plan).length * LANES
  const at = plan.outputs.findIndex((output) => output.name === name) * size
  return values.slice(at, at + size)
}

const unit = '1'
const aux = (name: string, equation: Extract<Variable, { kind: 'auxiliary' }>['equation']): Variable => ({
  kind: 'auxiliary',
  name,
  unit,
  equation,
})

/** Changes of every kind: what is given, drawn, computed, held, and what a solve block solves for. */
const CHANGES: readonly Variable[] = [
  { kind: 'input', name: 'rate', unit, default: -0.5 },
  { kind: 'constant', name: 'drawn', unit, value: 2 },
  {
    kind: 'random',
    name: 'noise',
    unit,
    distribution: { kind: 'uniform', min: 0, max: call('abs', 'stock') },
    everyStep: true,
  },
  aux('a', call('add', call('sin', 'stock'), time)),
  aux('b', initial(call('add', 'other', 'income'))),
  aux('x', call('mul', 0.3, call('cos', call('add', 'y', 'b')))),
  aux('between', call('mul', 0.5, call('sin', call('add', 'y', 'stock')))),
  { kind: 'stock', name: 'other', unit, initial: call('sin', 'income'), flow: call('sin', 'c') },
  { kind: 'delay', name: 'late', unit, input: call('sin', 'stock'), steps: call('abs', 2), initial: call('abs', 1) },
]

const anyChange = fc.shuffledSubarray([...CHANGES], { minLength: 1, maxLength: 3 })

function changedModel(model: Model, changes: readonly Variable[]): Model {
  const byName = new Map(changes.map((v) => [v.name, v]))
  return { ...model, variables: model.variables.map((v) => byName.get(v.name) ?? v) }
}

/** `rate` is given to a run by the columns' side of the binding: its change is one of its default. */
const withoutRate = (changes: readonly Variable[]) => changes.filter((v) => v.name !== 'rate')

/** Euler, and every step saved. */
const eulerModel = richModel.map((model): Model => {
  const { saveAt: _, ...rest } = model.time!
  return { ...model, time: { ...rest, method: 'euler', saveEvery: 1 } }
})

describe('for any change of any model', () => {
  it('the cone alone gives the bits of the whole, over what the baseline saved at its frontier', () => {
    let cut = 0
    fc.assert(
      fc.property(eulerModel, anyChange, (model, all) => {
        const changes = withoutRate(all)
        const names = changes.map((v) => v.name)
        const changed = changedModel(model, changes)
        const { outputs } = coneOf(changed, names)
        if (outputs.length === 0) return
        const whole = lower(changed)
        const expected = run(whole)
        const cone = coneModel(changed, names)
        cut += cone.frontier.length
        const trajectories: Record<string, Float64Array> = {}
        if (cone.frontier.length > 0) {
          const baseline = lower({ ...model, outputs: cone.frontier })
          const saved = run(baseline)
          const steps = model.time!.steps + 1
          for (const name of cone.frontier) {
            const rows = valuesOf(baseline, saved, name)
            trajectories[name] = rows.map((_, i) => rows[(i % steps) * LANES + Math.floor(i / steps)]!)
          }
        }
        const part = lower(cone.model)
        const actual = run(part, trajectories)
        expect(cone.model.outputs).toEqual(outputs)
        for (const name of outputs) {
          expect(firstDifference(valuesOf(part, actual, name), valuesOf(whole, expected, name))).toBe(-1)
        }
      }),
      { numRuns: 150 },
    )
    expect(cut).toBeGreaterThan(10)
  })

  it('variants in one pass give the bits of runs of their own', () => {
    fc.assert(
      fc.property(richModel, anyChange, anyChange, (model, first, second) => {
        const variants = [withoutRate(first), withoutRate(second)]
        // Correlated parameters are drawn in any variant.
        const allowed = variants.filter((changes) => changes.length > 0)
        const named = allowed.map((changes, i) => ({
          name: `v${i}`,
          changes: Object.fromEntries(changes.map((v) => [v.name, v])),
        }))
        const together = lower(withVariants(model, named))
        const values = run(together)
        const expectSame = (own: Plan, suffix?: string) => {
          const alone = run(own)
          for (const { name } of own.outputs) {
            const joined = suffix === undefined ? name : variantName(name, suffix)
            if (!together.outputs.some((o) => o.name === joined)) continue
            expect(firstDifference(valuesOf(together, values, joined), valuesOf(own, alone, name))).toBe(-1)
          }
        }
        expectSame(lower(model))
        for (const [i, changes] of allowed.entries()) expectSame(lower(changedModel(model, changes)), `v${i}`)
      }),
      { numRuns: 80 },
    )
  })

  it('methods with several stages refuse a frontier', () => {
    fc.assert(
      fc.property(eulerModel, anyChange, (model, changes) => {
        const names = changes.map((v) => v.name)
        const { frontier } = coneModel(model, names)
        const staged: Model = { ...model, time: { ...model.time!, method: 'rk4' } }
        if (frontier.length === 0) expect(coneModel(staged, names).frontier).toEqual([])
        else expect(() => coneModel(staged, names)).toThrow(QuesnayError)
      }),
      { numRuns: 100 },
    )
  })
})
