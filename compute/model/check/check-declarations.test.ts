// Faults of members, memory, correlations, solve blocks and identities, each with its place and its fix.
import { describe, expect, it } from 'vitest'
import { call, expression, initial, time as now, reduce, stepTime, type Term } from '../build.ts'
import type { Distribution, Expression, Model, Parameter, SolveBlock, TimeSpec, Variable } from '../model.ts'
import { modelFaults } from './check.ts'

const unit = '1'
const time: TimeSpec = { start: 2024, dt: 0.25, steps: 4, saveEvery: 1, unit: 'year' }
const aux = (name: string, equation: Term, entity?: string): Variable => ({
  kind: 'auxiliary',
  name,
  unit,
  equation: expression(equation),
  ...(entity === undefined ? {} : { entity }),
})
const random = (name: string, over: Partial<Extract<Variable, { kind: 'random' }>> = {}): Variable => ({
  kind: 'random',
  name,
  unit,
  distribution: { kind: 'normal', mean: 0, sd: 1 },
  ...over,
})
const rate: Variable = { kind: 'constant', name: 'rate', unit, value: 0.1 }
const stock: Variable = {
  kind: 'stock',
  name: 'income',
  unit,
  initial: expression(1),
  flow: call('mul', 'rate', 'income'),
}

function told(variables: readonly Variable[], over: Partial<Model> = {}): string[] {
  const model = { name: 'test', variables: [rate, stock, ...variables], tables: {}, outputs: ['rate'], time, ...over }
  return modelFaults(model).map(({ path, message }) => `${path}: ${message}`)
}

describe('time', () => {
  it.each<[Partial<TimeSpec>, string]>([
    [{ saveAt: [] }, 'time.saveAt: no step is saved; name one'],
    [{ saveAt: [0, 5] }, 'time.saveAt: 5 is none of the steps 0 to 4'],
    [{ saveAt: [0.5] }, 'time.saveAt: 0.5 is none of the steps 0 to 4'],
    [{ saveAt: [2, 1] }, 'time.saveAt: the steps rise, but 1 follows 2'],
    [{ saveAt: [2, 2] }, 'time.saveAt: the steps rise, but 2 follows 2'],
    [{ method: 'rk3' as 'rk2' }, 'time.method: there is no method rk3; take euler, rk2 or rk4'],
  ])('has the fault of %j told', (over, message) => {
    expect(told([], { time: { ...time, ...over } })).toEqual([message])
  })

  it('is needed by everything that remembers, and by identities that read it', () => {
    const variables: Variable[] = [
      rate,
      { kind: 'previous', name: 'p', unit, value: expression(1), initial: expression(1) },
      { kind: 'delay', name: 'd', unit, input: expression(1), steps: expression(1), initial: expression(1) },
      { kind: 'trajectory', name: 't', unit },
    ]
    const faults = modelFaults({
      name: 'test',
      variables,
      tables: {},
      outputs: ['rate'],
      identities: [{ name: 'books', left: stepTime, right: now, tolerance: 0 }],
    })
    expect(faults.map(({ path, message }) => `${path}: ${message}`)).toEqual([
      'p: a previous needs a model with time',
      'd: a delay needs a model with time',
      't: a trajectory needs a model with time',
      'identities.books: the equation reads the time of a model without time',
    ])
  })
})

describe('entities', () => {
  const entities = [{ name: 'household' }, { name: 'person', of: 'household' }, { name: 'unit', of: 'household' }]
  const wage: Variable = { kind: 'column', name: 'wage', unit, entity: 'person' }

  it('have their members reduced, and spread what is above', () => {
    const good = [wage, aux('tax', call('mul', 'wage', 'income'), 'person'), aux('all', reduce('sum', 'person', 'tax'))]
    expect(told(good, { entities })).toEqual([])
  })

  it('say how to reduce a member that is read without', () => {
    expect(
      modelFaults({
        name: 'test',
        variables: [rate, wage, aux('all', 'wage')],
        tables: {},
        outputs: ['all'],
        entities,
      }),
    ).toEqual([
      {
        path: 'all',
        message: 'wage is of person, a member of household; reduce it: sum(person, wage)',
        suggestion: 'sum(person, wage)',
      },
    ])
  })

  it('say how to reduce an output', () => {
    expect(told([wage], { entities, outputs: ['wage'] })).toEqual([
      'outputs.wage: an output is of household, and wage of person; reduce it: sum(person, wage)',
    ])
  })

  it('of two branches do not read each other', () => {
    expect(told([wage, aux('all', call('add', 'wage', 1), 'unit')], { entities })).toEqual([
      'all: wage is of person, and unit is no member of that',
    ])
  })

  it('are reduced over members alone', () => {
    const over = (entity: string) => aux('all', reduce('sum', entity, 'rate'))
    expect(told([over('household')], { entities })).toEqual(['all: household is no member of household'])
    expect(told([over('persn')], { entities })).toEqual(['all: the entity persn is not declared; did you mean person?'])
    const strange = { op: 'reduce', how: 'mean', over: 'person', x: expression('rate') } as unknown as Expression
    expect(told([aux('all', strange)], { entities })).toEqual([
      'all: there is no reduction mean; take one of sum, min, max, any, count',
    ])
  })

  it('of a variable are declared, and hold what a member can hold', () => {
    expect(told([aux('x', 1, 'persn')], { entities })).toEqual([
      'x: the entity persn is not declared; did you mean person?',
    ])
    const late: Variable = {
      kind: 'delay',
      name: 'late',
      unit,
      entity: 'person',
      input: expression(1),
      steps: expression(1),
      initial: expression(1),
    }
    expect(told([late], { entities })).toEqual([
      'late: a variable of kind delay is of household, not of its member person; reduce it first',
    ])
  })

  it.each([
    [[{ name: 'a', of: 'b' }], 'entities.a: the first entity is the lane, no member of b'],
    [[{ name: 'a' }, { name: 'b' }], 'entities.b: every entity but the first is a member of another; say of which'],
    [[{ name: 'a' }, { name: 'a', of: 'a' }], 'entities.a: the entity is declared twice; rename one of the two'],
    [
      [{ name: 'a' }, { name: 'b', of: 'c' }, { name: 'c', of: 'a' }],
      'entities.b: c is declared after b, its member; put it before',
    ],
    [[{ name: 'aaa' }, { name: 'b', of: 'aab' }], 'entities.b: the entity aab is not declared; did you mean aaa?'],
    [
      [{ name: 'a' }, ...['b', 'c', 'd', 'e'].map((name) => ({ name, of: 'a' }))],
      'entities: there are 4 member entities; a plan has at most 3',
    ],
    [[{ name: ' ' }], 'entities. : an entity has an empty name'],
  ])('have the faults of %j told', (entities, message) => {
    expect(told([], { entities })).toEqual([message])
  })
})

describe('distributions', () => {
  it.each<[Distribution, string]>([
    [{ kind: 'triangular', min: 0, mode: 2, max: 1 }, 'the mode 2 is not between the minimum 0 and the maximum 1'],
    [{ kind: 'exponential', mean: 0 }, 'the mean 0 is not above 0'],
    [{ kind: 'gamma', shape: 0, scale: 1 }, 'the shape 0 is not above 0'],
    [{ kind: 'gamma', shape: 1, scale: -1 }, 'the scale -1 is not above 0'],
    [{ kind: 'beta', alpha: -1, beta: 1 }, 'alpha -1 is not above 0'],
    [{ kind: 'beta', alpha: 1, beta: 1, min: 2 }, 'the minimum 2 is above the maximum 1'],
    [{ kind: 'poisson', mean: -1 }, 'the mean -1 is negative'],
    [{ kind: 'empirical', values: [] }, 'the empirical distribution has no values'],
    [{ kind: 'empirical', values: [1], weights: [1, 2] }, 'the empirical distribution has 1 values and 2 weights'],
    [{ kind: 'empirical', values: [1, 2], weights: [1, -2] }, 'the weight -2 is negative'],
    [{ kind: 'empirical', values: [1, 2], weights: [0, 0] }, 'all weights are 0'],
    [{ kind: 'empirical', values: [Number.NaN] }, 'a value is NaN, not a finite number'],
    [{ kind: 'normal', mean: 0 } as unknown as Distribution, 'sd is not given'],
  ])('have the fault of %j told', (distribution, message) => {
    expect(told([random('x', { distribution })])).toEqual([`x: ${message}`])
  })

  const by = (mean: Parameter, everyStep = false) =>
    random('x', { distribution: { kind: 'normal', mean, sd: 1 }, everyStep })

  it('take expressions, whose names are checked', () => {
    expect(told([by(call('mul', 'rate', 2))])).toEqual([])
    expect(told([by(expression('rat'))])).toEqual(['x: the variable rat is not declared; did you mean rate?'])
  })

  it('that are drawn once depend on nothing that changes', () => {
    expect(told([aux('twice', call('mul', 'income', 2)), by(expression('twice'))])).toEqual([
      'x: it is drawn once, but its distribution depends on twice, which changes; take initial(twice), or draw it at every step',
    ])
    expect(told([by(now)])).toEqual([
      'x: it is drawn once, but its distribution depends on the time, which changes; draw it at every step',
    ])
    expect(told([by(initial('income'))])).toEqual([])
    expect(told([by(expression('income'), true)])).toEqual([])
  })
})

describe('correlations', () => {
  const names = ['x', 'y']
  const faultsOf = (matrix: number[][], variables = [random('x'), random('y')], group = names) =>
    told(variables, { correlations: [{ names: group, matrix }] })
  const half = [
    [1, 0.5],
    [0.5, 1],
  ]

  it('that are sound pass', () => {
    expect(faultsOf(half)).toEqual([])
  })

  it.each([
    [[[1]], 'the matrix is not 2 by 2, as the names are'],
    [
      [
        [1, 0.5],
        [0.5, 2],
      ],
      'y has with itself the correlation 2, not 1',
    ],
    [
      [
        [1, 0.5],
        [0.4, 1],
      ],
      'the correlation of x and y is 0.5 and of y and x 0.4',
    ],
    [
      [
        [1, Number.NaN],
        [Number.NaN, 1],
      ],
      'the correlation of x and y is NaN, not a finite number',
    ],
    [
      [
        [1, 1],
        [1, 1],
      ],
      'the matrix is not positive definite: no numbers correlate like this',
    ],
  ])('have the fault of %j told', (matrix, message) => {
    expect(faultsOf(matrix)).toEqual([`correlations.x, y: ${message}`])
  })

  it('are of random parameters of one kind', () => {
    expect(faultsOf(half, [random('x'), random('y', { everyStep: true })])).toEqual([
      'correlations.x, y: the parameters are of different kinds: drawn once for each lane; drawn at each step for each lane; correlate those of one kind',
    ])
    expect(faultsOf(half, [random('x')], ['x', 'rate'])).toEqual([
      'correlations.x, rate: rate is a variable of kind constant; only random parameters correlate',
    ])
    expect(faultsOf(half, [random('x')], ['x', 'z'])).toEqual([
      'correlations.x, z: the random parameter z is not declared; did you mean x?',
    ])
    expect(faultsOf([[1]], [random('x')], ['x'])).toEqual([
      'correlations.x: a correlation is of two parameters or more',
    ])
  })

  it('name a parameter once', () => {
    const correlations = [
      { names, matrix: half },
      { names: ['y', 'z'], matrix: half },
    ]
    expect(told([random('x'), random('y'), random('z')], { correlations })).toEqual([
      'correlations.y, z: y stands in a correlation twice; make it one matrix',
    ])
  })
})

describe('solve blocks', () => {
  const block = (over: Partial<SolveBlock> = {}): SolveBlock => ({
    name: 'market',
    unknowns: ['p'],
    method: 'newton',
    tolerance: 1e-9,
    maxIterations: 50,
    damping: 1,
    ...over,
  })
  const circle = [aux('p', call('sub', 1, 'q')), aux('q', call('mul', 0.5, 'p'))]

  it('let a circle pass', () => {
    expect(told(circle, { solves: [block()] })).toEqual([])
  })

  it('leave a circle that they do not break', () => {
    expect(told([...circle, aux('a', 'b'), aux('b', 'a')], { solves: [block()] })).toEqual([
      'a: the auxiliaries depend on each other in a circle: a -> b -> a; declare a solve block with the unknowns a, b',
    ])
  })

  it('do not wait for each other', () => {
    expect(told(circle, { solves: [block(), block({ name: 'other', unknowns: ['q'] })] })).toEqual([
      'q: the auxiliaries depend on each other in a circle: q -> p -> q; the solve blocks wait for each other: make them one',
    ])
  })

  it('do not guess by what they solve for', () => {
    const [fault] = told(circle, { solves: [block({ guess: { p: expression('q') } })] })
    expect(fault).toMatch(/the initial values depend on each other in a circle/)
  })

  it.each<[Partial<SolveBlock>, string]>([
    [{ name: ' ' }, 'a solve block has an empty name'],
    [{ unknowns: [] }, 'the block has no unknowns'],
    [{ unknowns: ['p', 'p'] }, 'p is named twice'],
    [{ unknowns: ['p', 'rate'] }, 'rate is a variable of kind constant; an unknown is an auxiliary'],
    [{ unknowns: ['p', 'nowhere'] }, 'the unknown nowhere is not declared'],
    [{ method: 'bisection' as 'newton' }, 'there is no method bisection; take newton or gaussSeidel'],
    [{ tolerance: 0 }, 'the tolerance is 0; it is above 0'],
    [{ maxIterations: 0 }, 'the most iterations are 0; a whole number from 1 to 10000'],
    [{ damping: 1.5 }, 'the damping is 1.5; it is above 0 and at most 1'],
    [{ guess: { rate: expression(1) } }, 'the unknown rate is not declared'],
    [{ guess: { p: expression('nowhere') } }, 'the variable nowhere is not declared'],
  ])('have the fault of %j told', (over, message) => {
    const solve = block(over)
    expect(told(circle, { solves: [solve] })).toEqual([`solves.${solve.name}: ${message}`])
  })

  it('have an unknown each', () => {
    expect(told(circle, { solves: [block(), block({ name: 'again' })] })).toEqual([
      'solves.again: p is an unknown of market already',
    ])
    expect(told(circle, { solves: [block(), block({ unknowns: ['q'] })] })).toEqual([
      'solves.market: the name is declared twice; rename one of the two',
    ])
  })
})

describe('identities', () => {
  const identity = { name: 'books', left: expression('rate'), right: expression('income'), tolerance: 1e-9 }

  it('have their names, tolerances and sides checked', () => {
    expect(told([], { identities: [identity] })).toEqual([])
    expect(told([], { identities: [identity, { ...identity, tolerance: -1 }] })).toEqual([
      'identities.books: the name is declared twice; rename one of the two',
      'identities.books: the tolerance is -1; it is 0 or above',
    ])
    expect(told([], { identities: [{ ...identity, right: expression('incme') }] })).toEqual([
      'identities.books: the variable incme is not declared; did you mean income?',
    ])
  })
})
