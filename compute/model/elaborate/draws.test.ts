import { describe, expect, it } from 'vitest'
import { isQuesnayError, type QuesnayError } from '../../../schema/errors.ts'
import { aux, source } from '../../../test/support/source.ts'
import { argumentsOf } from '../expressions.ts'
import { parseFormula } from '../formula/parse-formula.ts'
import type { Expression, Variable } from '../model.ts'
import type { SourceDistribution, SourceModel, SourceVariable } from '../source/source.ts'
import { elaborate } from './elaborate.ts'

const random = (
  kind: string,
  parameters: Record<string, string>,
  more: Partial<SourceDistribution> = {},
): SourceVariable => ({
  kind: 'random',
  name: 'r',
  distribution: {
    kind,
    parameters: Object.fromEntries(Object.entries(parameters).map(([name, text]) => [name, parseFormula(text)])),
    ...more,
  },
})

type Random = Extract<Variable, { kind: 'random' }>

const drawn = (model: SourceModel): Random =>
  elaborate(model).model.variables.find((v): v is Random => v.kind === 'random')!

const distribution = (kind: string, parameters: Record<string, string>, more?: Partial<SourceDistribution>) =>
  drawn(source([random(kind, parameters, more)])).distribution

function thrown(model: SourceModel): QuesnayError {
  try {
    elaborate(model)
  } catch (error) {
    if (isQuesnayError(error)) return error
    throw error
  }
  throw new Error('the source was elaborated')
}

/** The value of an expression of numbers, log, sqrt and the four operations. */
function worth(e: Expression): number {
  if (e.op === 'number') return e.value
  const [a, b] = argumentsOf(e).map(worth) as [number, number]
  const by: Record<string, number> = {
    add: a + b,
    sub: a - b,
    mul: a * b,
    div: a / b,
    log: Math.log(a),
    sqrt: Math.sqrt(a),
  }
  return by[e.op]!
}

describe('random variables', () => {
  it('are drawn once, with the names of parameters that the formula language has', () => {
    expect(drawn(source([random('uniform', { low: '1', high: '2' })]))).toEqual({
      kind: 'random',
      name: 'r',
      unit: '1',
      distribution: { kind: 'uniform', min: 1, max: 2 },
    })
    expect(distribution('Triangular', { low: '1', mode: '2', high: '4' })).toEqual({
      kind: 'triangular',
      min: 1,
      mode: 2,
      max: 4,
    })
    expect(distribution('beta', { alpha: '2', beta: '5' })).toEqual({ kind: 'beta', alpha: 2, beta: 5 })
    expect(distribution('poisson', { mean: '3' })).toEqual({ kind: 'poisson', mean: 3 })
    expect(distribution('empirical', {}, { values: [1, 2], weights: [1, 3] })).toEqual({
      kind: 'empirical',
      values: [1, 2],
      weights: [1, 3],
    })
  })

  it('are truncated where a normal has bounds', () => {
    expect(distribution('normal', { mean: '0', sd: '1', low: '-1', high: '1' })).toEqual({
      kind: 'truncatedNormal',
      mean: 0,
      sd: 1,
      min: -1,
      max: 1,
    })
  })

  it('take parameters that are computed', () => {
    const model = source([aux('m', '2'), random('normal', { mean: 'm * 2', sd: '1' })])
    expect(drawn(model).distribution).toMatchObject({ mean: { op: 'mul' }, sd: 1 })
  })

  it('have the mean and deviation that a log-normal is given', () => {
    const d = distribution('logNormal', { mean: '10', sd: '4' })
    if (d.kind !== 'logNormal') throw new Error(d.kind)
    const [mu, sigma] = [worth(d.mu as Expression), worth(d.sigma as Expression)]
    const mean = Math.exp(mu + sigma ** 2 / 2)
    expect(mean).toBeCloseTo(10, 12)
    expect(mean * Math.sqrt(Math.exp(sigma ** 2) - 1)).toBeCloseTo(4, 12)
    expect(distribution('logNormal', { mu: '0', sigma: '1' })).toEqual({ kind: 'logNormal', mu: 0, sigma: 1 })
  })

  it('draw one number for each element of an array', () => {
    const model = source([{ ...random('normal', { mean: '0', sd: 'd' }), dimensions: ['D'] }], {
      dimensions: [{ name: 'D', elements: ['a', 'b'] }],
    })
    expect(elaborate(model).model.variables).toMatchObject([
      { name: 'r[a]', distribution: { sd: 1 } },
      { name: 'r[b]', distribution: { sd: 2 } },
    ])
  })

  it('tell a distribution or a parameter that there is not, and one that is missing', () => {
    expect(thrown(source([random('nromal', { mean: '0', sd: '1' })])).detail).toMatchObject({
      suggestion: 'did you mean "normal"?',
    })
    expect(thrown(source([random('gamma', { shap: '1', scale: '1' })])).detail).toMatchObject({
      faults: [{ message: 'gamma needs shape; it takes shape, scale' }, { suggestion: 'did you mean "shape"?' }],
    })
    expect(thrown(source([random('empirical', {})])).message).toContain('needs values')
    expect(thrown(source([random('empirical', {}, { values: [1], weights: [1, 2] })])).message).toContain('2 weights')
    expect(thrown(source([random('normal', { mean: '0', sd: '1', low: '0' })])).message).toContain('needs max')
  })
})

describe('random functions', () => {
  it('draw a new number at each step, each use its own', () => {
    const { variables } = elaborate(source([aux('x', 'normal(0, 1) + normal(time, 2) + uniform(0, 1)')])).model
    expect(variables.slice(0, 3)).toMatchObject([
      { name: 'x.normal#1', everyStep: true, distribution: { mean: 0, sd: 1 } },
      { name: 'x.normal#2', everyStep: true, distribution: { mean: { op: 'time' }, sd: 2 } },
      { name: 'x.uniform#1', everyStep: true, distribution: { kind: 'uniform', min: 0, max: 1 } },
    ])
  })

  it('draw once in a model without time', () => {
    expect(drawn(source([aux('x', 'exponential(3)')], { time: null }))).not.toHaveProperty('everyStep')
  })

  it('are log-normal by their own moments', () => {
    expect(drawn(source([aux('x', 'logNormal(10, 4)')])).distribution).toHaveProperty('mu.op', 'sub')
  })
})
