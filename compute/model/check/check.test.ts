// Faults of models, each with its place and its fix.
import { describe, expect, it } from 'vitest'
import { QuesnayError } from '../../../schema/errors.ts'
import { call, lookup } from '../build.ts'
import type { Distribution, Expression, Model, Variable } from '../model.ts'
import { checkModel, modelFaults } from './check.ts'

const unit = '1'
const constant: Variable = { kind: 'constant', name: 'rate', unit, value: 0.1 }
const auxiliary = (name: string, equation: Expression): Variable => ({ kind: 'auxiliary', name, unit, equation })
const ref = (name: string): Expression => ({ op: 'ref', name })
const stock = (name: string, over: Partial<Extract<Variable, { kind: 'stock' }>> = {}): Variable => ({
  kind: 'stock',
  name,
  unit,
  initial: { op: 'number', value: 1 },
  flow: call('mul', 'rate', name),
  ...over,
})
const time = { start: 2024, dt: 0.25, steps: 4, saveEvery: 1, unit: 'year' }

function model(variables: readonly Variable[], over: Partial<Model> = {}): Model {
  return { name: 'test', variables: [constant, ...variables], tables: {}, outputs: ['rate'], time, ...over }
}

/** Places and messages of the faults. */
const told = (m: Model) => modelFaults(m).map(({ path, message }) => `${path}: ${message}`)

describe('a model', () => {
  it('without faults passes', () => {
    expect(told(model([stock('income'), auxiliary('double', call('mul', 'income', 2))]))).toEqual([])
  })

  it('names an undefined variable and the nearest that is declared', () => {
    expect(modelFaults(model([stock('income'), auxiliary('tax', call('mul', 'Incme', 0.2))]))).toEqual([
      {
        path: 'tax',
        message: 'the variable Incme is not declared; did you mean income?',
        suggestion: 'income',
      },
    ])
  })

  it('suggests nothing where no name is near', () => {
    expect(told(model([auxiliary('tax', ref('consumption'))]))).toEqual([
      'tax: the variable consumption is not declared',
    ])
  })

  it('names a duplicate, and an empty name', () => {
    expect(told(model([constant]))).toEqual(['rate: the name is declared twice; rename one of the two'])
    expect(told(model([{ ...constant, name: ' ' }]))).toEqual([' : a variable has an empty name'])
  })

  it('names a circle of auxiliaries in order', () => {
    const circle = [auxiliary('a', ref('b')), auxiliary('b', call('add', 'c', 1)), auxiliary('c', ref('a'))]
    expect(modelFaults(model(circle))).toEqual([
      {
        path: 'a',
        message:
          'the auxiliaries depend on each other in a circle: a -> b -> c -> a; declare a solve block with the unknowns a, b, c',
        suggestion: 'declare a solve block with the unknowns a, b, c',
      },
    ])
    expect(told(model([auxiliary('own', ref('own'))]))).toEqual([
      'own: the auxiliaries depend on each other in a circle: own -> own; declare a solve block with the unknowns own',
    ])
  })

  it('lets a circle pass through a stock, but not through initial values', () => {
    const share = auxiliary('share', call('div', 'income', 2))
    expect(told(model([stock('income', { flow: ref('share') }), share]))).toEqual([])
    expect(told(model([stock('income', { initial: ref('share') }), share]))).toEqual([
      'income: the initial values depend on each other in a circle: income -> share -> income',
    ])
  })

  it('tells a wrong number of arguments, an unknown function, an unknown table', () => {
    const wrong = { op: 'clamp', args: [ref('rate')] } as Expression
    const strange = { op: 'sinh', args: [] } as unknown as Expression
    expect(told(model([auxiliary('a', wrong)]))).toEqual(['a: clamp takes 3 arguments, not 1'])
    expect(told(model([auxiliary('a', strange)]))).toEqual(['a: the function sinh is not declared; did you mean sin?'])
    expect(told(model([auxiliary('a', lookup('curve', 'rate'))]))).toEqual(['a: the table curve is not declared'])
  })

  it.each([
    [{ xs: [], ys: [] }, 'the table has no points'],
    [{ xs: [1, 2], ys: [1] }, 'the table has 2 xs and 1 ys'],
    [{ xs: [1, 1], ys: [1, 2] }, 'xs rise strictly, but 1 follows 1'],
    [{ xs: [2, 1], ys: [1, 2] }, 'xs rise strictly, but 1 follows 2'],
    [{ xs: [1, Number.NaN], ys: [1, 2] }, 'the table holds NaN; every point is a finite number'],
  ])('tells the fault of the table %j', (table, message) => {
    expect(told(model([], { tables: { curve: table } }))).toEqual([`tables.curve: ${message}`])
  })

  it('tells an output that is unknown or named twice, and a model that saves nothing', () => {
    expect(told(model([], { outputs: ['rat'] }))).toEqual([
      'outputs.rat: the output rat is not declared; did you mean rate?',
    ])
    expect(told(model([], { outputs: ['rate', 'rate'] }))).toEqual(['outputs.rate: the output is named twice'])
    expect(told(model([], { outputs: [] }))).toEqual(['outputs: the model saves nothing; name an output'])
  })

  it.each([
    [{ steps: -1 }, 'time.steps: the horizon is -1 steps; it is a whole number from 0 to 10000000'],
    [{ steps: 2.5 }, 'time.steps: the horizon is 2.5 steps; it is a whole number from 0 to 10000000'],
    [{ dt: 0 }, 'time.dt: the step is 0; it is above 0'],
    [{ dt: -0.5 }, 'time.dt: the step is -0.5; it is above 0'],
    [{ dt: Number.NaN }, 'time.dt: the step is NaN; it is above 0'],
    [{ saveEvery: 0 }, 'time.saveEvery: 0 is no interval; it is a whole number of steps above 0'],
    [{ start: Number.POSITIVE_INFINITY }, 'time.start: the start is Infinity, not a finite number'],
  ])('tells the fault of the time %j', (over, message) => {
    expect(told(model([], { time: { ...time, ...over } }))).toEqual([message])
  })

  it.each<[Distribution, string]>([
    [{ kind: 'normal', mean: 0, sd: -1 }, 'the standard deviation -1 is negative'],
    [{ kind: 'normal', mean: Number.NaN, sd: 1 }, 'mean is NaN, not a finite number'],
    [{ kind: 'logNormal', mu: 0, sigma: -0.1 }, 'sigma -0.1 is negative'],
    [{ kind: 'uniform', min: 2, max: 1 }, 'the minimum 2 is above the maximum 1'],
    [
      { kind: 'truncatedNormal', mean: 0, sd: 0, min: -1, max: 1 },
      'the standard deviation 0 of a truncated normal is above 0',
    ],
    [{ kind: 'truncatedNormal', mean: 0, sd: 1, min: 1, max: 1 }, 'the minimum 1 is not below the maximum 1'],
    [{ kind: 'truncatedNormal', mean: 0, sd: 1, min: 50, max: 60 }, 'no probability lies between 50 and 60'],
    [
      { kind: 'cauchy' } as unknown as Distribution,
      'there is no distribution cauchy; take one of normal, truncatedNormal, logNormal, uniform, triangular, exponential, gamma, beta, poisson, empirical',
    ],
  ])('tells the fault of the distribution %j', (distribution, message) => {
    expect(told(model([{ kind: 'random', name: 'x', unit, distribution }]))).toEqual([`x: ${message}`])
  })

  it('tells numbers that are not finite, and bounds that cross', () => {
    expect(told(model([{ ...constant, name: 'x', value: Number.NaN }]))).toEqual([
      'x: the value is NaN, not a finite number',
    ])
    expect(told(model([auxiliary('x', { op: 'number', value: Number.POSITIVE_INFINITY })]))).toEqual([
      'x: the equation holds Infinity, not a finite number',
    ])
    expect(told(model([stock('x', { min: 2, max: 1 })]))).toEqual(['x: the lower bound 2 is above the upper 1'])
  })

  it('without time has no stocks, no series and does not read the time', () => {
    const timeless: Model = {
      name: 'test',
      outputs: ['rate'],
      tables: {},
      variables: [constant, stock('s'), { kind: 'series', name: 'g', unit }, auxiliary('t', { op: 'time' })],
    }
    expect(told(timeless)).toEqual([
      's: a stock needs a model with time',
      'g: a series needs a model with time',
      't: the equation reads the time of a model without time',
    ])
  })

  it('throws MODEL_INVALID with the first fault as its message and all of them in the detail', () => {
    const bad = model([auxiliary('a', ref('nowhere'))], { outputs: [] })
    try {
      checkModel(bad)
      expect.fail('it passed')
    } catch (error) {
      expect(error).toBeInstanceOf(QuesnayError)
      const { code, message, detail } = error as QuesnayError
      expect([code, message]).toEqual([
        'MODEL_INVALID',
        'outputs: the model saves nothing; name an output (and 1 more)',
      ])
      expect(detail['path']).toBe('outputs')
      expect(detail['faults']).toHaveLength(2)
    }
  })

  it('of a sum of fifty thousand terms is checked without running out of stack', () => {
    let sum: Expression = ref('rate')
    for (let i = 0; i < 50_000; i++) sum = { op: 'add', args: [sum, ref('rate')] }
    expect(told(model([auxiliary('total', sum)]))).toEqual([])
  })
})
