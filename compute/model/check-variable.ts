// The faults that one variable has by itself: its name, its numbers, its distribution.
import type { ModelFault } from './check.ts'
import { normalProbability } from './math/normal.ts'
import type { Distribution, Variable } from './model.ts'

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
    case 'auxiliary':
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
  const wrong = Object.entries(d).flatMap(([key, value]) => (key === 'kind' ? [] : finite(key, value as number)))
  if (wrong.length > 0) return wrong
  switch (d.kind) {
    case 'normal':
      return d.sd >= 0 ? [] : [`the standard deviation ${d.sd} is negative`]
    case 'logNormal':
      return d.sigma >= 0 ? [] : [`sigma ${d.sigma} is negative`]
    case 'uniform':
      return d.min <= d.max ? [] : [`the minimum ${d.min} is above the maximum ${d.max}`]
    case 'truncatedNormal':
      return truncatedMessages(d)
    default:
      return [
        `there is no distribution ${(d as { kind: unknown }).kind}; take normal, truncatedNormal, logNormal or uniform`,
      ]
  }
}

function truncatedMessages(d: Extract<Distribution, { kind: 'truncatedNormal' }>): string[] {
  if (!(d.sd > 0)) return [`the standard deviation ${d.sd} of a truncated normal is above 0`]
  if (!(d.min < d.max)) return [`the minimum ${d.min} is not below the maximum ${d.max}`]
  const nearest = d.mean < d.min ? (d.mean - d.min) / d.sd : d.mean > d.max ? (d.max - d.mean) / d.sd : 0
  return normalProbability(nearest) > 0 ? [] : [`no probability lies between ${d.min} and ${d.max}`]
}
