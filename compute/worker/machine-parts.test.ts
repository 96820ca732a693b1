// Partial runs: what goes on from a state equals, bit for bit, what never stopped.
import { describe, expect, it } from 'vitest'
import { expectEqualSnapshots, firstDifference, newMachine, runBoth } from '../../test/support/kernels.ts'
import { column, constant, op, planOf, STAGES, stock } from '../../test/support/plans.ts'
import { savedSteps } from '../model/plan.ts'
import type { Snapshot } from '../model/snapshot.ts'

const machine = newMachine()
const STEPS = 9
const range = { from: 100, to: 230 }

/** Everything that has a state: a stock and one of members, a register, a delay, a solve block; and numbers drawn at each step. */
const plan = planOf({
  levels: [
    { name: 'household', of: null, count: null },
    { name: 'person', of: 0, count: 'persons' },
  ],
  relations: [{ member: 1, group: 0 }],
  columns: [column('x', 0), column('y', 1, 1)],
  uniforms: [
    { name: 'u', slot: 2, level: 0, everyStep: true, stream: 1 },
    { name: 'v', slot: 3, level: 1, everyStep: true, stream: 2 },
  ],
  constants: [constant(4, 0.1), constant(5, 3), constant(6, 0)],
  operations: {
    stage: [
      // x = cos(stock + x / 10)
      ...[op('solve', 63, 0), op('mul', 20, 10, 4), op('add', 21, 20, 2), op('sub', 22, 30, 21)],
      // The members' flow: v less a tenth of what they have.
      ...[op('subMul', 23, 3, 11, 4), op('sumMembers', 24, 11, 0), op('add', 25, 24, 13)],
    ],
  },
  stocks: [stock(10, 0, 22), stock(11, 1, 23)],
  registers: [{ slot: 12, initial: 0, next: 22 }],
  rings: [{ slot: 13, initial: 6, input: 12, delay: 5, length: 4 }],
  solves: [
    {
      name: 'circle',
      method: 'newton',
      tolerance: 1e-3,
      maxIterations: 20,
      damping: 1,
      unknowns: [{ slot: 30, next: 32, guess: 6 }],
      body: [op('addMul', 31, 10, 30, 4), op('cos', 32, 31)],
      parts: [],
    },
  ],
  time: { stages: STAGES.rk4, dt: 0.25, steps: STEPS, saveEvery: 2 },
  outputs: [10, 12, 13, 25, 30],
})
const lanes = range.to - range.from
const persons = Float64Array.from({ length: lanes }, (_, i) => i % 4)
const columns = {
  x: Float64Array.from({ length: lanes }, (_, i) => i / 50),
  persons,
  y: Float64Array.from({ length: persons.reduce((a, b) => a + b, 0) }, (_, i) => i % 9),
}
const options = { firstRows: [100, 333] }
const run = (more: object = {}) => runBoth(machine, { plan }, range, columns, '8', { ...options, ...more })

/** Rows of several parts, one behind the other, as a whole run has them. */
function joined(parts: readonly Float64Array[]): Float64Array {
  const outputs = plan.outputs.length
  const rows = Array.from({ length: outputs }, (_, output) =>
    parts.flatMap((part) => [
      ...part.subarray((part.length / outputs) * output, (part.length / outputs) * (output + 1)),
    ]),
  )
  return Float64Array.from(rows.flat())
}

describe('a partial run', () => {
  it.each(Array.from({ length: STEPS + 1 }, (_, step) => step))(
    'to step %i and what goes on from it have the bits of the whole',
    async (until) => {
      const whole = await run()
      const first = await run({ until })
      expect(first.snapshot).toMatchObject({ step: until, range })
      expect(first.values.length).toBe(5 * lanes * savedSteps(plan).filter((step) => step < until).length)
      const second = await run({ from: first.snapshot })
      expect(second.snapshot).toBeNull()
      expect(firstDifference(joined([first.values, second.values]), whole.values)).toBe(-1)
    },
  )

  it('in three parts, and its state by any way, are the same', async () => {
    const to7 = await run({ until: 7 })
    const to3 = await run({ until: 3 })
    const from3 = await run({ from: to3.snapshot, until: 7 })
    expectEqualSnapshots(from3.snapshot, to7.snapshot)
    const rest = await run({ from: from3.snapshot })
    expect(firstDifference(joined([to3.values, from3.values, rest.values]), (await run()).values)).toBe(-1)
  })

  it('to the step that it begins at covers nothing and leaves its state as it was', async () => {
    const { snapshot } = await run({ until: 4 })
    const same = await run({ from: snapshot, until: 4 })
    expect(same.values.length).toBe(0)
    expectEqualSnapshots(same.snapshot, snapshot)
  })

  it('has the state of a whole range, in any chunks', async () => {
    const { snapshot } = await run({ until: 5 })
    const chunked = await machine.run({ plan, inputs: {}, series: {} }, columns, range, '8', {
      ...options,
      until: 5,
      chunkSteps: 3,
      onChunk: () => true,
    })
    expectEqualSnapshots(chunked.snapshot, snapshot)
  })

  it('goes on with a state that was written as JSON', async () => {
    const { snapshot } = await run({ until: 5 })
    const written = JSON.parse(JSON.stringify({ ...snapshot, values: [...snapshot!.values] })) as Snapshot
    const again = await run({ from: { ...written, values: Float64Array.from(written.values) } })
    const straight = await run({ from: snapshot })
    expect(firstDifference(again.values, straight.values)).toBe(-1)
  })

  it('that fails tells the time at which it does', async () => {
    const failing = { ...plan, identities: [{ name: 'i', holds: 40, difference: 0 }], timeSlot: 41 }
    const operations = { ...plan.operations, step: [op('lt', 40, 41, 5)] }
    const late = planOf({ ...failing, time: { ...plan.time!, dt: 1 }, operations, outputs: [10] })
    const until = await runBoth(machine, { plan: late }, range, columns, '8', { ...options, until: 3 })
    expect(until.status.kind).toBe('DONE')
    const rest = await runBoth(machine, { plan: late }, range, columns, '8', { ...options, from: until.snapshot! })
    expect(rest.status).toMatchObject({ kind: 'ASSERTION_FAILED', time: 3, lane: 100 })
  })
})

describe('a snapshot', () => {
  const refused = async (change: (snapshot: Snapshot) => Partial<Snapshot>, path: string, until?: number) => {
    const { snapshot } = await run({ until: 4 })
    const from = { ...snapshot!, ...change(snapshot!) }
    const part = machine.run({ plan, inputs: {}, series: {} }, columns, range, '8', {
      ...options,
      from,
      ...(until === undefined ? {} : { until }),
    })
    await expect(part).rejects.toMatchObject({ code: 'BAD_INPUT', detail: { path } })
  }

  it('of another plan is refused', () => refused(() => ({ planHash: 'f'.repeat(64) }), 'from'))
  it('of another range is refused', () => refused(() => ({ range: { from: 100, to: 229 } }), 'from'))
  it('of a step behind the last is refused', () => refused(() => ({ step: STEPS + 1 }), 'from'))
  it('of half a step is refused', () => refused(() => ({ step: 1.5 }), 'from'))
  it('with a value too few is refused', () => refused(({ values }) => ({ values: values.slice(1) }), 'from'))
  it('is not gone on from to a step before it', () => refused(() => ({}), 'until', 3))

  it.each([-1, 0.5, STEPS + 1])('at step %f is not to be had', async (until) => {
    const part = machine.run({ plan, inputs: {}, series: {} }, columns, range, '8', { ...options, until })
    await expect(part).rejects.toMatchObject({ code: 'BAD_INPUT', detail: { path: 'until' } })
  })

  it('of a plan without time is not to be had', async () => {
    const timeless = planOf({ constants: [constant(0, 1)], outputs: [0] })
    const part = machine.run({ plan: timeless, inputs: {}, series: {} }, {}, { from: 0, to: 1 }, '1', { until: 0 })
    await expect(part).rejects.toMatchObject({ code: 'BAD_INPUT' })
  })
})
