// The unit of a formula from the units of its variables, and what in it does not fit together.
import type { Formula } from '../formula/ast.ts'
import { printFormula } from '../formula/print-formula.ts'
import { type Dimension, factorTo, isAlike, isDimensionless, ONE, times } from './dimension.ts'
import { FUNCTION_UNITS } from './function-units.ts'
import { writeShare, writeUnit } from './read-unit.ts'

/**
 * unknown: nothing is said of it, so nothing is wrong with it. number: made of numbers alone, 1 in a product, and in the place of
 * a whole value of whatever unit is wanted there. unit: `clock` where it is read off the clock, beside which a bare number is a time.
 */
export type Measure =
  | { readonly kind: 'unknown' }
  | { readonly kind: 'number'; readonly zero: boolean }
  | { readonly kind: 'unit'; readonly unit: Dimension; readonly clock?: boolean }

export const UNKNOWN: Measure = { kind: 'unknown' }
export const NUMBER: Measure = { kind: 'number', zero: false }
export const inUnit = (unit: Dimension | undefined): Measure => (unit ? { kind: 'unit', unit } : UNKNOWN)

/** What a formula is read in. */
export interface Scope {
  /** Of a variable, a constant of the language or an element, by canonical name. */
  readonly measureOf: (name: string) => Measure
  readonly isEntity: (name: string) => boolean
  /** The unit of the model's time, where it is known. */
  readonly time: Dimension | undefined
  /** A bare number has the unit that it stands beside. */
  readonly bareNumbers?: boolean
  readonly tell: (about: Formula, message: string, suggestion?: string) => void
}

/** The measure of a formula; each fault in it is told once, and what has a fault is unknown to the rest. */
export function infer(formula: Formula, scope: Scope): Measure {
  const { measureOf } = scope
  switch (formula.kind) {
    case 'number':
      return { kind: 'number', zero: formula.value === 0 }
    case 'name':
      for (const subscript of formula.subscripts ?? [])
        if (subscript.kind === 'formula') infer(subscript.formula, scope)
      return measureOf(formula.name)
    case 'unary': {
      const operand = infer(formula.operand, scope)
      return formula.operator === 'not' ? inUnit(ONE) : operand
    }
    case 'if':
      infer(formula.condition, scope)
      return together([formula.then, formula.else], scope)
    case 'call': {
      const rule = FUNCTION_UNITS.get(formula.function)
      return rule ? rule(formula.args, scope, formula) : callOf(formula, scope)
    }
    case 'binary':
      return inferBinary(formula, scope)
  }
}

/** A table called as a function, an element of an array by its place, or a macro, of which nothing is known. */
function callOf(formula: Extract<Formula, { kind: 'call' }>, scope: Scope): Measure {
  for (const arg of formula.args) infer(arg, scope)
  return scope.measureOf(formula.function)
}

function inferBinary(formula: Extract<Formula, { kind: 'binary' }>, scope: Scope): Measure {
  const { operator, left, right } = formula
  switch (operator) {
    case '+':
    case '-':
    case 'mod':
      return together([left, right], scope)
    case '<':
    case '<=':
    case '>':
    case '>=':
    case '=':
    case '<>':
      together([left, right], scope)
      return inUnit(ONE)
    case 'and':
    case 'or':
      infer(left, scope)
      infer(right, scope)
      return inUnit(ONE)
    case '*':
      return product(infer(left, scope), infer(right, scope), 1)
    case '/':
    case '//':
      return product(infer(left, scope), infer(right, scope), -1)
    case '^':
      return power(left, right, scope)
  }
}

/** a * b, or with -1 a / b. */
export function product(a: Measure, b: Measure, sign: 1 | -1): Measure {
  if (a.kind === 'unknown' || b.kind === 'unknown') return UNKNOWN
  if (a.kind === 'number' && b.kind === 'number') return NUMBER
  // Twice a time is a time.
  if (a.kind === 'unit' && b.kind === 'number') return a
  return inUnit(times(a.kind === 'unit' ? a.unit : ONE, b.kind === 'unit' ? b.unit : ONE, sign))
}

/** What has a unit can only be raised to a power that is a number and stays the same. */
export function power(base: Formula, exponent: Formula, scope: Scope): Measure {
  const measure = infer(base, scope)
  const raised = infer(exponent, scope)
  if (!fits(exponent, raised, ONE, scope, 'an exponent')) return UNKNOWN
  if (measure.kind !== 'unit') return raised.kind === 'number' ? measure : measure.kind === 'number' ? raised : UNKNOWN
  if (isDimensionless(measure.unit) && measure.unit.factor === 1) return measure
  const number = exponentOf(exponent)
  if (number !== undefined) return inUnit(times(ONE, measure.unit, number))
  scope.tell(
    exponent,
    `${shown(base)} is in ${writeUnit(measure.unit)}; the unit of its power is only known where the exponent is a number`,
    'divide the base by a reference value of its unit',
  )
  return UNKNOWN
}

function exponentOf(formula: Formula): number | undefined {
  if (formula.kind === 'number') return formula.value
  if (formula.kind === 'unary' && formula.operator !== 'not') {
    const inner = exponentOf(formula.operand)
    return inner === undefined ? undefined : formula.operator === '-' ? -inner : inner
  }
  if (formula.kind !== 'binary' || formula.operator !== '/') return undefined
  const [above, below] = [exponentOf(formula.left), exponentOf(formula.right)]
  return above === undefined || !below ? undefined : above / below
}

/** The measure of formulas that must be of one unit: terms, sides of a comparison, branches, arguments of min and max. */
export function together(formulas: readonly Formula[], scope: Scope): Measure {
  const measures = formulas.map((formula) => infer(formula, scope))
  const first = measures.findIndex(({ kind }) => kind === 'unit')
  const reference = measures[first]
  if (reference?.kind !== 'unit') {
    if (measures.some(({ kind }) => kind === 'unknown')) return UNKNOWN
    return { kind: 'number', zero: measures.every((measure) => measure.kind === 'number' && measure.zero) }
  }
  const clock = measures.every((m) => m.kind === 'number' || (m.kind === 'unit' && m.clock))
  const takes = clock || scope.bareNumbers === true
  for (const [i, measure] of measures.entries()) {
    if (i === first || measure.kind === 'unknown' || (measure.kind === 'number' && (measure.zero || takes))) continue
    const unit = measure.kind === 'unit' ? measure.unit : ONE
    if (isAlike(unit, reference.unit) && factorTo(unit, reference.unit) === 1) continue
    if (measure.kind === 'number') tellNumber(formulas[i]!, formulas[first]!, reference.unit, scope)
    else tellApart(formulas[i]!, unit, formulas[first]!, reference.unit, scope)
    return UNKNOWN
  }
  return measures.some(({ kind }) => kind === 'unknown') ? UNKNOWN : { ...reference, clock }
}

/** The measure of a formula that must be in a unit; a bare number is, and what is unknown may be. */
export function wants(formula: Formula, unit: Dimension | undefined, scope: Scope, as: string): Measure {
  const measure = infer(formula, scope)
  return fits(formula, measure, unit, scope, as) ? measure : UNKNOWN
}

function fits(formula: Formula, measure: Measure, unit: Dimension | undefined, scope: Scope, as: string): boolean {
  if (!unit || measure.kind !== 'unit') return true
  if (isAlike(measure.unit, unit) && factorTo(measure.unit, unit) === 1) return true
  scope.tell(
    formula,
    `${shown(formula)} is in ${writeUnit(measure.unit)}; ${as} is in ${writeUnit(unit)}`,
    mending(measure.unit, unit, shown(formula)),
  )
  return false
}

function tellApart(one: Formula, unit: Dimension, other: Formula, otherUnit: Dimension, scope: Scope): void {
  scope.tell(
    one,
    `${shown(other)} is in ${writeUnit(otherUnit)} and ${shown(one)} in ${writeUnit(unit)}; they do not go together`,
    mending(unit, otherUnit, shown(one)),
  )
}

function tellNumber(number: Formula, other: Formula, unit: Dimension, scope: Scope): void {
  scope.tell(
    number,
    `${shown(number)} is a bare number beside ${shown(other)}, which is in ${writeUnit(unit)}`,
    `make ${shown(number)} a constant with the unit ${writeUnit(unit)}`,
  )
}

function mending(from: Dimension, to: Dimension, what: string): string {
  if (!isAlike(from, to)) return 'mend the formula or a unit, or leave the variable unchecked'
  const factor = factorTo(from, to)
  const by = factor >= 1 ? `multiply ${what} by ${plain(factor)}` : `divide ${what} by ${plain(1 / factor)}`
  return `${by}, a constant with the unit ${writeShare(factor >= 1 ? 1 / factor : factor)}`
}

const plain = (value: number) => String(Number(value.toPrecision(12)))

const MOST = 60

/** A formula in a message. */
export function shown(formula: Formula): string {
  const text = printFormula(formula)
  return text.length > MOST ? `${text.slice(0, MOST)}...` : text
}
