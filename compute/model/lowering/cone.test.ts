// The cone of a change: what is in it, what the model that runs it alone keeps, and variants beside each other.
import { describe, expect, it } from 'vitest'
import { call, expression, initial, reduce, type Term } from '../build.ts'
import type { Model, SolveBlock, Variable } from '../model.ts'
import { coneModel, coneOf } from './cone.ts'
import { lower } from './lower.ts'
import { withVariants } from './variants.ts'

const unit = '1'
const time = { start: 0, dt: 1, steps: 3, saveEvery: 1, unit: 'year' }
const aux = (name: string, equation: Term, entity?: string): Variable => ({
  kind: 'auxiliary',
  name,
  unit,
  equation: expression(equation),
  ...(entity === undefined ? {} : { entity }),
})
const stock = (name: string, first: Term, flow: Term): Variable => ({
  kind: 'stock',
  name,
  unit,
  initial: expression(first),
  flow: expression(flow),
})
const input = (name: string): Variable => ({ kind: 'input', name, unit, default: 1 })
const random = (name: string): Variable => ({
  kind: 'random',
  name,
  unit,
  distribution: { kind: 'normal', mean: 0, sd: 1 },
})
const model = (variables: readonly Variable[], outputs: readonly string[], over: Partial<Model> = {}): Model => ({
  name: 'test',
  variables,
  tables: {},
  outputs,
  time,
  ...over,
})

/** Income feeds wealth, wealth and the rate feed interest; growth is apart. */
const economy = model(
  [
    input('rate'),
    input('tax'),
    stock('growth', 1, call('mul', 'growth', 'rate')),
    aux('income', call('mul', 'growth', 3)),
    aux('net', call('mul', 'income', call('sub', 1, 'tax'))),
    stock('wealth', 'net', 'net'),
    aux('apart', call('mul', 'growth', 'scale')),
    aux('scale', call('exp', 'rate')),
    { kind: 'previous', name: 'before', unit, value: expression('wealth'), initial: expression(0) },
    { kind: 'delay', name: 'late', unit, input: expression('before'), steps: expression(2), initial: expression(0) },
    aux('both', call('add', 'late', call('mul', 'apart', 'scale'))),
  ],
  ['apart', 'both', 'wealth'],
)

describe('the cone of a change', () => {
  it('is everything downstream, through equations, stocks and memory', () => {
    const { variables, outputs } = coneOf(economy, ['tax'])
    expect([...variables].sort()).toEqual(['before', 'both', 'late', 'net', 'tax', 'wealth'])
    expect(outputs).toEqual(['both', 'wealth'])
  })

  it('goes on through values at the start, lags, and distributions', () => {
    const variables: Variable[] = [
      input('i'),
      stock('s', 'i', 0),
      aux('first', initial('s')),
      { kind: 'delay', name: 'd', unit, input: expression(1), steps: expression('i'), initial: expression(0) },
      { kind: 'random', name: 'r', unit, distribution: { kind: 'normal', mean: expression('i'), sd: 1 } },
    ]
    expect([...coneOf(model(variables, ['s']), ['i']).variables].sort()).toEqual(['d', 'first', 'i', 'r', 's'])
  })

  it('takes in all unknowns of a block with one of them, and a block with its guess', () => {
    const solves: SolveBlock[] = [
      {
        name: 'block',
        unknowns: ['x', 'y'],
        method: 'newton',
        tolerance: 1e-9,
        maxIterations: 9,
        damping: 1,
        guess: { x: expression('g') },
      },
    ]
    const variables = [input('g'), input('i'), aux('x', call('mul', 'x', 'i')), aux('y', call('cos', 'y'))]
    const block = model(variables, ['y'], { solves })
    expect([...coneOf(block, ['i']).variables].sort()).toEqual(['i', 'x', 'y'])
    expect(coneOf(block, ['g']).outputs).toEqual(['y'])
  })

  it('of a name that the model does not have is told with the nearest', () => {
    expect(() => coneOf(economy, ['taxx'])).toThrow('the model has no variable taxx; did you mean tax?')
  })

  it('of nothing is empty', () => {
    expect(coneOf(economy, [])).toEqual({ variables: new Set(), outputs: [] })
  })
})

describe('the model of a cone', () => {
  it('reads what changes outside from trajectories, and keeps what does not', () => {
    const { model: cone, frontier } = coneModel(economy, ['tax'])
    expect(frontier).toEqual(['apart', 'income'])
    expect(cone.variables.map((v) => `${v.kind} ${v.name}`)).toEqual([
      'input rate',
      'input tax',
      'trajectory income',
      'auxiliary net',
      'stock wealth',
      'trajectory apart',
      'auxiliary scale',
      'previous before',
      'delay late',
      'auxiliary both',
    ])
    expect(cone.outputs).toEqual(['both', 'wealth'])
    expect(lower(cone).stocks).toHaveLength(1)
  })

  it('does not reach what no output inside needs', () => {
    expect(coneModel({ ...economy, outputs: ['wealth', 'apart'] }, ['tax']).frontier).toEqual(['income'])
  })

  it('keeps series and draws as they are', () => {
    const variables: Variable[] = [
      input('i'),
      { kind: 'series', name: 'g', unit },
      { ...random('r'), everyStep: true } as Variable,
      aux('out', call('mul', call('mul', 'g', 'r'), 'i')),
    ]
    const { model: cone, frontier } = coneModel(model(variables, ['out']), ['i'])
    expect([cone.variables.length, frontier]).toEqual([4, []])
  })

  it('keeps what is of members, over the trajectories of what is above', () => {
    const entities = [{ name: 'household' }, { name: 'person', of: 'household' }]
    const variables = [
      input('i'),
      stock('s', 1, 1),
      aux('share', call('mul', 's', 2), 'person'),
      aux('out', call('mul', 'i', reduce('sum', 'person', 'share'))),
    ]
    const { model: cone, frontier } = coneModel(model(variables, ['out'], { entities }), ['i'])
    expect([frontier, cone.variables.find((v) => v.name === 'share')!.kind]).toEqual([['s'], 'auxiliary'])
  })

  it('leaves out blocks and identities that the change does not touch', () => {
    const solves: SolveBlock[] = [
      { name: 'apart', unknowns: ['x'], method: 'newton', tolerance: 1e-9, maxIterations: 9, damping: 1 },
    ]
    const identity = (name: string, of: string) => ({ name, left: expression(of), right: expression(1), tolerance: 9 })
    const variables = [
      input('i'),
      stock('s', 1, 1),
      aux('x', call('cos', call('mul', 'x', 's'))),
      aux('out', call('mul', 'i', 'x')),
    ]
    const identities = [identity('one', 's'), identity('two', 'out')]
    const { model: cone, frontier } = coneModel(model(variables, ['out'], { solves, identities }), ['i'])
    expect([frontier, cone.solves, cone.identities!.map((i) => i.name)]).toEqual([['x'], [], ['two']])
  })

  it('is refused where a method of several stages would need the frontier within a step', () => {
    const staged = { ...economy, time: { ...time, method: 'rk4' as const } }
    expect(() => coneModel(staged, ['tax'])).toThrow(
      'the cone of a change needs apart within a step of the method rk4; run the whole model, or by euler',
    )
    expect(coneModel(staged, ['rate', 'tax']).frontier).toEqual([])
  })
})

describe('variants', () => {
  const half = { name: 'half', changes: { tax: { kind: 'constant', name: 'tax', unit, value: 0.5 } as Variable } }

  it('stand beside the model, which is computed once', () => {
    const both = withVariants(economy, [half])
    expect(both.outputs).toEqual(['apart', 'both', 'wealth', 'both @ half', 'wealth @ half'])
    expect(lower(both).stocks).toHaveLength(3)
  })

  it('keep their changes apart', () => {
    const none = { name: 'none', changes: { tax: { kind: 'constant', name: 'tax', unit, value: 0 } as Variable } }
    const names = withVariants(economy, [half, none]).variables.map((v) => v.name)
    expect(names).toContain('net @ half')
    expect(names).toContain('net @ none')
    expect(names).not.toContain('net @ half @ none')
  })

  it('draw the numbers of the model, also of those that they correlate with', () => {
    const correlations = [
      {
        names: ['p', 'q'],
        matrix: [
          [1, 0.5],
          [0.5, 1],
        ],
      },
    ]
    const base = model([input('i'), random('p'), random('q'), aux('out', call('add', 'p', 'q'))], ['out'], {
      correlations,
    })
    const wider: Variable = { kind: 'random', name: 'q', unit, distribution: { kind: 'normal', mean: 0, sd: 3 } }
    const plan = lower(withVariants(base, [{ name: 'wide', changes: { q: wider } }]))
    expect(plan.uniforms.map((u) => u.name)).toEqual(['p', 'q'])
  })

  it('may add variables', () => {
    const changes = { net: aux('net', call('sub', 'income', 'fee')), fee: aux('fee', call('mul', 'growth', 0.1)) }
    const both = withVariants(economy, [{ name: 'fees', changes }])
    expect(both.variables.map((v) => v.name)).toContain('fee @ fees')
    expect(() => lower(both)).not.toThrow()
  })

  it('have names of their own', () => {
    expect(() => withVariants(economy, [half, half])).toThrow('the name half of a variant is declared twice')
    expect(() => withVariants(economy, [{ ...half, name: ' ' }])).toThrow('is empty')
  })

  it('of none are the model', () => {
    expect(withVariants(economy, [])).toEqual(economy)
  })
})
