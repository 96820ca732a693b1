// The host side of the machine: ranges, batches, chunks, NaN, bad bindings.
import { describe, expect, it } from 'vitest'
import { firstDifference, newMachine, runBoth } from '../../test/support/kernels.ts'
import { KERNEL_ABI } from '../layout/memory.ts'
import { call, expression, type Term } from '../model/build.ts'
import { lower } from '../model/lowering/lower.ts'
import type { Model, Variable } from '../model/model.ts'
import type { Plan } from '../model/plan.ts'

const unit = '1'
const column: Variable = { kind: 'column', name: 'x', unit }
const normal: Variable = { kind: 'random', name: 'r', unit, distribution: { kind: 'normal', mean: 1, sd: 0.1 } }
const auxiliary = (name: string, equation: Term): Variable => ({
  kind: 'auxiliary',
  name,
  unit,
  equation: expression(equation),
})
const timeless = (variables: readonly Variable[], ...outputs: string[]): Plan =>
  lower({ name: 'test', variables, tables: {}, outputs })

const growth: Model = {
  name: 'growth',
  variables: [normal, { kind: 'stock', name: 's', unit, initial: expression(1), flow: call('mul', 'r', 's') }],
  tables: {},
  outputs: ['s', 'r'],
  time: { start: 2000, dt: 0.5, steps: 20, saveEvery: 1, unit: 'year' },
}

const machine = newMachine()
const bare = (plan: Plan) => ({ plan, inputs: {}, series: {} })

describe('a range of lanes', () => {
  it.each([1, 2, 63, 64, 65, 200])('of %i lanes gives each lane the bits it has in any other', async (lanes) => {
    const plan = lower(growth)
    const { values } = await runBoth(machine, { plan }, { from: 1000, to: 1000 + lanes }, {}, '5')
    const single = await machine.run(bare(plan), {}, { from: 1000 + lanes - 1, to: 1000 + lanes }, '5')
    const last = Float64Array.from(single.values, (_, row) => values[row * lanes + lanes - 1]!)
    expect(firstDifference(last, single.values)).toBe(-1)
  })

  it('near 2^32 counts its draws on', async () => {
    await runBoth(machine, { plan: lower(growth) }, { from: 2 ** 32 - 70, to: 2 ** 32 })
  })

  it.each([
    [0, 0],
    [5, 4],
    [-1, 4],
    [0.5, 4],
    [0, 2 ** 32 + 1],
  ])('from %f to %f is BAD_INPUT', async (from, to) => {
    const run = machine.run(bare(lower(growth)), {}, { from, to }, '1')
    await expect(run).rejects.toMatchObject({ code: 'BAD_INPUT', detail: { path: 'range' } })
  })

  it('too large for one batch gives the bits of the interpreter all the same', async () => {
    // 40 columns and outputs of 300,000 lanes are 192 MB: a dozen batches.
    const names = Array.from({ length: 40 }, (_, i) => `x${i}`)
    const variables = names.flatMap((name): Variable[] => [
      { kind: 'column', name, unit },
      auxiliary(`y${name}`, call('mul', name, 2)),
    ])
    const plan = timeless(variables, ...names.map((name) => `y${name}`))
    const lanes = 100_000
    const columns = Object.fromEntries(
      names.map((name, i) => [name, Float64Array.from({ length: lanes }, (_, j) => i + j)]),
    )
    const { values } = await machine.run(bare(plan), columns, { from: 0, to: lanes }, '1')
    const wrong = values.findIndex((value, i) => value !== 2 * (Math.floor(i / lanes) + (i % lanes)))
    expect(wrong).toBe(-1)
  })
})

describe('a value that is not finite', () => {
  const overflowing = (at: Term): Plan =>
    lower({
      ...growth,
      variables: [column, normal, { kind: 'stock', name: 's', unit, initial: expression(1), flow: expression(at) }],
      outputs: ['r', 's'],
    })

  it('is told by output, lane and time', async () => {
    // Lane 70 divides by zero once the stock has reached 3, after two steps of a half.
    const plan = overflowing(call('div', 2, call('sub', 'x', 's')))
    const x = new Float64Array(100).fill(1e9)
    x[70] = 1
    const { status } = await runBoth(machine, { plan }, { from: 500, to: 600 }, { x })
    expect(status).toEqual({ kind: 'NOT_A_NUMBER', output: 's', outputIndex: 1, lane: 570, time: 2000.5, timeIndex: 1 })
  })

  it('is told first by time, then by output, then by lane', async () => {
    const variables: Variable[] = [
      column,
      { kind: 'stock', name: 'late', unit, initial: expression(0), flow: call('div', 1, 'x') },
      auxiliary('early', call('log', 'x')),
    ]
    const plan = lower({ ...growth, variables, outputs: ['late', 'early'] })
    const x = new Float64Array(200).fill(1)
    x[3] = 0
    x[150] = -1
    const { status } = await runBoth(machine, { plan }, { from: 0, to: 200 }, { x })
    expect(status).toMatchObject({ output: 'early', lane: 3, time: 2000, timeIndex: 0 })
    x[3] = 1
    const second = await runBoth(machine, { plan }, { from: 0, to: 200 }, { x })
    expect(second.status).toMatchObject({ output: 'early', lane: 150 })
  })

  it('beyond the last lane does not count', async () => {
    // The lanes that fill the block up have 0 in their columns.
    const plan = timeless([column, auxiliary('y', call('div', 1, 'x'))], 'y')
    const { status } = await runBoth(machine, { plan }, { from: 0, to: 70 }, { x: new Float64Array(70).fill(2) })
    expect(status).toEqual({ kind: 'DONE' })
  })

  it('that no output shows is no fault', async () => {
    const plan = timeless([column, auxiliary('y', call('select', 0, call('log', 'x'), 'x'))], 'y')
    const { status } = await runBoth(machine, { plan }, { from: 0, to: 3 }, { x: Float64Array.of(-1, 0, 1) })
    expect(status).toEqual({ kind: 'DONE' })
  })

  it('leaves no trace in the next run', async () => {
    const plan = timeless([column, auxiliary('y', call('log', 'x'))], 'y')
    await machine.run(bare(plan), { x: Float64Array.of(-1) }, { from: 0, to: 1 }, '1')
    const { status } = await machine.run(bare(plan), { x: Float64Array.of(1) }, { from: 0, to: 1 }, '1')
    expect(status).toEqual({ kind: 'DONE' })
  })
})

describe('chunks', () => {
  it('tell the share done, rising to 1', async () => {
    const shares: number[] = []
    const onChunk = (share: number) => {
      shares.push(share)
      return true
    }
    await machine.run(bare(lower(growth)), {}, { from: 0, to: 130 }, '1', { onChunk, chunkSteps: 10 })
    // Three blocks of 21 steps.
    expect(shares).toEqual([10, 20, 30, 40, 50, 60, 63].map((units) => units / 63))
  })

  it('of any size give the same bits', async () => {
    const plan = lower(growth)
    const whole = await machine.run(bare(plan), {}, { from: 0, to: 130 }, '1')
    for (const chunkSteps of [1, 7, 21, 63, 64, 1000]) {
      const { values } = await machine.run(bare(plan), {}, { from: 0, to: 130 }, '1', { chunkSteps })
      expect(firstDifference(values, whole.values)).toBe(-1)
    }
  })

  it('let the caller cancel, also by a promise, and run again afterwards', async () => {
    const plan = lower(growth)
    const looks: number[] = []
    const onChunk = async (share: number) => looks.push(share) < 3
    const { status } = await machine.run(bare(plan), {}, { from: 0, to: 130 }, '1', { onChunk, chunkSteps: 5 })
    expect([status.kind, looks.length]).toEqual(['CANCELLED', 3])
    await runBoth(machine, { plan }, { from: 0, to: 130 })
  })
})

describe('a binding', () => {
  const needs: Model = {
    ...growth,
    variables: [
      column,
      { kind: 'input', name: 'i', unit },
      { kind: 'series', name: 'g', unit },
      { kind: 'stock', name: 's', unit, initial: expression('x'), flow: call('add', 'g', 'i') },
    ],
    outputs: ['s'],
  }
  const series = { g: new Array<number>(21).fill(1) }
  const x = new Float64Array(4)

  it.each([
    [{ inputs: {}, series }, { x }, 'the input i is not given'],
    [{ inputs: { i: Number.NaN }, series }, { x }, 'the input i is NaN'],
    [{ inputs: { i: 1 }, series: {} }, { x }, 'the series g is not given'],
    [{ inputs: { i: 1 }, series: { g: [1, 2] } }, { x }, 'the series g has 2 values; the horizon needs 21'],
    [
      { inputs: { i: 1 }, series: { g: series.g.with(3, Number.POSITIVE_INFINITY) } },
      { x },
      'the series g is Infinity at step 3',
    ],
    [{ inputs: { i: 1 }, series }, {}, 'the column x is not given'],
    [{ inputs: { i: 1 }, series }, { x: new Float64Array(3) }, 'the column x has 3 values for 4 lanes'],
  ])('that lacks something is BAD_INPUT: %#', async (given, columns, message) => {
    const run = machine.run(
      { plan: lower(needs), ...given },
      columns as Record<string, Float64Array>,
      { from: 0, to: 4 },
      '1',
    )
    await expect(run).rejects.toMatchObject({ code: 'BAD_INPUT', message: expect.stringContaining(message) })
  })

  it.each(['-1', '18446744073709551616', 'x', ''])('with the seed "%s" is BAD_INPUT', async (seed) => {
    const run = machine.run(bare(lower(growth)), {}, { from: 0, to: 1 }, seed)
    await expect(run).rejects.toMatchObject({ code: 'BAD_INPUT', detail: { path: 'seed' } })
  })
})

describe('a plan', () => {
  const plan = lower(growth)
  const one = { from: 0, to: 1 }

  it('of another ABI is KERNEL_REFUSED', async () => {
    const run = machine.run(bare({ ...plan, abi: KERNEL_ABI + 1 }), {}, one, '1')
    await expect(run).rejects.toMatchObject({ code: 'KERNEL_REFUSED' })
  })

  it('with an operation that the machine lacks is CONSTRUCT_UNSUPPORTED', async () => {
    const operations = { ...plan.operations, step: [[99, 0, 0]] as const }
    await expect(machine.run(bare({ ...plan, operations }), {}, one, '1')).rejects.toMatchObject({
      code: 'CONSTRUCT_UNSUPPORTED',
    })
  })

  it.each<[string, Partial<Plan>]>([
    ['slot', { outputs: [{ name: 'o', unit, slot: plan.slots }] }],
    ['slot', { operations: { ...plan.operations, step: [[1, -1, 0, 0]] } }],
    ['slot', { timeSlot: 1.5 }],
    ['table', { operations: { ...plan.operations, step: [[25, 0, 0, 3]] } }],
  ])('that names a %s it does not have is MODEL_INVALID: %#', async (_, over) => {
    await expect(machine.run(bare({ ...plan, ...over }), {}, one, '1')).rejects.toMatchObject({ code: 'MODEL_INVALID' })
  })

  it('whose block of lanes exceeds the memory is LIMIT_EXCEEDED', async () => {
    const long = { ...plan, time: { ...plan.time!, steps: 1_000_000 } }
    await expect(machine.run(bare(long), {}, one, '1')).rejects.toMatchObject({
      code: 'LIMIT_EXCEEDED',
      detail: { path: 'plan' },
    })
  })

  it('with more values than can be held is LIMIT_EXCEEDED', async () => {
    const run = machine.run(bare(plan), {}, { from: 0, to: 100_000_000 }, '1')
    await expect(run).rejects.toMatchObject({ code: 'LIMIT_EXCEEDED', detail: { path: 'range' } })
  })
})
