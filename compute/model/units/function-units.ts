// What each function of the formula language wants of the units of its arguments, and the unit that it gives.
import type { Formula } from '../formula/ast.ts'
import type { FormulaFunction } from '../formula/functions.ts'
import { isDimensionless, ONE, times } from './dimension.ts'
import { infer, inUnit, type Measure, NUMBER, power, product, type Scope, together, UNKNOWN, wants } from './infer.ts'

type Rule = (args: readonly Formula[], scope: Scope, call: Formula) => Measure

/** All arguments as they are; the unit of the first. */
const same: Rule = (args, scope) => together(args, scope)
const ofFirst: Rule = ([first], scope) => (first ? infer(first, scope) : UNKNOWN)
/** Numbers without a unit, and so is what it gives. */
const pure: Rule = (args, scope, call) => {
  for (const arg of args) wants(arg, ONE, scope, `an argument of ${call.kind === 'call' ? call.function : 'it'}`)
  return inUnit(ONE)
}
const counts: Rule = (args, scope) => {
  for (const arg of overMembers(args, scope)) infer(arg, scope)
  return inUnit(ONE)
}
const times_: Rule = (args, scope) => {
  for (const arg of args) timeOf(arg, scope)
  return inUnit(ONE)
}

/** f(entity, x): x alone. */
function overMembers(args: readonly Formula[], scope: Scope): readonly Formula[] {
  const [first] = args
  return first?.kind === 'name' && scope.isEntity(first.name) ? args.slice(1) : args
}
const gathered: Rule = (args, scope) => together(overMembers(args, scope), scope)

const timeOf = (arg: Formula | undefined, scope: Scope) => arg && wants(arg, scope.time, scope, 'a time of this model')
const pureOf = (arg: Formula | undefined, scope: Scope, as: string) => arg && wants(arg, ONE, scope, as)

/** x, a time, `numbers` without a unit, and an initial value: in the unit of x. */
const lagging =
  (numbers: number): Rule =>
  ([x, time, ...rest], scope) => {
    timeOf(time, scope)
    for (const number of rest.slice(0, numbers)) pureOf(number, scope, 'the order of a delay')
    return together(
      [x, rest[numbers]].filter((arg) => arg !== undefined),
      scope,
    )
  }

/** The product of the unit of a schedule's values and that of x, or the unit of the values alone. */
const scheduled =
  (rates: boolean): Rule =>
  ([schedule, x], scope) => {
    const values = schedule ? infer(schedule, scope) : UNKNOWN
    const over = x ? infer(x, scope) : UNKNOWN
    return rates ? product(values, over, 1) : values
  }

const table: Rule = ([points, x], scope) => {
  if (x) infer(x, scope)
  return points ? infer(points, scope) : UNKNOWN
}

const perTime = (measure: Measure, scope: Scope, sign: 1 | -1): Measure => product(measure, inUnit(scope.time), sign)

const RULES = {
  abs: ofFirst,
  sqrt: ([x], scope) => {
    const measure = x ? infer(x, scope) : UNKNOWN
    return measure.kind === 'unit' ? inUnit(times(ONE, measure.unit, 0.5)) : measure
  },
  exp: pure,
  ln: pure,
  log10: pure,
  log: pure,
  pow: ([x, exponent], scope) => (x && exponent ? power(x, exponent, scope) : UNKNOWN),
  sin: pure,
  cos: pure,
  tan: pure,
  arcsin: pure,
  arccos: pure,
  arctan: pure,
  floor: ofFirst,
  ceil: ofFirst,
  int: ofFirst,
  sign: ([x], scope) => {
    if (x) infer(x, scope)
    return inUnit(ONE)
  },
  // The step may be a bare number, and the mode is a word.
  roundTo: ([x, step], scope) => rounded(x, step, scope),
  quantum: ([x, step], scope) => rounded(x, step, scope),
  mod: same,
  safeDivide: ([x, y, otherwise], scope) => {
    const quotient = x && y ? product(infer(x, scope), infer(y, scope), -1) : UNKNOWN
    if (otherwise) wants(otherwise, quotient.kind === 'unit' ? quotient.unit : undefined, scope, 'the quotient')
    return quotient
  },
  clamp: same,
  where: ([condition, ...branches], scope) => {
    if (condition) infer(condition, scope)
    return together(branches, scope)
  },
  min: gathered,
  max: gathered,
  sum: gathered,
  mean: gathered,
  stddev: gathered,
  product: (args, scope) => {
    const measures = args.map((arg) => infer(arg, scope))
    if (measures.length > 1) return measures.reduce((a, b) => product(a, b, 1))
    // Of the elements of an array, how many there are is not known here.
    const [only = UNKNOWN] = measures
    return only.kind === 'unit' && !isDimensionless(only.unit) ? UNKNOWN : only
  },
  size: counts,
  rank: counts,
  any: counts,
  count: counts,
  lookup: table,
  extrapolate: table,
  stepLookup: table,
  marginal: scheduled(true),
  average: scheduled(true),
  singleAmount: scheduled(false),
  marginalAmount: scheduled(false),
  step: ([height, from], scope) => {
    timeOf(from, scope)
    return height ? infer(height, scope) : UNKNOWN
  },
  pulse: ([volume, at, every], scope) => {
    timeOf(at, scope)
    timeOf(every, scope)
    return volume ? perTime(infer(volume, scope), scope, -1) : UNKNOWN
  },
  window: times_,
  pulseTrain: times_,
  ramp: ([slope, from, until], scope) => {
    timeOf(from, scope)
    timeOf(until, scope)
    const measure = slope ? infer(slope, scope) : UNKNOWN
    // A bare slope takes the unit that is wanted of the ramp.
    return measure.kind === 'number' ? NUMBER : perTime(measure, scope, 1)
  },
  initial: same,
  previous: same,
  delay: lagging(0),
  delay1: lagging(0),
  delay3: lagging(0),
  delayN: lagging(1),
  smooth1: lagging(0),
  smooth3: lagging(0),
  smoothN: lagging(1),
  trend: ([x, time, initial], scope) => {
    const growth = perTime(inUnit(ONE), scope, -1)
    if (x) infer(x, scope)
    timeOf(time, scope)
    if (initial) wants(initial, growth.kind === 'unit' ? growth.unit : undefined, scope, 'a growth')
    return growth
  },
  forecast: ([x, time, horizon, initial], scope) => {
    const growth = perTime(inUnit(ONE), scope, -1)
    timeOf(time, scope)
    timeOf(horizon, scope)
    if (initial) wants(initial, growth.kind === 'unit' ? growth.unit : undefined, scope, 'a growth')
    return x ? infer(x, scope) : UNKNOWN
  },
  sampleIf: ([condition, ...values], scope) => {
    if (condition) infer(condition, scope)
    return together(values, scope)
  },
  normal: same,
  uniform: same,
  logNormal: same,
  poisson: same,
  exponential: same,
  triangular: same,
  gamma: ([shape, scale], scope) => {
    pureOf(shape, scope, 'a shape')
    return scale ? infer(scale, scope) : UNKNOWN
  },
  beta: ([alpha, beta, ...bounds], scope) => {
    pureOf(alpha, scope, 'alpha')
    pureOf(beta, scope, 'beta')
    return bounds.length > 0 ? together(bounds, scope) : inUnit(ONE)
  },
} satisfies Record<FormulaFunction, Rule>

/** By name in the table of functions. */
export const FUNCTION_UNITS: ReadonlyMap<string, Rule> = new Map(Object.entries(RULES))

function rounded(x: Formula | undefined, step: Formula | undefined, scope: Scope): Measure {
  const measure = x ? infer(x, scope) : UNKNOWN
  if (step) wants(step, measure.kind === 'unit' ? measure.unit : undefined, scope, 'what is rounded')
  return measure
}
