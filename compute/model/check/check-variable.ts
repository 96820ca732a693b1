// The faults that one variable has by itself: its name, its numbers, its distribution.

import { DISTRIBUTION_PARAMETERS } from '../distribution-parameters.ts'
import { normalProbability } from '../math/normal.ts'
import type { Distribution, Parameter, Variable } from '../model.ts'
import type { ModelFault } from './check.ts'

/** Every fault of one variable, apart from the names it refers to. */
export function checkVariable(variable: Variable): ModelFault[] {
  return messages(variable).map((message) => ({ path: variable.name, message }))
}

function messages(variable: Variable): string[] {
  const { name } = variable
  if (typeof name !== 'string' || name.trim() === '') return ['a variable has an empty name']
  switch (variable.kind) {
    case 'constant':
      return finite('the value', variable.value)
    case 'input':
    case 'series':
      return variable.default === undefined ? [] : finite('the default', variable.default)
    case 'random':
      return distributionMessages(variable.distribution)
    case 'stock':
      return boundMessages(variable.min, variable.max)
    case 'column':
    case 'trajectory':
    case 'auxiliary':
    case 'previous':
    case 'delay':
      return []
    default:
      return [`there is no kind of variable ${(variable as { kind: unknown }).kind}`]
  }
}

const finite = (what: string, value: number): string[] =>
  Number.isFinite(value) ? [] : [`${what} is ${value}, not a finite number`]

function boundMessages(min: number | undefined, max: number | undefined): string[] {
  const faults = [
    ...(min === undefined ? [] : finite('the lower bound', min)),
    ...(max === undefined ? [] : finite('the upper bound', max)),
  ]
  if (min !== undefined && max !== undefined && min > max)
    faults.push(`the lower bound ${min} is above the upper ${max}`)
  return faults
}

function distributionMessages(d: Distribution): string[] {
  if (d.kind === 'empirical') return empiricalMessages(d)
  if (!Object.hasOwn(DISTRIBUTION_PARAMETERS, d.kind)) {
    const kinds = Object.keys(DISTRIBUTION_PARAMETERS).join(', ')
    return [`there is no distribution ${(d as { kind: unknown }).kind}; take one of ${kinds}`]
  }
  const given = d as unknown as Readonly<Record<string, Parameter | undefined>>
  const wrong = DISTRIBUTION_PARAMETERS[d.kind].flatMap((marked) => {
    const name = marked.replace('?', '')
    const value = given[name]
    if (value === undefined) return name === marked ? [`${name} is not given`] : []
    return typeof value === 'number' ? finite(name, value) : []
  })
  return wrong.length > 0 ? wrong : rangeMessages(d)
}

/** True where both are numbers (not expressions, whose values are only known in the run) and the first is above the second. */
const above = (a: Parameter, b: Parameter) => typeof a === 'number' && typeof b === 'number' && a > b
const notPositive = (x: Parameter) => typeof x === 'number' && !(x > 0)
const positive = (what: string, x: Parameter) => (notPositive(x) ? [`${what} ${x} is not above 0`] : [])
const ordered = (min: Parameter, max: Parameter) =>
  above(min, max) ? [`the minimum ${min} is above the maximum ${max}`] : []

function rangeMessages(d: Exclude<Distribution, { kind: 'empirical' }>): string[] {
  switch (d.kind) {
    case 'normal':
      return above(0, d.sd) ? [`the standard deviation ${d.sd} is negative`] : []
    case 'logNormal':
      return above(0, d.sigma) ? [`sigma ${d.sigma} is negative`] : []
    case 'uniform':
      return ordered(d.min, d.max)
    case 'truncatedNormal':
      return truncatedMessages(d)
    case 'triangular':
      return above(d.min, d.mode) || above(d.mode, d.max)
        ? [`the mode ${d.mode} is not between the minimum ${d.min} and the maximum ${d.max}`]
        : ordered(d.min, d.max)
    case 'exponential':
      return positive('the mean', d.mean)
    case 'gamma':
      return [...positive('the shape', d.shape), ...positive('the scale', d.scale)]
    case 'beta':
      return [...positive('alpha', d.alpha), ...positive('beta', d.beta), ...ordered(d.min ?? 0, d.max ?? 1)]
    case 'poisson':
      return above(0, d.mean) ? [`the mean ${d.mean} is negative`] : []
  }
}

function truncatedMessages(d: Extract<Distribution, { kind: 'truncatedNormal' }>): string[] {
  if (notPositive(d.sd)) return [`the standard deviation ${d.sd} of a truncated normal is above 0`]
  const { mean, sd, min, max } = d
  if (typeof min !== 'number' || typeof max !== 'number') return []
  if (!(min < max)) return [`the minimum ${min} is not below the maximum ${max}`]
  if (typeof mean !== 'number' || typeof sd !== 'number') return []
  const nearest = mean < min ? (mean - min) / sd : mean > max ? (max - mean) / sd : 0
  return normalProbability(nearest) > 0 ? [] : [`no probability lies between ${min} and ${max}`]
}

function empiricalMessages({ values, weights }: Extract<Distribution, { kind: 'empirical' }>): string[] {
  if (values.length === 0) return ['the empirical distribution has no values']
  if (weights && weights.length !== values.length)
    return [`the empirical distribution has ${values.length} values and ${weights.length} weights`]
  const wrong = [
    ...values.flatMap((v) => finite('a value', v)),
    ...(weights ?? []).flatMap((w) => finite('a weight', w)),
  ]
  if (wrong.length > 0) return wrong.slice(0, 1)
  const negative = weights?.find((w) => w < 0)
  if (negative !== undefined) return [`the weight ${negative} is negative`]
  return weights && !weights.some((w) => w > 0) ? ['all weights are 0'] : []
}
