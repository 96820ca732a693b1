// The functions of the formula language: their names, arguments and meaning. Every source speaks in these.

export interface FunctionKind {
  /** As it is written; compared without regard to case. */
  readonly name: string
  /** Names of its arguments; the last ones may be left out where `least` is smaller. */
  readonly parameters: readonly string[]
  readonly least: number
  /** True where the last argument may be repeated. */
  readonly many: boolean
  readonly family: Family
  /** What it gives, in a sentence. */
  readonly say: string
}

/**
 * math: of its arguments alone. table: the first argument names a table or schedule. time: of the time at which the step began.
 * state: has a memory. random: a new draw at each step. array: over the elements of its argument where that is an array with a
 * wildcard. members: `f(entity, x)` over the members where the first argument names an entity.
 */
export type Family = 'math' | 'table' | 'time' | 'state' | 'random' | 'array'

type Row = readonly [family: Family, parameters: string, say: string]

/** `x?` may be left out, `x...` may be repeated. */
const TABLE = {
  abs: ['math', 'x', 'The absolute value.'],
  sqrt: ['math', 'x', 'The square root.'],
  exp: ['math', 'x', 'e to the power of x.'],
  ln: ['math', 'x', 'The natural logarithm.'],
  log10: ['math', 'x', 'The logarithm to base 10.'],
  log: ['math', 'x, base', 'The logarithm to a base.'],
  pow: ['math', 'x, exponent', 'x to the power of the exponent.'],
  sin: ['math', 'x', 'The sine of an angle in radians.'],
  cos: ['math', 'x', 'The cosine of an angle in radians.'],
  tan: ['math', 'x', 'The tangent of an angle in radians.'],
  arcsin: ['math', 'x', 'The angle in radians whose sine is x.'],
  arccos: ['math', 'x', 'The angle in radians whose cosine is x.'],
  arctan: ['math', 'x', 'The angle in radians whose tangent is x.'],
  floor: ['math', 'x', 'The greatest whole number not above x.'],
  ceil: ['math', 'x', 'The least whole number not below x.'],
  int: ['math', 'x', 'x without its decimals, towards zero.'],
  sign: ['math', 'x', '-1, 0 or 1.'],
  roundTo: [
    'math',
    'x, step, mode?',
    'x to a multiple of step; mode nearest (half away from zero), even, up, down or truncate.',
  ],
  mod: ['math', 'x, y', 'The remainder of x / y, with the sign of x.'],
  quantum: ['math', 'x, step', 'The multiple of step nearest to x towards zero.'],
  safeDivide: ['math', 'x, y, otherwise?', 'x / y, or otherwise (0) where y is 0.'],
  clamp: ['math', 'x, low, high', 'x held between low and high.'],
  where: ['math', 'condition, then, else', 'One of two values.'],
  min: ['array', 'x...', 'The least of its arguments, of the elements of an array, or of the members: min(entity, x).'],
  max: [
    'array',
    'x...',
    'The greatest of its arguments, of the elements of an array, or of the members: max(entity, x).',
  ],
  sum: ['array', 'x...', 'The sum of its arguments, of the elements of an array, or over the members: sum(entity, x).'],
  mean: ['array', 'x...', 'The mean of its arguments or of the elements of an array.'],
  product: ['array', 'x...', 'The product of its arguments or of the elements of an array.'],
  stddev: ['array', 'x...', 'The standard deviation (n - 1) of its arguments or of the elements of an array.'],
  size: ['array', 'x', 'The number of elements of an array.'],
  rank: [
    'array',
    'x, place, ties?',
    'The number of the element that stands at a place when they are sorted upwards; equal ones by a second array.',
  ],
  any: ['array', 'x...', '1 where an argument, an element or a member (any(entity, x)) is not 0.'],
  count: ['array', 'x...', 'How many arguments, elements or members (count(entity, x)) are not 0.'],
  lookup: ['table', 'table, x', 'The table at x, piecewise linear, its ends held.'],
  extrapolate: ['table', 'table, x', 'The table at x, piecewise linear, its first and last segment going on.'],
  stepLookup: ['table', 'table, x', 'The table at the last point at or below x.'],
  marginal: ['table', 'schedule, x', 'Each bracket of x at its own rate (marginal rates).'],
  singleAmount: ['table', 'schedule, x', 'The amount of the bracket that x lies in; 0 below the first.'],
  marginalAmount: ['table', 'schedule, x', 'The sum of the amounts of all brackets that x reaches.'],
  average: ['table', 'schedule, x', 'All of x at the rate of the bracket that it lies in; 0 below the first.'],
  step: ['time', 'height, from', 'height from a time on, 0 before.'],
  pulse: ['time', 'volume, at, every?', 'volume / dt in the one step that begins at a time, and again every so often.'],
  window: ['time', 'from, width', '1 from a time on for a width (at least one step), else 0.'],
  pulseTrain: ['time', 'from, width, every, until', 'Windows of 1, repeated up to a time.'],
  ramp: ['time', 'slope, from, until?', 'Rises by slope from a time on, until a time.'],
  initial: ['state', 'x', 'The value of x at the first step.'],
  previous: ['state', 'x, initial?', 'The value of x at the step before; initial (that of x) at the first.'],
  delay: [
    'state',
    'x, time, initial?',
    'x as it was so long ago (pipeline delay, rounded to steps); initial until then.',
  ],
  delay1: ['state', 'x, time, initial?', 'Exponential material delay of first order.'],
  delay3: ['state', 'x, time, initial?', 'Exponential material delay of third order.'],
  delayN: ['state', 'x, time, n, initial?', 'Exponential material delay of order n (Erlang).'],
  smooth1: ['state', 'x, time, initial?', 'Exponential smooth of first order.'],
  smooth3: ['state', 'x, time, initial?', 'Exponential smooth of third order.'],
  smoothN: ['state', 'x, time, n, initial?', 'Exponential smooth of order n.'],
  trend: ['state', 'x, time, initial?', 'The fractional growth of x per unit of time, smoothed; initial (0).'],
  forecast: [
    'state',
    'x, time, horizon, initial?',
    'x carried on by its trend; initial is the trend at the start (0).',
  ],
  sampleIf: ['state', 'condition, x, initial', 'x where the condition holds, else what it was when it last held.'],
  normal: ['random', 'mean, sd, low?, high?', 'Normal; truncated where low and high are given.'],
  uniform: ['random', 'low, high', 'Uniform.'],
  logNormal: ['random', 'mean, sd', 'Log-normal by its own mean and standard deviation.'],
  poisson: ['random', 'mean', 'Poisson.'],
  exponential: ['random', 'mean', 'Exponential.'],
  triangular: ['random', 'low, mode, high', 'Triangular.'],
  gamma: ['random', 'shape, scale', 'Gamma.'],
  beta: ['random', 'alpha, beta, low?, high?', 'Beta, in [low, high] or [0, 1].'],
} as const satisfies Record<string, Row>

export type FormulaFunction = keyof typeof TABLE

export const FUNCTIONS: readonly FunctionKind[] = (Object.keys(TABLE) as FormulaFunction[]).map((name) => {
  const [family, parameters, say] = TABLE[name]
  const names = parameters.split(', ')
  return {
    name,
    parameters: names.map((parameter) => parameter.replace(/[?.]+$/, '')),
    least: names.filter((parameter) => !parameter.endsWith('?')).length,
    many: parameters.endsWith('...'),
    family,
    say,
  }
})

const byName = new Map(FUNCTIONS.map((kind) => [kind.name.toLowerCase(), kind]))

/** The function of a name, in whatever case; undefined where there is none. */
export function functionKind(name: string): FunctionKind | undefined {
  return byName.get(name.toLowerCase())
}

/** Names that are values of the language: of time they are those of the run, and `self` is the variable at its own element. */
export const CONSTANTS = ['pi', 'inf', 'time', 'dt', 'starttime', 'stoptime', 'self'] as const
