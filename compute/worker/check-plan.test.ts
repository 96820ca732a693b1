// What a plan must be before it is written into the machine's memory.
import { describe, expect, it } from 'vitest'
import { column, constant, op, type PlanParts, planOf, stock } from '../../test/support/plans.ts'
import { KERNEL_ABI } from '../layout/memory.ts'
import type { Plan } from '../model/plan.ts'
import { checkPlan } from './check-plan.ts'

const one = { from: 0, to: 1 }
const solve = {
  name: 'circle',
  method: 'newton' as const,
  tolerance: 1e-9,
  maxIterations: 10,
  damping: 1,
  unknowns: [{ slot: 0, next: 1, guess: 2 }],
  body: [op('cos', 1, 0)],
  parts: [],
}
const timed: PlanParts = {
  constants: [constant(1, 0), constant(2, 1)],
  stocks: [stock(0, 1, 2)],
  time: {},
  outputs: [0],
}

/** Households, persons in them, and the other way round a level that is no member of the first. */
const peopled: PlanParts = {
  levels: [
    { name: 'household', of: null, count: null },
    { name: 'person', of: 0, count: 'persons' },
    { name: 'car', of: 0, count: 'cars' },
  ],
  relations: [{ member: 1, group: 0 }],
  columns: [column('wealth', 0), column('wage', 1, 1), column('value', 2, 2)],
  outputs: [0],
}

describe('a plan', () => {
  it('as it should be passes, and its slots are told by level', () => {
    const plan = planOf({
      ...peopled,
      constants: [constant(5, 2)],
      operations: { run: [op('neg', 6, 5)], draw: [op('mul', 3, 1, 5), op('sumMembers', 4, 3, 0)] },
    })
    expect([...checkPlan(plan, 1, one)].slice(0, 7)).toEqual([0, 1, 2, 1, 0, -1, -1])
  })

  it.each<[string, PlanParts]>([
    ['a slot of an output', { outputs: [64] }],
    ['a slot of an operation', { operations: { step: [op('add', -1, 0, 0)] } }],
    ['a slot that is no whole number', { timeSlot: 1.5 }],
    ['a slot of a register', { registers: [{ slot: 0, initial: 0, next: 64 }] }],
    ['a slot of a ring', { rings: [{ slot: 0, initial: 0, input: 0, delay: 99, length: 1 }] }],
    ['a slot of an identity', { identities: [{ name: 'i', holds: 0, difference: -3 }] }],
    ['a slot of a trajectory', { trajectories: [{ name: 't', slot: 64 }] }],
    ['a slot of an unknown', { solves: [{ ...solve, unknowns: [{ slot: 0, next: 1, guess: 70 }] }] }],
    ['a slot in a solve block', { solves: [{ ...solve, body: [op('cos', 1, 64)] }] }],
    ['a table in a solve block', { solves: [{ ...solve, body: [op('lookup', 1, 0, 0)] }] }],
    ['a slot in a part', { solves: [{ ...solve, method: 'gaussSeidel', body: [], parts: [[op('cos', 64, 0)]] }] }],
    ['a table', { operations: { step: [op('lookup', 0, 0, 3)] } }],
    ['a relation', { operations: { step: [op('sumMembers', 0, 0, 0)] } }],
    ['a solve block', { operations: { step: [op('solve', 0, 0)] } }],
    ['a level of a column', { columns: [column('x', 0, 1)] }],
    ['a level of a random number', { uniforms: [{ name: 'u', slot: 0, level: -1, everyStep: false, stream: 1 }] }],
  ])('that names %s it does not have is MODEL_INVALID', (_, parts) => {
    expect(() => checkPlan(planOf(parts), 1, one)).toThrow(expect.objectContaining({ code: 'MODEL_INVALID' }))
  })

  it.each<[string, PlanParts]>([
    ['adds a household to a person', { operations: { draw: [op('add', 3, 0, 1)] } }],
    ['adds a person to a car', { operations: { draw: [op('add', 3, 1, 2)] } }],
    ['gathers what are no members', { operations: { draw: [op('sumMembers', 3, 0, 0)] } }],
    ['gathers into a slot of persons', { operations: { draw: [op('copy', 3, 1), op('sumMembers', 3, 1, 0)] } }],
    ['hands down what is no group', { operations: { draw: [op('project', 3, 1, 0)] } }],
    ['shows a person', { outputs: [1] }],
    ['asserts something of a person', { identities: [{ name: 'i', holds: 1, difference: 0 }] }],
    ['delays a person', { rings: [{ slot: 3, initial: 0, input: 1, delay: 0, length: 2 }] }],
    ['solves for a person', { solves: [{ ...solve, unknowns: [{ slot: 1, next: 3, guess: 4 }] }] }],
    [
      'mixes levels in a solve block',
      { solves: [{ ...solve, unknowns: [{ slot: 3, next: 4, guess: 0 }], body: [op('add', 4, 3, 1)] }] },
    ],
    ['moves a household by a person', { stocks: [{ ...stock(0, 5, 1) }], time: {} }],
    ['counts persons by cars', { columns: [column('persons', 1, 2)] }],
    ['gathers cars in persons', { relations: [{ member: 2, group: 1 }] }],
    ['gathers households in themselves', { relations: [{ member: 0, group: 0 }] }],
  ])('that %s is MODEL_INVALID', (_, parts) => {
    expect(() => checkPlan(planOf({ ...peopled, ...parts }), 1, one)).toThrow(
      expect.objectContaining({ code: 'MODEL_INVALID' }),
    )
  })

  it.each<[string, PlanParts]>([
    ['has no levels', { levels: [] }],
    ['has lanes that are members', { levels: [{ name: 'a', of: 0, count: 'n' }] }],
    [
      'has a level of its own members',
      {
        levels: [
          { name: 'a', of: null, count: null },
          { name: 'b', of: 1, count: 'n' },
        ],
      },
    ],
    ['has a ring of no length', { rings: [{ slot: 0, initial: 0, input: 0, delay: 0, length: 0 }] }],
    ['has a flow that is a stock', { ...timed, stocks: [stock(0, 1, 2), stock(3, 1, 0)] }],
    ['saves a step behind the last', { ...timed, time: { steps: 4, saveAt: [0, 5] } }],
    ['saves steps that do not rise', { ...timed, time: { saveAt: [2, 1] } }],
    ['saves every 0 steps', { ...timed, time: { saveEvery: 0 } }],
    ['takes half a step', { ...timed, time: { steps: 0.5 } }],
    ['has no stages', { ...timed, time: { stages: [] } }],
    ['has a first stage in the middle of the step', { ...timed, time: { stages: [{ c: 0.5, a: 0.5, b: 1 }] } }],
    ['solves before there are lanes', { solves: [solve], operations: { run: [op('solve', 5, 0)] } }],
    ['solves within a solve block', { solves: [{ ...solve, body: [op('solve', 1, 0)] }] }],
    ['solves for nothing', { solves: [{ ...solve, unknowns: [] }] }],
    ['solves by an unknown method', { solves: [{ ...solve, method: 'guess' as 'newton' }] }],
    ['iterates for ever', { solves: [{ ...solve, maxIterations: 1e9 }] }],
    ['iterates not once', { solves: [{ ...solve, maxIterations: 0 }] }],
    ['takes steps of no length', { solves: [{ ...solve, damping: 0 }] }],
    ['has a tolerance that is not a number', { solves: [{ ...solve, tolerance: Number.NaN }] }],
    ['has a part too few', { solves: [{ ...solve, method: 'gaussSeidel' as const, body: [] }] }],
    ['has a table without points', { tables: [{ xs: [], ys: [] }] }],
    ['has a table with a value too few', { tables: [{ xs: [0, 1], ys: [0] }] }],
  ])('that %s is MODEL_INVALID', (_, parts) => {
    expect(() => checkPlan(planOf(parts), 1, one)).toThrow(expect.objectContaining({ code: 'MODEL_INVALID' }))
  })

  it('of another ABI is KERNEL_REFUSED', () => {
    const plan: Plan = { ...planOf({ outputs: [0] }), abi: KERNEL_ABI + 1 }
    expect(() => checkPlan(plan, 1, one)).toThrow(expect.objectContaining({ code: 'KERNEL_REFUSED' }))
  })

  it('with an operation that the machine lacks, also in a solve block, is CONSTRUCT_UNSUPPORTED', () => {
    for (const parts of [
      { operations: { step: [[99, 0, 0]] } },
      { solves: [{ ...solve, body: [[1, 0, 0]] }] },
    ] as const) {
      expect(() => checkPlan(planOf(parts as unknown as PlanParts), 1, one)).toThrow(
        expect.objectContaining({ code: 'CONSTRUCT_UNSUPPORTED' }),
      )
    }
  })
})
