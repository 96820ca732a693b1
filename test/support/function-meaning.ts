// What the functions and reductions of a model mean, written down once more for the oracle of lowering.
import { arctan } from '../../compute/model/math/arctan.ts'
import { betaQuantile } from '../../compute/model/math/beta.ts'
import { exp } from '../../compute/model/math/exp.ts'
import { gammaQuantile } from '../../compute/model/math/gamma.ts'
import { log, log1p } from '../../compute/model/math/log.ts'
import { normalProbability, normalQuantile } from '../../compute/model/math/normal.ts'
import { poissonQuantile } from '../../compute/model/math/poisson.ts'
import { pow } from '../../compute/model/math/pow.ts'
import { cos, sin } from '../../compute/model/math/sin-cos.ts'
import type { FunctionName, Reduction } from '../../compute/model/model.ts'

const bool = (x: boolean) => (x ? 1 : 0)

/** Half to even, by what is left over a whole number. */
function halfToEven(x: number): number {
  if (!Number.isFinite(x)) return x
  const below = Math.floor(x)
  const rest = x - below
  return rest < 0.5 || (rest === 0.5 && below % 2 === 0) ? below : below + 1
}

export const MEANING: Record<FunctionName, (...args: number[]) => number> = {
  add: (a, b) => a! + b!,
  sub: (a, b) => a! - b!,
  mul: (a, b) => a! * b!,
  div: (a, b) => a! / b!,
  neg: (a) => -a!,
  abs: (a) => Math.abs(a!),
  min: (a, b) => Math.min(a!, b!),
  max: (a, b) => Math.max(a!, b!),
  clamp: (x, low, high) => Math.min(Math.max(x!, low!), high!),
  sqrt: (a) => Math.sqrt(a!),
  exp: (a) => exp(a!),
  log: (a) => log(a!),
  pow: (a, b) => pow(a!, b!),
  sin: (a) => sin(a!),
  cos: (a) => cos(a!),
  arctan: (a) => arctan(a!),
  floor: (a) => Math.floor(a!),
  ceil: (a) => Math.ceil(a!),
  truncate: (a) => (a! < 0 ? Math.ceil(a!) : Math.floor(a!)),
  round: (a) => halfToEven(a!),
  remainder: (a, b) => a! - b! * Math.trunc(a! / b!),
  normalQuantile: (p) => normalQuantile(p!),
  normalProbability: (x) => normalProbability(x!),
  gammaQuantile: (p, shape) => gammaQuantile(p!, shape!),
  betaQuantile: (p, alpha, beta) => betaQuantile(p!, alpha!, beta!),
  poissonQuantile: (p, mean) => poissonQuantile(p!, mean!),
  lt: (a, b) => bool(a! < b!),
  le: (a, b) => bool(a! <= b!),
  eq: (a, b) => bool(a! === b!),
  and: (a, b) => bool(a !== 0 && b !== 0),
  or: (a, b) => bool(a !== 0 || b !== 0),
  not: (a) => bool(a === 0),
  select: (c, a, b) => (c !== 0 ? a! : b!),
  linear: (a, s) => a! * s!,
  sigmoid: (a, s, l, k, x0) => (a! * l!) / (1 + exp(k! * (x0! - s!))),
  logarithmic: (a, s) => a! * log1p(s!),
  saturating: (a, s, t, max) => Math.min(a! * s!, max! - t!),
  threshold: (a, s, theta) => a! * Math.max(0, s! - theta!),
  dampening: (a, s, t, max) => a! * s! * (1 - t! / max!),
}

/** A reduction over the values of a group's members; of no members 0. */
export function reduced(how: Reduction, values: readonly number[]): number {
  if (values.length === 0) return 0
  switch (how) {
    case 'sum':
      return values.reduce((sum, x) => sum + x, 0)
    case 'min':
      return Math.min(...values)
    case 'max':
      return Math.max(...values)
    case 'any':
      return bool(values.some((x) => x !== 0))
    case 'count':
      return values.filter((x) => x !== 0).length
  }
}
