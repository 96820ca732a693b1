// Small Vensim models for tests: equations with the control variables behind them, and what becomes of them.
import { canonicalName, type Formula } from '../../compute/model/formula/ast.ts'
import { printFormula } from '../../compute/model/formula/print-formula.ts'
import type { Equation, ReadModel, SourceVariable } from '../../compute/model/source/source.ts'
import { readVensim } from '../../compute/model/vensim/read-vensim.ts'
import { isQuesnayError } from '../../schema/errors.ts'
import { runSource } from './run-source.ts'

/** A .mdl text: each equation without `~` gets empty units and comment. From 0 to 4 in steps of 1 unless said otherwise. */
export function mdl(equations: readonly string[], control: Readonly<Record<string, string | number>> = {}): string {
  const times = { 'INITIAL TIME': 0, 'FINAL TIME': 4, 'TIME STEP': 1, ...control }
  const own = equations.map((text) => (text.includes('~') || /^:/.test(text) ? text : `${text} ~~|`))
  return ['{UTF-8}', ...own, ...Object.entries(times).map(([name, value]) => `${name} = ${value} ~ Month ~|`), ''].join(
    '\n',
  )
}

export const read = (...equations: string[]): ReadModel => readVensim(mdl(equations))

/** The variable of a name. */
export function variable({ source }: ReadModel, name: string): SourceVariable {
  const found = source.variables.find((one) => canonicalName(one.name) === canonicalName(name))
  if (!found) throw new Error(`${name} is not there`)
  return found
}

/** The formula, or the formulas by element, of an equation as text. */
export function text(equation: Equation | Formula | undefined): unknown {
  if (!equation) return undefined
  if (equation.kind === 'formula') return printFormula(equation.formula)
  if (equation.kind === 'elements')
    return Object.fromEntries(Object.entries(equation.formulas).map(([key, formula]) => [key, printFormula(formula)]))
  return printFormula(equation)
}

/** The formula of an auxiliary as text. */
export function equationOf(model: ReadModel, name: string): unknown {
  const found = variable(model, name)
  if (found.kind !== 'auxiliary') throw new Error(`${name} is a ${found.kind}`)
  return text(found.equation)
}

/** What one expression over a, b, c, d, stock `s`, lookup `f` and the array `arr` over Region (north, south) becomes. */
export const becomes = (expression: string): unknown => equationOf(around(expression), 'x')

export const around = (expression: string): ReadModel =>
  read(
    `x = ${expression}`,
    ...'abcd'.split('').map((name, i) => `${name} = ${i + 1}`),
    's = INTEG(a, b)',
    ...ARRAY,
    'f((0,0),(2,4))',
  )

const ARRAY = ['Region: north, south', 'arr[Region] = 3, 4']

/** What the model gives, by name of column, at each saved time. */
export function run(
  equations: readonly string[],
  control: Readonly<Record<string, string | number>> = {},
): Record<string, number[]> {
  return runSource(readVensim(mdl(equations, control)).source)
}

/** Code and detail of the error of a text, and its message; fails where it has none. */
export function errorOf(mdlText: string): { code: string; message: string; detail: Readonly<Record<string, unknown>> } {
  try {
    readVensim(mdlText)
  } catch (error) {
    if (isQuesnayError(error)) return { code: error.code, message: error.message, detail: error.detail }
    throw error
  }
  throw new Error('the text was read')
}
