// Time on the machine: phases, stages of integration, registers, delays, what is given or drawn at each step, and what is saved.
import { describe, expect, it } from 'vitest'
import { newMachine, runBoth } from '../../test/support/kernels.ts'
import { column, constant, op, planOf, STAGES, stock } from '../../test/support/plans.ts'
import { uniform } from '../model/math/philox.ts'
import { type Plan, savedTimes } from '../model/plan.ts'

const machine = newMachine()
const one = { from: 0, to: 1 }

/** Values of an output in lane 0. */
async function trajectory(plan: Plan, given: Parameters<typeof runBoth>[1] | object = {}, output = 0) {
  const { values } = await runBoth(machine, { plan, ...given }, one)
  const times = savedTimes(plan).length
  return [...values.subarray(output * times, (output + 1) * times)]
}

/** ds/dt = s from 1: slot 0 is the stock, 1 its initial value, 2 the flow. */
const growing = (time: NonNullable<Parameters<typeof planOf>[0]['time']>) => {
  const walks = (time.stages?.length ?? 1) > 1 ? 'stage' : 'step'
  return planOf({
    constants: [constant(1, 1)],
    operations: { [walks]: [op('copy', 2, 0)] },
    stocks: [stock(0, 1, 2)],
    time,
    outputs: [0],
  })
}

describe('integration', () => {
  it.each([
    ['euler', 2],
    ['rk2', 4],
    ['rk4', 16],
  ] as const)('by %s comes %i times nearer at half the step', async (method, order) => {
    const error = async (steps: number) => {
      const plan = growing({ stages: STAGES[method], dt: 1 / steps, steps, saveAt: [steps] })
      return Math.abs((await trajectory(plan))[0]! - Math.E)
    }
    const ratio = (await error(16)) / (await error(32))
    expect(ratio).toBeGreaterThan(order * 0.8)
    expect(ratio).toBeLessThan(order * 1.2)
  })

  it('by the classical method is its formula, to the bit', async () => {
    const dt = 0.5
    const k = [1, 0, 0, 0]
    k[1] = 1 + 0.5 * dt * k[0]!
    k[2] = 1 + 0.5 * dt * k[1]
    k[3] = 1 + 1 * dt * k[2]
    const sum = (1 / 6) * k[0]! + (1 / 3) * k[1] + (1 / 3) * k[2] + (1 / 6) * k[3]
    expect(await trajectory(growing({ stages: STAGES.rk4, dt, steps: 1 }))).toEqual([1, 1 + dt * sum])
  })

  it('sees the time move within a step, and the time at which the step began stand still', async () => {
    // ds/dt = time: exact for the classical method; du/dt = step time: Euler whatever the method.
    const plan = planOf({
      constants: [constant(1, 0)],
      operations: { stage: [op('copy', 4, 2), op('copy', 5, 3)] },
      stocks: [stock(0, 1, 4), stock(6, 1, 5)],
      timeSlot: 2,
      stepTimeSlot: 3,
      time: { stages: STAGES.rk4, dt: 1, steps: 2, start: 0 },
      outputs: [0, 6, 2, 3],
    })
    for (const [output, expected] of [
      [0, [0, 0.5, 2]],
      [1, [0, 0, 1]],
    ] as const) {
      const values = await trajectory(plan, {}, output)
      for (const [i, value] of values.entries()) expect(value).toBeCloseTo(expected[i]!, 14)
    }
    expect(await trajectory(plan, {}, 2)).toEqual([0, 1, 2])
    expect(await trajectory(plan, {}, 3)).toEqual([0, 1, 2])
  })

  it('holds a stock in its bounds only at the end of the step', async () => {
    const plan = growing({ stages: STAGES.rk4, dt: 1, steps: 3 })
    const bounded = { ...plan, stocks: [{ ...plan.stocks[0]!, max: 3 }] }
    const [, first, second] = await trajectory(bounded)
    expect(first).toBeCloseTo(2.7083, 4)
    expect(second).toBe(3)
  })

  it('of a flow that is the same in all lanes moves all lanes', async () => {
    for (const method of ['euler', 'rk4'] as const) {
      const plan = planOf({
        columns: [column('x', 0)],
        constants: [constant(2, 3)],
        stocks: [stock(1, 0, 2)],
        time: { stages: STAGES[method], steps: 2 },
        outputs: [1],
      })
      const x = Float64Array.from({ length: 70 }, (_, i) => i)
      const { values } = await runBoth(machine, { plan }, { from: 0, to: 70 }, { x })
      expect([...values.subarray(140, 210)]).toEqual([...x].map((v) => v + 6))
    }
  })
})

describe('a register', () => {
  /** Slot 0 counts the steps, 1 is what it was a step before. */
  const remembering = (method: keyof typeof STAGES) =>
    planOf({
      constants: [constant(3, 1), constant(4, -7), constant(5, 0)],
      operations: { step: [op('add', 2, 0, 3)] },
      registers: [
        { slot: 0, initial: 5, next: 2 },
        { slot: 1, initial: 4, next: 0 },
      ],
      time: { stages: STAGES[method], steps: 4 },
      outputs: [0, 1],
    })

  it.each(['euler', 'rk4'] as const)('of a register is what that was a step before, by %s', async (method) => {
    expect(await trajectory(remembering(method))).toEqual([0, 1, 2, 3, 4])
    expect(await trajectory(remembering(method), {}, 1)).toEqual([-7, 0, 1, 2, 3])
  })

  it('takes the value that was evaluated first in its step, not that of a later stage', async () => {
    const plan = growing({ stages: STAGES.rk4, dt: 1, steps: 2 })
    const seen = { ...plan, registers: [{ slot: 5, initial: 1, next: 2 }], outputs: [0, 5].map(output) }
    const [s, previous] = [await trajectory(seen), await trajectory(seen, {}, 1)]
    expect(previous).toEqual([1, s[0], s[1]])
  })

  it('of a stock is what that was before it moved', async () => {
    const plan = growing({ steps: 3 })
    const seen = { ...plan, registers: [{ slot: 5, initial: 1, next: 0 }], outputs: [output(5)] }
    expect(await trajectory(seen)).toEqual([1, 1, 2, 4])
  })
})

const output = (slot: number) => ({ name: `slot${slot}`, unit: '1', slot })

describe('a delay', () => {
  /** What the time was `delay` steps ago: slot 0; -1 until then. */
  const delayed = (delay: number, length: number, steps = 6) =>
    planOf({
      constants: [constant(1, -1), constant(2, delay)],
      rings: [{ slot: 0, initial: 1, input: 3, delay: 2, length }],
      timeSlot: 3,
      time: { start: 100, steps },
      outputs: [0],
    })

  it.each([
    ['of two steps', 2, 2, [-1, -1, 100, 101, 102, 103, 104]],
    ['of two steps in a longer ring', 2, 5, [-1, -1, 100, 101, 102, 103, 104]],
    ['of one step', 1, 1, [-1, 100, 101, 102, 103, 104, 105]],
    ['of less than a step takes one', 0.2, 3, [-1, 100, 101, 102, 103, 104, 105]],
    ['below nothing takes one step', -4, 3, [-1, 100, 101, 102, 103, 104, 105]],
    ['that is not a number takes one step', Number.NaN, 3, [-1, 100, 101, 102, 103, 104, 105]],
    ['of two and a half steps takes three', 2.5, 3, [-1, -1, -1, 100, 101, 102, 103]],
    ['longer than its ring takes the length of the ring', 99, 3, [-1, -1, -1, 100, 101, 102, 103]],
    ['that is infinite takes the length of the ring', Number.POSITIVE_INFINITY, 3, [-1, -1, -1, 100, 101, 102, 103]],
    ['longer than the run never shows its input', 7, 7, [-1, -1, -1, -1, -1, -1, -1]],
  ])('%s', async (_, delay, length, expected) => {
    expect(await trajectory(delayed(delay, length))).toEqual(expected)
  })

  it('differs from lane to lane where its length does', async () => {
    const base = delayed(0, 5)
    const plan = {
      ...base,
      columns: [column('delay', 2)],
      constants: [constant(1, -1)],
      rings: [{ ...base.rings[0]!, delay: 2 }],
    }
    const delay = Float64Array.from({ length: 70 }, (_, i) => i % 7)
    const { values } = await runBoth(machine, { plan }, { from: 0, to: 70 }, { delay })
    const last = [...values.subarray(6 * 70)]
    expect(last.slice(0, 7)).toEqual([105, 105, 104, 103, 102, 101, 101])
  })

  it('that changes from step to step reads where it then points', async () => {
    const base = delayed(0, 4)
    const plan = { ...base, constants: [constant(1, -1)], series: [{ name: 'delay', slot: 2, default: null }] }
    expect(await trajectory(plan, { series: { delay: [1, 1, 2, 3, 1, 4, 2] } })).toEqual([
      -1, 100, 100, 100, 103, 101, 104,
    ])
  })

  it('takes its input from the first evaluation of a step', async () => {
    const plan = growing({ stages: STAGES.rk4, dt: 1, steps: 3 })
    const seen = {
      ...plan,
      rings: [{ slot: 5, initial: 1, input: 2, delay: 1, length: 1 }],
      outputs: [0, 5].map(output),
    }
    const [s, before] = [await trajectory(seen), await trajectory(seen, {}, 1)]
    expect(before).toEqual([1, s[0], s[1], s[2]])
  })
})

describe('what is given at each step', () => {
  it('reaches the machine by lane and step, in batches and beyond the last whole block', async () => {
    const plan = planOf({
      trajectories: [{ name: 'path', slot: 0 }],
      columns: [column('x', 1)],
      operations: { step: [op('add', 2, 0, 1)] },
      time: { steps: 3 },
      outputs: [0, 2],
    })
    const lanes = 130
    const path = Float64Array.from({ length: lanes * 4 }, (_, i) => Math.floor(i / 4) * 10 + (i % 4))
    const { values } = await runBoth(machine, { plan }, { from: 0, to: lanes }, { path, x: new Float64Array(lanes) })
    expect([...values.subarray(0, lanes * 4)]).toEqual(
      Array.from({ length: 4 * lanes }, (_, i) => (i % lanes) * 10 + Math.floor(i / lanes)),
    )
  })

  it('of the wrong length is BAD_INPUT', async () => {
    const plan = planOf({ trajectories: [{ name: 'path', slot: 0 }], time: { steps: 3 }, outputs: [0] })
    const run = machine.run({ plan, inputs: {}, series: {} }, { path: new Float64Array(7) }, { from: 0, to: 2 }, '1')
    await expect(run).rejects.toMatchObject({ code: 'BAD_INPUT', detail: { path: 'path' } })
  })
})

describe('a random number', () => {
  const drawing = (everyStep: boolean) =>
    planOf({
      uniforms: [{ name: 'u', slot: 0, level: 0, everyStep, stream: 77 }],
      time: { steps: 3 },
      outputs: [0],
    })

  it('is drawn once for a lane, at its absolute number', async () => {
    const { values } = await runBoth(machine, { plan: drawing(false) }, { from: 500, to: 570 }, {}, '9')
    const expected = Array.from({ length: 70 }, (_, i) => uniform(500 + i, 77, [9, 0]))
    for (const step of [0, 1, 2, 3]) expect([...values.subarray(step * 70, step * 70 + 70)]).toEqual(expected)
  })

  it('of every step is drawn anew, counted by the step', async () => {
    const { values } = await runBoth(machine, { plan: drawing(true) }, { from: 500, to: 570 }, {}, '9')
    const expected = Array.from({ length: 4 * 70 }, (_, i) => uniform(500 + (i % 70), 77, [9, 0], Math.floor(i / 70)))
    expect([...values]).toEqual(expected)
  })
})

describe('what is saved', () => {
  it.each([
    [[0], [1]],
    [[4], [16]],
    [
      [1, 3],
      [2, 8],
    ],
  ])('at the steps %j is their state', async (saveAt, expected) => {
    expect(await trajectory(growing({ saveAt }))).toEqual(expected)
  })

  it('is computed at saved steps alone', async () => {
    // A register that the save phase writes holds its first value until the first saved step.
    const plan = planOf({
      constants: [constant(1, 5)],
      timeSlot: 2,
      registers: [{ slot: 0, initial: 1, next: 3 }],
      operations: { draw: [op('copy', 3, 1)], save: [op('copy', 3, 2)] },
      time: { steps: 4, saveAt: [2, 4] },
      outputs: [0],
    })
    expect(await trajectory(plan)).toEqual([5, 2])
  })
})

describe('a plan without time', () => {
  it('is evaluated once, in all its phases', async () => {
    const plan = planOf({
      columns: [column('x', 0)],
      registers: [{ slot: 1, initial: 0, next: 0 }],
      operations: { step: [op('add', 2, 0, 1)], stage: [op('add', 3, 2, 2)], save: [op('neg', 4, 3)] },
      outputs: [4],
    })
    const { values } = await runBoth(machine, { plan }, { from: 0, to: 2 }, { x: Float64Array.of(1, 2.5) })
    expect([...values]).toEqual([-4, -10])
  })
})
