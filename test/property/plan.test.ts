// What holds for any model: the machine equals the interpreter, and neither sharding nor the order of declarations matters.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { lower } from '../../compute/model/lowering/lower.ts'
import type { Model } from '../../compute/model/model.ts'
import { type Plan, planHash, savedTimes } from '../../compute/model/plan.ts'
import { evaluate, interpretUnsigned } from '../support/evaluate.ts'
import type { Given } from '../support/given.ts'
import { firstDifference, newMachine, runBoth } from '../support/kernels.ts'
import { anyModel } from '../support/random-models.ts'
import { numbers } from '../support/random-numbers.ts'

const machine = newMachine()
const LANES = 150

const next = numbers(5)
const columns = { column: Float64Array.from({ length: LANES }, () => (next() - 0.3) * 20) }

function given(plan: Plan): Given {
  const steps = plan.time?.steps ?? 0
  return {
    inputs: { input: 1.5 },
    series: { series: Array.from({ length: steps + 1 }, (_, i) => Math.sqrt(i) - 1) },
  }
}

/** Rows of [row][lane] for the lanes of a range. */
function slice(values: Float64Array, lanes: number, from: number, to: number): Float64Array {
  const rows = values.length / lanes
  return Float64Array.from({ length: rows * (to - from) }, (_, i) => {
    const row = Math.floor(i / (to - from))
    return values[row * lanes + from + (i % (to - from))]!
  })
}

describe('for any model', () => {
  it('the machine equals the interpreter bit for bit', async () => {
    await fc.assert(
      fc.asyncProperty(anyModel, async (model) => {
        const plan = lower(model)
        await runBoth(machine, { plan, ...given(plan) }, { from: 0, to: LANES }, columns)
      }),
      { numRuns: 300 },
    )
  })

  it('any cut of the lanes into ranges gives the bits of one run', async () => {
    await fc.assert(
      fc.asyncProperty(
        anyModel,
        fc.integer({ min: 1, max: LANES - 1 }),
        fc.integer({ min: 1, max: 7 }),
        async (model, cut, chunk) => {
          const plan = lower(model)
          const binding = { plan, ...given(plan) }
          const whole = await machine.run(binding, columns, { from: 0, to: LANES }, '9')
          for (const [from, to] of [
            [0, cut],
            [cut, LANES],
          ] as const) {
            const part = { column: columns.column.subarray(from, to) }
            const { values } = await machine.run(binding, part, { from, to }, '9', { chunkSteps: chunk })
            expect(firstDifference(values, slice(whole.values, LANES, from, to))).toBe(-1)
          }
        },
      ),
      { numRuns: 100 },
    )
  })

  it('the order in which variables are declared changes neither the plan nor its hash', () => {
    fc.assert(
      fc.property(
        anyModel.chain((model) =>
          fc.tuple(
            fc.constant(model),
            fc.shuffledSubarray([...model.variables], { minLength: model.variables.length }),
          ),
        ),
        ([model, variables]) => {
          const shuffled: Model = { ...model, variables }
          expect(lower(shuffled)).toEqual(lower(model))
          expect(planHash(lower(shuffled))).toBe(planHash(lower(model)))
        },
      ),
      { numRuns: 200 },
    )
  })

  it('a plan survives the way through JSON', () => {
    fc.assert(
      fc.property(anyModel, (model) => {
        const plan = lower(model)
        expect(JSON.parse(JSON.stringify(plan))).toEqual(plan)
      }),
    )
  })

  it('the plan means what the equations say, evaluated one by one', () => {
    fc.assert(
      fc.property(anyModel, (model) => {
        const plan = lower(model)
        const lanes = 3
        const expected = evaluate(model, plan, given(plan), columns, lanes, '3')
        const actual = interpretUnsigned(plan, given(plan), columns, lanes, '3')
        expect(actual.length).toBe(model.outputs.length * savedTimes(plan).length * lanes)
        expect([...actual].map(unsigned)).toEqual(expected.map(unsigned))
      }),
      { numRuns: 500 },
    )
  })
})

/** A stock's initial value is copied as it is and may be -0. */
const unsigned = (x: number) => x + 0
