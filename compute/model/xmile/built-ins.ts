// The built-in functions of XMILE 1.0 (section 3.5 and 3.7.1.4), and what they are in the table of functions.
import type { FormulaFunction } from '../formula/functions.ts'

export interface BuiltIn {
  readonly ours: FormulaFunction
  /** Names of our parameters in the order XMILE has them; `seed` is read and not used. */
  readonly parameters: readonly string[]
  readonly least: number
  readonly many: boolean
}

/** Parameters in XMILE's order: `x?` may be left out, `x...` repeated. What stands after isee's own are theirs, not the standard's. */
const TABLE: Readonly<Record<string, readonly [ours: FormulaFunction, parameters: string]>> = {
  abs: ['abs', 'x'],
  arccos: ['arccos', 'x'],
  arcsin: ['arcsin', 'x'],
  arctan: ['arctan', 'x'],
  cos: ['cos', 'x'],
  exp: ['exp', 'x'],
  int: ['floor', 'x'],
  ln: ['ln', 'x'],
  log10: ['log10', 'x'],
  max: ['max', 'x...'],
  min: ['min', 'x...'],
  sin: ['sin', 'x'],
  sqrt: ['sqrt', 'x'],
  tan: ['tan', 'x'],
  safediv: ['safeDivide', 'x, y, otherwise?'],
  exprnd: ['exponential', 'mean, seed?'],
  lognormal: ['logNormal', 'mean, sd, seed?'],
  normal: ['normal', 'mean, sd, seed?, low?, high?'],
  poisson: ['poisson', 'mean, seed?'],
  random: ['uniform', 'low, high, seed?'],
  delay: ['delay', 'x, time, initial?'],
  delay1: ['delay1', 'x, time, initial?'],
  delay3: ['delay3', 'x, time, initial?'],
  delayn: ['delayN', 'x, time, n, initial?'],
  forcst: ['forecast', 'x, time, horizon, initial?'],
  smth1: ['smooth1', 'x, time, initial?'],
  smth3: ['smooth3', 'x, time, initial?'],
  smthn: ['smoothN', 'x, time, n, initial?'],
  trend: ['trend', 'x, time, initial?'],
  pulse: ['pulse', 'volume, at, every?'],
  ramp: ['ramp', 'slope, from, until?'],
  step: ['step', 'height, from'],
  init: ['initial', 'x'],
  previous: ['previous', 'x, initial?'],
  mean: ['mean', 'x...'],
  rank: ['rank', 'x, place, ties?'],
  size: ['size', 'x'],
  stddev: ['stddev', 'x...'],
  sum: ['sum', 'x...'],
  // isee's own
  prod: ['product', 'x...'],
  triangular: ['triangular', 'low, mode, high, seed?'],
  gamma: ['gamma', 'shape, scale, seed?'],
  beta: ['beta', 'alpha, beta, seed?'],
}

/** Other spellings of a built-in that files have. */
const ALSO: Readonly<Record<string, string>> = { uniform: 'random', forecast: 'forcst', product: 'prod' }

const BUILT_INS = new Map(
  Object.entries(TABLE).map(([name, [ours, text]]) => {
    const written = text.split(', ')
    const builtIn: BuiltIn = {
      ours,
      parameters: written.map((parameter) => parameter.replace(/[?.]+$/, '')),
      least: written.filter((parameter) => !parameter.endsWith('?')).length,
      many: text.endsWith('...'),
    }
    return [name, builtIn]
  }),
)

/** By its name in lower case; undefined where XMILE has none. */
export function builtIn(name: string): BuiltIn | undefined {
  return BUILT_INS.get(ALSO[name] ?? name)
}

export const BUILT_IN_NAMES: readonly string[] = [...BUILT_INS.keys()]

/** XMILE's name of a function of ours and its built-in. */
export function builtInOf(ours: string): readonly [name: string, builtIn: BuiltIn] | undefined {
  return [...BUILT_INS].find(([, one]) => one.ours === ours)
}

/**
 * Functions of ours that XMILE lacks, as macros that say what they mean to other programs (XMILE 1.0, 3.6). Our own reader knows them
 * by their prefix and does not look into the macro.
 */
export const OWN_PREFIX = 'quesnay.'

export const OWN_MACROS: Readonly<
  Record<string, { readonly parameters: readonly string[]; readonly equation: string }>
> = {
  int: { parameters: ['x'], equation: 'IF x < 0 THEN -INT(-x) ELSE INT(x)' },
  mod: { parameters: ['x', 'y'], equation: 'x - y * (IF x / y < 0 THEN -INT(-x / y) ELSE INT(x / y))' },
  ceil: { parameters: ['x'], equation: '-INT(-x)' },
  sign: { parameters: ['x'], equation: 'IF x > 0 THEN 1 ELSE IF x < 0 THEN -1 ELSE 0' },
  log: { parameters: ['x', 'base'], equation: 'LN(x) / LN(base)' },
  quantum: {
    parameters: ['x', 'step'],
    equation: 'IF x / step < 0 THEN -INT(-x / step) * step ELSE INT(x / step) * step',
  },
  clamp: { parameters: ['x', 'low', 'high'], equation: 'MIN(MAX(x, low), high)' },
  roundTo: {
    parameters: ['x', 'step'],
    equation: 'IF x / step < 0 THEN -INT(0.5 - x / step) * step ELSE INT(0.5 + x / step) * step',
  },
}
