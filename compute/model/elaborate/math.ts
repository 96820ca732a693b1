// Functions of their arguments alone.

import { call, expression } from '../build.ts'
import { didYouMean } from '../did-you-mean.ts'
import type { Formula } from '../formula/ast.ts'
import type { Expression } from '../model.ts'
import { type Context, fault } from './context.ts'

type Call = Extract<Formula, { kind: 'call' }>

/** arctan(x / sqrt((1 - x) (1 + x))), which keeps its digits near -1 and 1. */
const arcsin = (x: Expression): Expression =>
  call('arctan', call('div', x, call('sqrt', call('mul', call('sub', 1, x), call('add', 1, x)))))

const logarithm = (x: Expression, base: Expression): Expression => call('div', call('log', x), call('log', base))

const MATH: Readonly<Record<string, (...args: Expression[]) => Expression>> = {
  abs: (x) => call('abs', x!),
  sqrt: (x) => call('sqrt', x!),
  exp: (x) => call('exp', x!),
  ln: (x) => call('log', x!),
  log10: (x) => logarithm(x!, expression(10)),
  log: (x, base) => logarithm(x!, base!),
  pow: (x, exponent) => call('pow', x!, exponent!),
  sin: (x) => call('sin', x!),
  cos: (x) => call('cos', x!),
  tan: (x) => call('div', call('sin', x!), call('cos', x!)),
  arcsin: (x) => arcsin(x!),
  arccos: (x) => call('sub', Math.PI / 2, arcsin(x!)),
  arctan: (x) => call('arctan', x!),
  floor: (x) => call('floor', x!),
  ceil: (x) => call('ceil', x!),
  int: (x) => call('truncate', x!),
  sign: (x) => call('sub', call('lt', 0, x!), call('lt', x!, 0)),
  mod: (x, y) => call('remainder', x!, y!),
  // A step of 0 or less leaves x as it is (Vensim).
  quantum: (x, step) => call('select', call('le', step!, 0), x!, call('mul', truncated(x!, step!), step!)),
  safeDivide: (x, y, otherwise) => call('select', call('eq', y!, 0), otherwise ?? 0, call('div', x!, y!)),
  clamp: (x, low, high) => call('clamp', x!, low!, high!),
  where: (condition, then, otherwise) => call('select', condition!, then!, otherwise!),
}

const truncated = (x: Expression, step: Expression): Expression => call('truncate', call('div', x, step))

/** The value of a function of family `math`, its arguments translated; of any name but `roundTo`. */
export const mathFunction = (name: string, args: readonly Expression[]): Expression => MATH[name]!(...args)

const MODES: Readonly<Record<string, (x: Expression) => Expression>> = {
  // t + truncate(2 (x - t)), t = truncate(x): exact, where floor(x + 1/2) is not.
  nearest: (x) => {
    const whole = call('truncate', x)
    return call('add', whole, call('truncate', call('mul', 2, call('sub', x, whole))))
  },
  even: (x) => call('round', x),
  up: (x) => call('ceil', x),
  down: (x) => call('floor', x),
  truncate: (x) => call('truncate', x),
}

/** roundTo(x, step, mode): step times x / step, rounded; up and down are towards plus and minus infinity. */
export function roundTo(formula: Call, x: Expression, step: Expression, context: Context): Expression {
  const [, , mode] = formula.args
  const name = mode === undefined ? 'nearest' : mode.kind === 'name' ? mode.name : ''
  const round = Object.hasOwn(MODES, name) ? MODES[name] : undefined
  if (round) return call('mul', round(call('div', x, step)), step)
  const known = Object.keys(MODES)
  return fault(context, mode, `roundTo has the modes ${known.join(', ')}`, didYouMean(name, known))
}
