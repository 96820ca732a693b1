// Lowering of random parameters: operations over uniform numbers, streams, correlation.
import { describe, expect, it } from 'vitest'
import { operationKind } from '../../layout/operations.ts'
import { call, expression, type Term } from '../build.ts'
import type { Distribution, Model, Table, Variable } from '../model.ts'
import { type Operation, type Plan, planHash } from '../plan.ts'
import { cholesky } from './cholesky.ts'
import { cumulative } from './distributions.ts'
import { lower } from './lower.ts'

const unit = '1'
const random = (name: string, distribution: Distribution, over: object = {}): Variable => ({
  kind: 'random',
  name,
  unit,
  distribution,
  ...over,
})
const column: Variable = { kind: 'column', name: 'w', unit }
const plan = (variables: readonly Variable[], outputs: readonly string[], over: Partial<Model> = {}): Plan =>
  lower({ name: 'test', variables: [column, ...variables], tables: {}, outputs, ...over })
const draws = (d: Distribution) => plan([random('x', d)], ['x']).operations.draw
const names = (operations: readonly Operation[]) => operations.map(([code]) => operationKind(code)!.name)

describe('a distribution', () => {
  it.each<[Distribution, string[]]>([
    [{ kind: 'normal', mean: 1, sd: 2 }, ['normalQuantile', 'addMul']],
    [{ kind: 'logNormal', mu: 1, sigma: 2 }, ['normalQuantile', 'addMul', 'exp']],
    [{ kind: 'uniform', min: 1, max: 3 }, ['addMul']],
    [{ kind: 'uniform', min: 0, max: 1 }, []],
    [
      { kind: 'truncatedNormal', mean: 0, sd: 1, min: -1, max: 2 },
      ['addMul', 'pmax', 'pmin', 'normalQuantile', 'pmax', 'pmin'],
    ],
    [{ kind: 'exponential', mean: 2 }, ['sub', 'log', 'mul']],
    [{ kind: 'gamma', shape: 2, scale: 1 }, ['gammaQuantile']],
    [{ kind: 'beta', alpha: 2, beta: 3 }, ['betaQuantile']],
    [{ kind: 'beta', alpha: 2, beta: 3, min: 1, max: 4 }, ['betaQuantile', 'addMul']],
    [{ kind: 'poisson', mean: 3 }, ['poissonQuantile']],
    [{ kind: 'empirical', values: [1, 2] }, ['stepLookup']],
    [{ kind: 'empirical', values: [7] }, ['stepLookup']],
  ])('%j is %j', (distribution, expected) => {
    expect(names(draws(distribution))).toEqual(expected)
  })

  it('of constants is mirrored where its range lies above the mean, of an expression by a select', () => {
    const truncated = (min: number, mean: Term): Distribution => ({
      kind: 'truncatedNormal',
      mean: expression(mean),
      sd: 1,
      min,
      max: 9,
    })
    // Mirrored, the spread is taken off the mean.
    expect(names(draws(truncated(3, 1)))).toEqual([
      'addMul',
      'pmax',
      'pmin',
      'normalQuantile',
      'addMul',
      'pmax',
      'pmin',
    ])
    expect(names(draws(truncated(3, 1)))).not.toContain('select')
    expect(names(draws(truncated(3, 'w')))).toContain('select')
  })

  it('of parameters that are expressions is computed where these are known', () => {
    const by = call('sqrt', 'w')
    expect(names(draws({ kind: 'normal', mean: by, sd: 1 }))).toEqual(['sqrt', 'normalQuantile', 'add'])
  })

  it('drawn at each step is computed at each step', () => {
    const x = random('x', { kind: 'normal', mean: 1, sd: 2 }, { everyStep: true })
    const { uniforms, operations } = plan([x], ['x'], {
      time: { start: 0, dt: 1, steps: 2, saveEvery: 1, unit: 'year' },
    })
    expect(uniforms.map(({ name, everyStep, level }) => [name, everyStep, level])).toEqual([['x', true, 0]])
    expect(names(operations.save)).toEqual(['normalQuantile', 'addMul'])
  })

  it('of a model without time is drawn once, also where each step would draw anew', () => {
    expect(
      plan([random('x', { kind: 'uniform', min: 0, max: 1 }, { everyStep: true })], ['x']).uniforms[0]!.everyStep,
    ).toBe(false)
  })

  it('of persons draws for each of them', () => {
    const entities = [{ name: 'household' }, { name: 'person', of: 'household' }]
    const x = random('x', { kind: 'uniform', min: 0, max: 1 }, { entity: 'person' })
    const out: Variable = {
      kind: 'auxiliary',
      name: 'out',
      unit,
      equation: { op: 'reduce', how: 'sum', over: 'person', x: expression('x') },
    }
    expect(plan([x, out], ['out'], { entities }).uniforms[0]!.level).toBe(1)
  })

  it('may draw the numbers of another name', () => {
    const variables = [
      random('x', { kind: 'uniform', min: 0, max: 1 }),
      random('y', { kind: 'uniform', min: 0, max: 2 }, { drawsAs: 'x' }),
    ]
    const { uniforms } = plan(variables, ['x', 'y'])
    expect(uniforms.map((u) => u.name)).toEqual(['x'])
  })
})

describe('the table of an empirical distribution', () => {
  const cases: [number[], number[] | undefined, Table][] = [
    [[5], undefined, { xs: [0], ys: [5] }],
    [[3, 1], undefined, { xs: [0, 0.5], ys: [1, 3] }],
    [[1, 3], [1, 3], { xs: [0, 0.25], ys: [1, 3] }],
    [[1, 3, 1], undefined, { xs: [0, 2 / 3], ys: [1, 3] }],
    [[1, 2, 3], [0, 1, 1], { xs: [0, 0.5], ys: [2, 3] }],
    [[1, 2, 3], [1, 1, 0], { xs: [0, 0.5], ys: [1, 2] }],
    [[1, 2], [1e308, 1e308], { xs: [0, 0.5], ys: [1, 2] }],
    [[1, 2, 3], [1, 1e-300, 1], { xs: [0, 0.5], ys: [1, 3] }],
  ]
  it.each(cases)('of %j with the weights %j rises strictly', (values, weights, table) => {
    expect(cumulative(values, weights)).toEqual(table)
  })
})

describe('correlated parameters', () => {
  const [x, y, z] = ['z', 'y', 'x'].map((name) => random(name, { kind: 'normal', mean: 0, sd: 1 })) as [
    Variable,
    Variable,
    Variable,
  ]
  const matrix = [
    [1, 0.5, 0.2],
    [0.5, 1, 0],
    [0.2, 0, 1],
  ]
  const correlated = (names: string[], rows: number[][], outputs: string[]) =>
    plan([x, y, z], outputs, { correlations: [{ names, matrix: rows }] })

  it('are sums of the numbers of those before them, by name', () => {
    const p = correlated(['x', 'y', 'z'], matrix, ['y'])
    expect(p.uniforms.map((u) => u.name)).toEqual(['x', 'y'])
    expect(names(p.operations.draw)).toEqual(['normalQuantile', 'mul', 'normalQuantile', 'addMul'])
    expect(correlated(['x', 'y', 'z'], matrix, ['x']).uniforms.map((u) => u.name)).toEqual(['x'])
  })

  it('may be named in any order', () => {
    const rows = [2, 0, 1].map((i) => [2, 0, 1].map((j) => matrix[i]![j]!))
    const outputs = ['x', 'y', 'z']
    expect(planHash(correlated(['z', 'x', 'y'], rows, outputs))).toBe(
      planHash(correlated(['x', 'y', 'z'], matrix, outputs)),
    )
  })

  it('of another kind than normal go by way of the probability, held within (0, 1)', () => {
    const variables = [x, random('u', { kind: 'uniform', min: 0, max: 1 })]
    const both = [
      {
        names: ['u', 'z'],
        matrix: [
          [1, 0.5],
          [0.5, 1],
        ],
      },
    ]
    expect(names(plan(variables, ['u'], { correlations: both }).operations.draw)).toEqual([])
    const later = [x, random('zz', { kind: 'uniform', min: 0, max: 1 })]
    const names2 = [
      {
        names: ['z', 'zz'],
        matrix: [
          [1, 0.5],
          [0.5, 1],
        ],
      },
    ]
    expect(names(plan(later, ['zz'], { correlations: names2 }).operations.draw).slice(-3)).toEqual([
      'normalProbability',
      'pmax',
      'pmin',
    ])
  })

  it('that do not correlate draw as if by themselves', () => {
    const identity = [
      [1, 0],
      [0, 1],
    ]
    const variables = [
      random('a', { kind: 'uniform', min: 0, max: 1 }),
      random('b', { kind: 'beta', alpha: 2, beta: 2 }),
    ]
    const bare = plan(variables, ['a', 'b'])
    expect(planHash(plan(variables, ['a', 'b'], { correlations: [{ names: ['a', 'b'], matrix: identity }] }))).toBe(
      planHash(bare),
    )
  })
})

describe('the Cholesky factor', () => {
  it('times itself is the matrix', () => {
    const matrix = [
      [1, 0.5, 0.2],
      [0.5, 1, -0.3],
      [0.2, -0.3, 1],
    ]
    const factor = cholesky(matrix)!
    for (const [i, row] of matrix.entries()) {
      for (const [j, value] of row.entries()) {
        const product = factor[i]!.reduce((sum, x, k) => sum + x * (factor[j]![k] ?? 0), 0)
        expect(product).toBeCloseTo(value, 15)
      }
    }
  })

  it('is none where the matrix is not positive definite', () => {
    expect(
      cholesky([
        [1, 2],
        [2, 1],
      ]),
    ).toBeUndefined()
    expect(
      cholesky([
        [1, -1],
        [-1, 1],
      ]),
    ).toBeUndefined()
    expect(cholesky([])).toEqual([])
  })
})
