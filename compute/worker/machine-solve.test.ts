// Equations in a circle on the machine, and identities: what is solved, what is not, and how that is told.
import { describe, expect, it } from 'vitest'
import { firstDifference, newMachine, runBoth } from '../../test/support/kernels.ts'
import { column, constant, op, type PlanParts, planOf, STAGES, stock } from '../../test/support/plans.ts'
import type { Operation, Plan, PlanSolve } from '../model/plan.ts'

const machine = newMachine()
const one = { from: 0, to: 1 }

type Block = Partial<PlanSolve> & Pick<PlanSolve, 'unknowns'>

/** A solve block of 1e-12, 50 iterations and whole steps. Gauss-Seidel where it is given parts. */
const block = (over: Block): PlanSolve => ({
  name: 'circle',
  method: over.parts ? 'gaussSeidel' : 'newton',
  tolerance: 1e-12,
  maxIterations: 50,
  damping: 1,
  body: [],
  parts: [],
  ...over,
})
const unknown = (slot: number, next: number, guess: number) => ({ slot, next, guess })
const solving = (over: Block, rest: PlanParts): Plan =>
  planOf({ solves: [block(over)], operations: { draw: [op('solve', 63, 0)] }, ...rest })

/** x = cos x, whose solution is 0.739...; guess in slot 1, f in slot 2. */
const cosine: Operation[] = [op('cos', 2, 0)]
const DOTTIE = 0.7390851332151607

describe.each(['newton', 'gaussSeidel'] as const)('%s', (method) => {
  /** The operations as the method takes them: at once, or before the unknown that they stand before. */
  const equations = (...parts: Operation[][]) =>
    method === 'newton' ? { body: parts.flat() } : { method, parts, maxIterations: 500 }

  it('solves one equation to its tolerance', async () => {
    const plan = solving(
      { ...equations(cosine), unknowns: [unknown(0, 2, 1)] },
      { constants: [constant(1, 0)], outputs: [0, 2, 63] },
    )
    const { values, status } = await runBoth(machine, { plan }, one)
    expect(status.kind).toBe('DONE')
    expect(values[0]).toBeCloseTo(DOTTIE, 11)
    expect(Math.abs(values[0]! - values[1]!)).toBeLessThanOrEqual(1e-12 * (1 + values[0]!))
    expect(values[2]).toBe(0)
  })

  it('solves a system, and leaves what lies between as it is at the solution', async () => {
    // x = (y + 3) / 4, y = (x + 2 b) / 5 with b = x / 2: x = 5/6, y = 1/3.
    const plan = solving(
      {
        ...equations(
          [op('add', 4, 1, 10), op('div', 5, 4, 11)],
          [op('div', 6, 0, 12), op('addMul', 7, 0, 12, 6), op('div', 8, 7, 13)],
        ),
        unknowns: [unknown(0, 5, 2), unknown(1, 8, 2)],
      },
      {
        constants: [constant(2, 0), constant(10, 3), constant(11, 4), constant(12, 2), constant(13, 5)],
        outputs: [0, 1, 6],
      },
    )
    const { values, status } = await runBoth(machine, { plan }, one)
    expect(status.kind).toBe('DONE')
    expect(values[0]).toBeCloseTo(15 / 18, 11)
    expect(values[1]).toBeCloseTo(1 / 3, 11)
    expect(values[2]).toBe(values[0]! / 2)
  })

  it('gives each lane the bits that it has alone, however long its neighbours take', async () => {
    const plan = solving(
      { ...equations([op('mul', 3, 0, 4), op('cos', 2, 3)]), unknowns: [unknown(0, 2, 1)] },
      { constants: [constant(1, 0)], columns: [column('a', 4)], outputs: [0, 2] },
    )
    const a = Float64Array.from({ length: 130 }, (_, i) => (i % 13) / 14)
    const all = await runBoth(machine, { plan }, { from: 0, to: 130 }, { a })
    expect(all.status.kind).toBe('DONE')
    for (const lane of [0, 12, 63, 64, 129]) {
      const alone = await runBoth(machine, { plan }, { from: lane, to: lane + 1 }, { a: a.slice(lane, lane + 1) })
      expect([...alone.values]).toEqual([all.values[lane], all.values[130 + lane]])
    }
  })

  it('is solved at each stage of a step', async () => {
    // ds/dt = x with x = (x + s) / 2, that is x = s: the exponential.
    const plan = planOf({
      solves: [block({ ...equations([op('add', 3, 0, 4), op('mul', 2, 3, 5)]), unknowns: [unknown(0, 2, 1)] })],
      constants: [constant(1, 0), constant(5, 0.5), constant(6, 1)],
      operations: { stage: [op('solve', 63, 0)] },
      stocks: [stock(4, 6, 0)],
      time: { stages: STAGES.rk4, dt: 0.125, steps: 8, saveAt: [8] },
      outputs: [4],
    })
    const { values } = await runBoth(machine, { plan }, one)
    expect(values[0]).toBeCloseTo(Math.E, 5)
  })

  it('that does not converge in one lane says so, and leaves the bits of the others', async () => {
    // x = a / x has no solution for a < 0, and Newton from 1 needs few steps for a > 0; damped it is Heron's method.
    const plan = solving(
      {
        ...equations([op('div', 2, 4, 0)]),
        unknowns: [unknown(0, 2, 1)],
        damping: method === 'newton' ? 1 : 0.5,
        maxIterations: 40,
      },
      { constants: [constant(1, 1)], columns: [column('a', 4)], outputs: [0] },
    )
    const a = Float64Array.from({ length: 130 }, (_, i) => (i === 70 ? -1 : 1 + i))
    const { values, status } = await runBoth(machine, { plan }, { from: 1000, to: 1130 }, { a })
    expect(status).toMatchObject({ kind: 'NOT_CONVERGED', block: 'circle', lane: 1070, time: 0 })
    const good = await runBoth(machine, { plan }, { from: 1000, to: 1130 }, { a: a.with(70, 1) })
    expect(good.status.kind).toBe('DONE')
    expect(firstDifference(values.subarray(0, 70), good.values.subarray(0, 70))).toBe(-1)
    expect(firstDifference(values.subarray(71), good.values.subarray(71))).toBe(-1)
    expect(values[69]).toBeCloseTo(Math.sqrt(70), 10)
  })

  it.each([
    ['NaN', Number.NaN],
    ['infinite', Number.POSITIVE_INFINITY],
  ])('whose equation is %s ends at once, with a residual that is infinite', async (_, value) => {
    const plan = solving(
      { ...equations([op('add', 2, 0, 4)]), unknowns: [unknown(0, 2, 1)], maxIterations: 10_000 },
      { constants: [constant(1, 0), constant(4, value)], outputs: [1] },
    )
    const { status } = await runBoth(machine, { plan }, { from: 0, to: 70 })
    expect(status).toEqual({
      kind: 'NOT_CONVERGED',
      block: 'circle',
      residual: Number.POSITIVE_INFINITY,
      time: 0,
      lane: 0,
    })
  })

  it('tells the time of the stage at which it does not converge', async () => {
    // x = x + (s - 1)^2: any x solves it while s = 1, none later.
    const plan = planOf({
      solves: [
        block({
          ...equations([op('sub', 3, 4, 7), op('mul', 5, 3, 3), op('add', 2, 0, 5)]),
          unknowns: [unknown(0, 2, 1)],
        }),
      ],
      constants: [constant(1, 0), constant(6, 1), constant(7, 1)],
      operations: { stage: [op('solve', 63, 0)] },
      stocks: [stock(4, 6, 7)],
      time: { stages: STAGES.rk4, start: 10, dt: 1, steps: 8 },
      outputs: [4],
    })
    const { status } = await runBoth(machine, { plan }, one)
    expect(status).toMatchObject({ kind: 'NOT_CONVERGED', time: 10.5, lane: 0 })
  })
})

describe('newton', () => {
  it('halves steps that lead too far', async () => {
    // The root of arctan x: whole steps from 3 run away.
    const plan = solving(
      { body: [op('arctan', 3, 0), op('sub', 2, 0, 3)], unknowns: [unknown(0, 2, 1)] },
      { constants: [constant(1, 3)], outputs: [0] },
    )
    const { values, status } = await runBoth(machine, { plan }, one)
    expect(status.kind).toBe('DONE')
    expect(Math.abs(values[0]!)).toBeLessThan(1e-11)
  })

  it('of a singular Jacobian does not converge, and tells the residual that was left', async () => {
    // x = x + 1
    const plan = solving(
      { body: [op('add', 2, 0, 4)], unknowns: [unknown(0, 2, 1)] },
      { constants: [constant(1, 0), constant(4, 1)], outputs: [0] },
    )
    const { values, status } = await runBoth(machine, { plan }, one)
    expect(status).toEqual({ kind: 'NOT_CONVERGED', block: 'circle', residual: 1, time: 0, lane: 0 })
    expect(values[0]).toBe(0)
  })

  it('exchanges rows where a diagonal element of the Jacobian is 0', async () => {
    // x = x + y - 2, y = y + x - 3: y = 2, x = 3.
    const plan = solving(
      {
        body: [op('add', 4, 0, 1), op('sub', 5, 4, 10), op('sub', 6, 4, 11)],
        unknowns: [unknown(0, 5, 2), unknown(1, 6, 2)],
      },
      { constants: [constant(2, 0), constant(10, 2), constant(11, 3)], outputs: [0, 1] },
    )
    const { values } = await runBoth(machine, { plan }, one)
    expect(values[0]).toBeCloseTo(3, 10)
    expect(values[1]).toBeCloseTo(2, 10)
  })

  it('that may take one iteration does not converge where two are needed', async () => {
    const plan = solving(
      { body: cosine, unknowns: [unknown(0, 2, 1)], maxIterations: 1 },
      { constants: [constant(1, 0)], outputs: [0] },
    )
    const { status } = await runBoth(machine, { plan }, one)
    expect(status.kind).toBe('NOT_CONVERGED')
  })

  it('that begins at the solution takes no iteration', async () => {
    const plan = solving(
      { body: [op('mul', 2, 0, 4)], unknowns: [unknown(0, 2, 1)], maxIterations: 1 },
      { constants: [constant(1, 0), constant(4, 0.5)], outputs: [0] },
    )
    const { values, status } = await runBoth(machine, { plan }, one)
    expect([values[0], status.kind]).toEqual([0, 'DONE'])
  })
})

describe('gaussSeidel', () => {
  it('begins at the solution of the step before', async () => {
    // x = (x + s) / 2 halves the distance at each sweep: from the guess it would have too far to go at the later steps.
    const plan = planOf({
      solves: [
        block({ parts: [[op('add', 3, 0, 4), op('mul', 2, 3, 5)]], unknowns: [unknown(0, 2, 1)], maxIterations: 31 }),
      ],
      constants: [constant(1, 1e6), constant(5, 0.5), constant(7, 1e3)],
      operations: { step: [op('solve', 63, 0)] },
      stocks: [stock(4, 1, 7)],
      time: { steps: 20 },
      outputs: [0],
    })
    expect((await runBoth(machine, { plan }, one)).status.kind).toBe('DONE')
    const jumping = { ...plan, stocks: [stock(4, 1, 8)], constants: [...plan.constants, constant(8, 2e4)] }
    expect((await runBoth(machine, { plan: jumping }, one)).status.kind).toBe('NOT_CONVERGED')
  })
})

describe('an identity', () => {
  /** Holds in a lane until the time reaches x there; the difference is 100 + x. */
  const holding: PlanParts = {
    columns: [column('x', 0)],
    constants: [constant(3, 100)],
    operations: { draw: [op('add', 4, 0, 3)], step: [op('lt', 2, 1, 0)] },
    timeSlot: 1,
    identities: [{ name: 'balance', holds: 2, difference: 4 }],
    time: { start: 2000, steps: 5, saveAt: [5] },
    outputs: [1],
  }
  const x = () => new Float64Array(130).fill(1e9)

  it('that holds everywhere is silent', async () => {
    expect((await runBoth(machine, { plan: planOf(holding) }, { from: 0, to: 130 }, { x: x() })).status.kind).toBe(
      'DONE',
    )
  })

  it('that fails in one lane only is told with lane, time and difference, also at a step that is not saved', async () => {
    const data = x().with(70, 2003)
    const { status } = await runBoth(machine, { plan: planOf(holding) }, { from: 500, to: 630 }, { x: data })
    expect(status).toEqual({ kind: 'ASSERTION_FAILED', identity: 'balance', difference: 2103, time: 2003, lane: 570 })
  })

  it('that fails in several lanes is told where it fails first, then in the lowest lane', async () => {
    const data = x().with(3, 2004).with(70, 2003).with(90, 2003)
    const { status } = await runBoth(machine, { plan: planOf(holding) }, { from: 0, to: 130 }, { x: data })
    expect(status).toMatchObject({ lane: 70, time: 2003 })
  })

  it('of two that fail at once the first of the plan is told', async () => {
    const identities = [
      { name: 'first', holds: 2, difference: 4 },
      { name: 'second', holds: 2, difference: 3 },
    ]
    const plan = planOf({ ...holding, identities })
    const { status } = await runBoth(machine, { plan }, { from: 0, to: 130 }, { x: x().with(9, 2000) })
    expect(status).toMatchObject({ identity: 'first', lane: 9, time: 2000 })
  })

  it('that fails beyond the last lane does not count', async () => {
    // The lanes that fill the block up have 0 in their columns.
    const { status } = await runBoth(machine, { plan: planOf(holding) }, { from: 0, to: 3 }, { x: x().slice(0, 3) })
    expect(status.kind).toBe('DONE')
  })

  it('that is the same in all lanes is told of the first', async () => {
    const plan = planOf({
      constants: [constant(0, 0), constant(1, 7)],
      identities: [{ name: 'never', holds: 0, difference: 1 }],
      outputs: [1],
    })
    const { status } = await runBoth(machine, { plan }, { from: 10, to: 80 })
    expect(status).toEqual({ kind: 'ASSERTION_FAILED', identity: 'never', difference: 7, time: 0, lane: 10 })
  })

  it('that compares NaN does not hold, and is told before the output that is not a number', async () => {
    const plan = planOf({
      constants: [constant(0, -1)],
      operations: { run: [op('log', 1, 0), op('le', 2, 1, 0)] },
      identities: [{ name: 'sum', holds: 2, difference: 1 }],
      outputs: [1],
    })
    const { status } = await runBoth(machine, { plan }, one)
    expect(status).toEqual({ kind: 'ASSERTION_FAILED', identity: 'sum', difference: Number.NaN, time: 0, lane: 0 })
  })
})

describe('of several faults', () => {
  /** A block that has no solution from lane to lane and time to time, an identity and an output that fail likewise. */
  const plan = planOf({
    columns: [column('unsolved', 10), column('broken', 11), column('nan', 12)],
    constants: [constant(20, 0), constant(21, 1), constant(22, -1)],
    timeSlot: 1,
    operations: {
      step: [
        ...[op('le', 30, 10, 1), op('solve', 63, 0)],
        ...[op('lt', 31, 1, 11), op('le', 32, 12, 1), op('select', 33, 32, 22, 21), op('log', 34, 33)],
      ],
    },
    // x = x + (unsolved <= time)
    solves: [block({ name: 'b', body: [op('add', 2, 0, 30)], unknowns: [unknown(0, 2, 20)] })],
    identities: [{ name: 'i', holds: 31, difference: 20 }],
    time: { steps: 5 },
    outputs: [34],
  })
  const never = () => new Float64Array(4).fill(1e9)

  it.each([
    ['the earliest is told', [4, 3, 2], 'NOT_A_NUMBER'],
    ['at one time a block that does not converge is told first', [2, 2, 2], 'NOT_CONVERGED'],
    ['at one time an identity is told before a value that is not a number', [9, 2, 2], 'ASSERTION_FAILED'],
    ['an earlier identity is told before a block', [4, 3, 4], 'ASSERTION_FAILED'],
  ])('%s', async (_, [unsolved, broken, nan], kind) => {
    const columns = {
      unsolved: never().with(0, unsolved!),
      broken: never().with(3, broken!),
      nan: never().with(1, nan!),
    }
    const { status } = await runBoth(machine, { plan }, { from: 0, to: 4 }, columns)
    const time = Math.min(unsolved!, broken!, nan!)
    const lane = { NOT_CONVERGED: 0, ASSERTION_FAILED: 3, NOT_A_NUMBER: 1 }[kind as 'NOT_A_NUMBER']
    expect(status).toMatchObject({ kind, time, lane })
  })
})
