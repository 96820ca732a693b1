// Lowering of solve blocks: what is inside, what is hoisted, where the block is solved, and in which parts.
import { describe, expect, it } from 'vitest'
import { operationKind } from '../../layout/operations.ts'
import { call, expression, initial, reduce, type Term } from '../build.ts'
import type { Model, SolveBlock, Variable } from '../model.ts'
import { type Operation, type Plan, planHash } from '../plan.ts'
import { lower } from './lower.ts'

const unit = '1'
const time = { start: 0, dt: 1, steps: 3, saveEvery: 1, unit: 'year' }
const aux = (name: string, equation: Term): Variable => ({
  kind: 'auxiliary',
  name,
  unit,
  equation: expression(equation),
})
const stock = (name: string, first: Term, flow: Term): Variable => ({
  kind: 'stock',
  name,
  unit,
  initial: expression(first),
  flow: expression(flow),
})
const leaves: Variable[] = [{ kind: 'column', name: 'w', unit }, { kind: 'input', name: 'i', unit }, stock('s', 1, 1)]
const block = (unknowns: readonly string[], over: Partial<SolveBlock> = {}): SolveBlock => ({
  name: 'block',
  unknowns,
  method: 'newton',
  tolerance: 1e-9,
  maxIterations: 50,
  damping: 1,
  ...over,
})
const names = (operations: readonly Operation[]) => operations.map(([code]) => operationKind(code)!.name)

function plan(
  variables: readonly Variable[],
  solves: readonly SolveBlock[],
  outputs: string[],
  over: Partial<Model> = {},
): Plan {
  return lower({ name: 'test', variables: [...leaves, ...variables], tables: {}, outputs, time, solves, ...over })
}

describe('a solve block', () => {
  it('holds what lies between the unknowns; all else is computed before it, where it belongs', () => {
    const p = plan(
      [
        aux('x', call('add', call('mul', call('exp', 'y'), call('sqrt', 'w')), call('sin', 's'))),
        aux('y', call('mul', 'x', call('sqrt', 'i'))),
      ],
      [block(['x'])],
      ['y'],
    )
    expect(names(p.operations.run)).toEqual(['sqrt'])
    expect(names(p.operations.draw)).toEqual(['sqrt'])
    expect(names(p.operations.step)).toEqual(['sin', 'solve'])
    expect(names(p.solves[0]!.body)).toEqual(['mul', 'exp', 'addMul'])
    // Outside, y is computed once more of the solution.
    expect(names(p.operations.save)).toEqual(['mul'])
  })

  it.each([
    ['w', undefined, 'draw'],
    ['i', undefined, 'draw'],
    ['s', undefined, 'step'],
    ['s', 'rk4', 'stage'],
    ['g', 'rk4', 'step'],
  ] as const)('of %s and the method %s is solved in the phase %s', (name, method, phase) => {
    const { operations } = plan(
      [{ kind: 'series', name: 'g', unit, default: 0 }, aux('x', call('cos', call('mul', 'x', name)))],
      [block(['x'])],
      ['x'],
      { time: { ...time, ...(method ? { method } : {}) } },
    )
    expect(names(operations[phase])).toEqual(['solve'])
    expect(
      Object.values(operations)
        .flat()
        .filter(([code]) => code === 58),
    ).toHaveLength(1)
  })

  it('is solved at each step though only an output reads it', () => {
    const { operations } = plan([aux('x', call('cos', call('mul', 'x', 's')))], [block(['x'])], ['x'], {
      time: { ...time, saveEvery: 3 },
    })
    expect([names(operations.step), operations.save]).toEqual([['solve'], []])
  })

  it('has slots of its own, which nothing else is written to', () => {
    const p = plan(
      [
        aux('x', call('sin', call('add', call('exp', call('exp', call('exp', 's'))), call('cos', 'x')))),
        aux('out', call('exp', call('exp', call('exp', call('add', 'x', 's'))))),
      ],
      [block(['x'])],
      ['out'],
    )
    const own = new Set(p.solves[0]!.body.map(([, out]) => out))
    expect(own.size).toBe(p.solves[0]!.body.length)
    for (const operations of Object.values(p.operations))
      for (const [, out] of operations) expect(own.has(out)).toBe(false)
    expect(own.has(p.solves[0]!.unknowns[0]!.slot)).toBe(false)
  })

  it('fuses forms inside and outside, not across its border', () => {
    const p = plan([aux('x', call('add', 's', call('mul', call('mul', 'w', 's'), 'x')))], [block(['x'])], ['x'])
    expect([names(p.operations.step), names(p.solves[0]!.body)]).toEqual([['mul', 'solve'], ['addMul']])
  })

  it('copies an unknown that is another by itself', () => {
    const p = plan([aux('x', 'y'), aux('y', call('cos', 'x'))], [block(['x', 'y'])], ['x'])
    expect(names(p.solves[0]!.body)).toEqual(['copy', 'cos'])
    const [x, y] = p.solves[0]!.unknowns
    expect(x!.next).not.toBe(y!.slot)
  })

  it('takes an equation without unknowns from outside', () => {
    const p = plan([aux('x', call('exp', 's')), aux('y', call('mul', 'y', 'x'))], [block(['x', 'y'])], ['y'])
    expect([names(p.operations.step), names(p.solves[0]!.body)]).toEqual([['exp', 'solve'], ['mul']])
    expect(p.solves[0]!.unknowns[0]!.next).toBe(p.operations.step[0]![1])
  })

  it('that nothing needs is left out', () => {
    const p = plan([aux('x', call('cos', call('mul', 'x', 'w')))], [block(['x'])], ['s'])
    expect([p.solves, p.columns]).toEqual([[], []])
  })

  it('waits for another whose unknowns it reads', () => {
    const p = plan(
      [aux('x', call('cos', call('mul', 'x', 'y'))), aux('y', call('cos', call('mul', 'y', 'w')))],
      [block(['x'], { name: 'a' }), block(['y'], { name: 'b' })],
      ['x'],
    )
    expect(p.solves.map((s) => s.name)).toEqual(['a', 'b'])
    expect(p.operations.draw.map(([, , index]) => index)).toEqual([1, 0])
  })

  it('may be declared in any order', () => {
    const variables = [aux('x', call('cos', call('mul', 'x', 'y'))), aux('y', call('cos', call('mul', 'y', 'w')))]
    const blocks = [block(['x'], { name: 'a' }), block(['y'], { name: 'b' })]
    const [first, second] = [blocks, blocks.toReversed()].map((solves) => plan(variables, solves, ['x']))
    expect(planHash(first!)).toBe(planHash(second!))
  })
})

describe('a guess', () => {
  const circle = aux('x', call('cos', call('mul', 'x', 's')))

  it('is 0 where none is given', () => {
    const p = plan([circle], [block(['x'])], ['x'])
    expect(p.constants.find((c) => c.slot === p.solves[0]!.unknowns[0]!.guess)!.value).toBe(0)
  })

  it('is computed before the first step', () => {
    const p = plan([circle], [block(['x'], { guess: { x: call('exp', call('mul', 'w', 's')) } })], ['x'])
    // s is 1 at the start.
    expect([names(p.operations.draw), names(p.operations.step)]).toEqual([['exp'], ['solve']])
    expect(p.solves[0]!.unknowns[0]!.guess).toBe(p.operations.draw[0]![1])
  })
})

describe('the value of an unknown at the start', () => {
  it('is solved apart, before the first step', () => {
    const p = plan(
      [aux('x', call('cos', call('mul', 'x', 'level'))), stock('level', 'w', call('sub', 'x', initial('x')))],
      [block(['x'])],
      ['level'],
    )
    expect(p.solves.map((s) => s.name)).toEqual(['block', 'block at the start'])
    expect([names(p.operations.draw), names(p.operations.step)]).toEqual([['solve'], ['solve', 'sub']])
  })

  it('is the value where nothing changes', () => {
    const p = plan([aux('x', call('cos', call('mul', 'x', 'w'))), stock('level', 'x', 'x')], [block(['x'])], ['level'])
    expect(p.solves.map((s) => s.name)).toEqual(['block'])
    expect(p.stocks[0]!.initial).toBe(p.stocks[0]!.flow)
  })

  it('may be what a stock begins with that the block reads', () => {
    const p = plan(
      [aux('x', call('cos', call('mul', 0.5, 'level'))), stock('level', 'x', 1)],
      [block(['x'])],
      ['level', 'x'],
    )
    expect(names(p.solves.find((s) => s.name === 'block at the start')!.body)).toEqual(['mul', 'cos'])
  })
})

describe('Gauss-Seidel', () => {
  const method = { method: 'gaussSeidel' as const }

  it('has a part for each unknown, with what it needs', () => {
    const p = plan(
      [aux('x', call('cos', call('mul', 'y', 'w'))), aux('y', call('sin', call('mul', 'x', 's')))],
      [block(['x', 'y'], method)],
      ['x'],
    )
    expect(p.solves[0]!.parts.map(names)).toEqual([
      ['mul', 'cos'],
      ['mul', 'sin'],
    ])
  })

  it('computes what is shared once, and once more where an unknown has been set since', () => {
    const shared = (of: string) => call('exp', call('mul', of, 'w'))
    const variables = [
      aux('x', call('add', shared('x'), shared('z'))),
      aux('y', call('sub', shared('x'), shared('z'))),
      aux('z', call('mul', 'x', 'y')),
    ]
    const { parts, body } = plan(variables, [block(['x', 'y', 'z'], method)], ['x']).solves[0]!
    expect(names(body)).toEqual(['mul', 'exp', 'mul', 'exp', 'add', 'sub', 'mul'])
    // What is of z holds on until z is set, what is of x is stale.
    expect(parts.map(names)).toEqual([['mul', 'exp', 'mul', 'exp', 'add'], ['mul', 'exp', 'sub'], ['mul']])
  })

  it('is left to no other method', () => {
    expect(plan([aux('x', call('cos', 'x'))], [block(['x'])], ['x']).solves[0]!.parts).toEqual([])
  })
})

describe('a circle through members', () => {
  it('is refused', () => {
    const variables: Variable[] = [
      { ...aux('share', call('mul', 'x', 'w')), entity: 'person' },
      aux('x', call('cos', reduce('sum', 'person', 'share'))),
    ]
    const entities = [{ name: 'household' }, { name: 'person', of: 'household' }]
    expect(() => plan(variables, [block(['x'])], ['x'], { entities })).toThrow(
      'solves.block: the circle goes through person; only values of household can be solved for',
    )
  })
})
