// Solve blocks on the machine against closed forms.
import { describe, expect, it } from 'vitest'
import { call, expression, type Term } from '../../compute/model/build.ts'
import { lower } from '../../compute/model/lowering/lower.ts'
import type { Model, SolveBlock, Variable } from '../../compute/model/model.ts'
import { newMachine, runBoth } from '../support/kernels.ts'

const machine = newMachine()
const unit = '1'
const METHODS = ['newton', 'gaussSeidel'] as const
const aux = (name: string, equation: Term): Variable => ({
  kind: 'auxiliary',
  name,
  unit,
  equation: expression(equation),
})
const block = (unknowns: readonly string[], over: Partial<SolveBlock> = {}): SolveBlock => ({
  name: 'block',
  unknowns,
  method: 'newton',
  tolerance: 1e-12,
  maxIterations: 500,
  damping: 1,
  ...over,
})

async function solved(
  variables: readonly Variable[],
  solve: SolveBlock,
  outputs: readonly string[],
  over: Partial<Model> = {},
  columns: Record<string, Float64Array> = {},
): Promise<number[]> {
  const lanes = Object.values(columns)[0]?.length ?? 1
  const plan = lower({ name: 'test', variables, tables: {}, outputs, solves: [solve], ...over })
  const { values, status } = await runBoth(machine, { plan }, { from: 0, to: lanes }, columns)
  expect(status).toEqual({ kind: 'DONE' })
  return [...values]
}

describe('a Keynesian cross', () => {
  // Y = C + I + G - M, C = c0 + c (Y - t Y), M = m Y: Y = (c0 + I + G) / (1 - c (1 - t) + m).
  const variables: Variable[] = [
    { kind: 'column', name: 'G', unit },
    aux('Y', call('sub', call('add', call('add', 'C', 50), 'G'), call('mul', 0.15, 'Y'))),
    aux('C', call('add', 20, call('mul', 0.8, call('sub', 'Y', 'T')))),
    aux('T', call('mul', 0.25, 'Y')),
  ]
  const spending = [0, 40, 80, 1000]
  const closed = spending.map((g) => (20 + 50 + g) / (1 - 0.8 * 0.75 + 0.15))

  it.each(METHODS)('is solved by %s, with what lies between consistent', async (method) => {
    const values = await solved(
      variables,
      block(['Y'], { method }),
      ['Y', 'C', 'T'],
      {},
      { G: Float64Array.from(spending) },
    )
    const of = (output: number, lane: number) => values[output * spending.length + lane]!
    for (const [lane, y] of closed.entries()) {
      expect(of(0, lane) / y).toBeCloseTo(1, 10)
      expect(of(1, lane)).toBe(20 + 0.8 * (of(0, lane) - of(2, lane)))
      expect(of(2, lane)).toBe(0.25 * of(0, lane))
    }
  })

  it.each(METHODS)('gives the same income whichever of its variables is solved for, by %s', async (method) => {
    for (const unknowns of [['C'], ['Y', 'T'], ['Y', 'C', 'T']]) {
      // Income is in its own equation too, so that it is always an unknown or solved through one.
      const own = unknowns.includes('Y')
        ? variables
        : variables.map((v) =>
            v.name === 'Y' ? aux('Y', call('div', call('add', call('add', 'C', 50), 'G'), 1.15)) : v,
          )
      const values = await solved(own, block(unknowns, { method }), ['Y'], {}, { G: Float64Array.from(spending) })
      for (const [lane, y] of closed.entries()) expect(values[lane]! / y).toBeCloseTo(1, 9)
    }
  })
})

describe('an equation that is not linear', () => {
  it.each(METHODS)('has its known solution by %s: the number that is its own cosine', async (method) => {
    const [x] = await solved([aux('x', call('cos', 'x'))], block(['x'], { method }), ['x'])
    // OEIS A003957.
    expect(x).toBeCloseTo(0.7390851332151607, 11)
  })

  it('clears a market: demand 100 p^-1/2 meets supply 4 p', async () => {
    const variables = [
      { kind: 'column', name: 'demand', unit } as Variable,
      aux('p', call('mul', 'p', call('div', call('mul', 'demand', call('pow', 'p', -0.5)), call('mul', 4, 'p')))),
    ]
    const prices = await solved(
      variables,
      block(['p'], { guess: { p: expression(1) } }),
      ['p'],
      {},
      { demand: Float64Array.of(100, 7, 1e4) },
    )
    for (const [lane, demand] of [100, 7, 1e4].entries())
      expect(prices[lane]! / (demand / 4) ** (2 / 3)).toBeCloseTo(1, 9)
  })

  it('is solved where damping alone makes Gauss-Seidel converge: x = 3 - 2 x', async () => {
    const variables = [aux('x', call('sub', 3, call('mul', 2, 'x')))]
    const [x] = await solved(variables, block(['x'], { method: 'gaussSeidel', damping: 0.4 }), ['x'])
    expect(x).toBeCloseTo(1, 10)
    const plan = lower({
      name: 'test',
      variables,
      tables: {},
      outputs: ['x'],
      solves: [block(['x'], { method: 'gaussSeidel' })],
    })
    const { status } = await runBoth(machine, { plan }, { from: 0, to: 1 })
    expect(status).toMatchObject({ kind: 'NOT_CONVERGED', block: 'block', lane: 0 })
  })
})

describe('a block over time', () => {
  const time = { start: 0, dt: 0.1, steps: 30, saveEvery: 1, unit: 'year' }

  it.each(METHODS)('is solved at each stage, by %s: capital grows as its closed form', async (method) => {
    // Output y = 0.5 k + 0.2 y, all saved but what is worn: k' = y - 0.1 k = (0.625 - 0.1) k.
    const variables: Variable[] = [
      { kind: 'stock', name: 'k', unit, initial: expression(1), flow: call('sub', 'y', call('mul', 0.1, 'k')) },
      aux('y', call('add', call('mul', 0.5, 'k'), call('mul', 0.2, 'y'))),
    ]
    const k = await solved(variables, block(['y'], { method }), ['k'], { time: { ...time, method: 'rk4' } })
    const z = 0.525 * 0.1
    const growth = 1 + z + z ** 2 / 2 + z ** 3 / 6 + z ** 4 / 24
    for (const [n, each] of k.entries()) expect(each / growth ** n).toBeCloseTo(1, 10)
    expect(k.at(-1)! / Math.exp(30 * z)).toBeCloseTo(1, 6)
  })

  it('begins at rest where a stock begins with the solution', async () => {
    // The price at which supply meets demand stays where it is.
    const variables: Variable[] = [
      { kind: 'stock', name: 'price', unit, initial: expression('clearing'), flow: call('sub', 'clearing', 'price') },
      aux('clearing', call('div', 12, call('add', 1, call('sqrt', 'clearing')))),
    ]
    const price = await solved(variables, block(['clearing'], { guess: { clearing: expression(1) } }), ['price'], {
      time,
    })
    for (const each of price) expect(each).toBe(price[0])
    expect(price[0]! * (1 + Math.sqrt(price[0]!))).toBeCloseTo(12, 10)
  })
})
