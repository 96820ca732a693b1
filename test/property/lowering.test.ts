// What holds for models with members, solve blocks, correlation, memory and stages: the plan means what the equations say, in equal bits on the machine.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { lower } from '../../compute/model/lowering/lower.ts'
import type { Model } from '../../compute/model/model.ts'
import { planHash } from '../../compute/model/plan.ts'
import { evaluate, interpretUnsigned } from '../support/evaluate.ts'
import { newMachine, runBoth } from '../support/kernels.ts'
import { richGiven } from '../support/rich-given.ts'
import { richModel } from '../support/rich-models.ts'

const LANES = 70
const { given, columnsOf } = richGiven(LANES)

describe('for any model with all that a model may have', () => {
  it('the plan means what the equations say, evaluated one by one', () => {
    fc.assert(
      fc.property(richModel, (model) => {
        const plan = lower(model)
        const expected = evaluate(model, plan, given(plan), columnsOf(plan), 3, '3')
        const actual = interpretUnsigned(plan, given(plan), columnsOf(plan), 3, '3')
        expect([...actual].map(unsigned)).toEqual(expected.map(unsigned))
      }),
      { numRuns: 120 },
    )
  })

  it('the machine equals the interpreter bit for bit', async () => {
    const machine = newMachine()
    await fc.assert(
      fc.asyncProperty(richModel, async (model) => {
        const plan = lower(model)
        await runBoth(machine, { plan, ...given(plan) }, { from: 0, to: LANES }, columnsOf(plan))
      }),
      { numRuns: 60 },
    )
  })

  it('no order of declarations changes the plan or its hash', () => {
    const shuffled = richModel.chain((model) => {
      const order = <T>(list: readonly T[] = []) => fc.shuffledSubarray([...list], { minLength: list.length })
      return fc.record({
        model: fc.constant(model),
        variables: order(model.variables),
        tables: order(Object.entries(model.tables)),
        names: order(['noise', 'friend']),
      })
    })
    fc.assert(
      fc.property(shuffled, ({ model, variables, tables, names }) => {
        const { matrix } = model.correlations![0]!
        const tablesAgain = Object.fromEntries(tables)
        const again: Model = { ...model, variables, tables: tablesAgain, correlations: [{ names, matrix }] }
        expect(planHash(lower(again))).toBe(planHash(lower(model)))
      }),
      { numRuns: 60 },
    )
  })

  it('a plan survives the way through JSON', () => {
    fc.assert(
      fc.property(richModel, (model) => {
        const plan = lower(model)
        expect(JSON.parse(JSON.stringify(plan))).toEqual(plan)
      }),
      { numRuns: 50 },
    )
  })
})

/** A stock's initial value is copied as it is and may be -0. */
const unsigned = (x: number) => x + 0
