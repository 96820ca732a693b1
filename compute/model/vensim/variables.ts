// The equations of a variable, one or several, become a variable of the source model.
import type { Formula, Position } from '../formula/ast.ts'
import type { Equation, GraphicalFunction, SourceVariable } from '../source/source.ts'
import { type Cell, cellsOf, countOf, type EquationText, needsElements, positionsOf } from './cells.ts'
import type { Dimensions } from './dimensions.ts'
import { invalid, unsupported } from './faults.ts'
import { call, number, withParts } from './formulas.ts'
import { graphOf } from './graphs.ts'
import type { Scope } from './scope.ts'
import type { Definition, RightSide, VensimExpression } from './syntax.ts'
import { keyOf, shownName } from './tokens.ts'
import { translate } from './translate.ts'

export interface Written {
  readonly statement: EquationText
  readonly definition: Definition
}

/** What an equation gives at one cell, or at all of them. */
type Value =
  | { readonly kind: 'formula'; readonly formula: Formula }
  | { readonly kind: 'stock'; readonly flow: Formula; readonly initial: Formula }
  | { readonly kind: 'active'; readonly formula: Formula; readonly initial: Formula }
  | { readonly kind: 'graph'; readonly graph: GraphicalFunction; readonly formula: Formula }
  | { readonly kind: 'table'; readonly graph: GraphicalFunction }

export interface Built {
  readonly variable: SourceVariable
  /** Of ACTIVE INITIAL: its value while the initial values are found. */
  readonly atStart?: Equation
}

/** One variable from all that is written of it; `written` has at least one entry. */
export function buildVariable(written: readonly Written[], scope: Scope, dimensions: Dimensions): Built {
  const { path } = scope
  const [first] = written
  const names = dimensions.of(
    written.map(({ statement }) => statement),
    path,
    first!.definition.at,
  )
  const unit = written.find(({ definition }) => definition.unit)?.definition.unit
  const doc = written.find(({ definition }) => definition.doc)?.definition.doc
  const declared = {
    name: path,
    ...(unit && { unit }),
    ...(doc && { doc }),
    provenance: `line ${first!.definition.at.line}`,
    ...(names.length > 0 && { dimensions: names }),
    at: first!.definition.at,
  }
  const whole = wholeValue(written, scope)
  if (whole) return shape(declared, [{ key: '', value: whole }], true, scope)
  const cells: Cell[] = []
  const values = written.flatMap((one) => {
    const own = cellsOf(one.statement, scope.subscripts, path, one.definition.at)
    for (const cell of own) cells.push(cell)
    return cellValues(one, own, scope)
  })
  const isWhole = dimensions.isWhole(names, cells, path, first!.definition.at)
  return shape({ ...declared, ...(isWhole ? {} : { partial: true }) }, values, names.length === 0, scope)
}

type Declared = { readonly name: string; readonly dimensions?: readonly string[]; readonly at: Position }
type Keyed = { readonly key: string; readonly value: Value }

/** The value for all elements at once, where one equation is for all and says the same of each. */
function wholeValue(written: readonly Written[], scope: Scope): Value | undefined {
  const [{ statement, definition }] = written as [Written]
  const ranges = statement.subscripts.map(({ name }) => keyOf(name))
  const isWhole =
    written.length === 1 && statement.except.length === 0 && ranges.every((key) => scope.subscripts.ranges.has(key))
  if (!isWhole || (statement.right.kind === 'numbers' && ranges.length > 0)) return undefined
  if (new Set(ranges).size < ranges.length) return undefined
  countOf(positionsOf(statement.subscripts, scope.subscripts, scope.path), scope.path, definition.at)
  const { right } = statement
  if (right.kind === 'expression' && needsElements(right.expression, new Set(ranges), scope.subscripts))
    return undefined
  return valueAt(right, 0, ranges, { ...scope, at: definition.at, place: new Map(ranges.map((key) => [key, key])) })
}

function cellValues({ statement, definition }: Written, cells: readonly Cell[], scope: Scope): Keyed[] {
  const { right } = statement
  if (right.kind === 'numbers') {
    const count = cells.length
    if (right.numbers.length !== count || statement.except.length > 0)
      throw invalid(
        scope.path,
        definition.at,
        `needs ${count} number${count === 1 ? '' : 's'}, but has ${right.numbers.length}`,
      )
  }
  return cells.map(({ elements, place, index }) => ({
    key: elements.join(','),
    value: valueAt(right, index, elements, { ...scope, at: definition.at, place }),
  }))
}

/** @param own the subscripts on the left. */
function valueAt(right: RightSide, index: number, own: readonly string[], scope: Scope): Value {
  const { path, at } = scope
  switch (right.kind) {
    case 'empty':
      throw invalid(path, at, 'has no equation', { suggestion: 'write its equation' })
    case 'data':
      throw unsupported(path, at, right.construct, 'write its values as a lookup over Time')
    case 'lookup':
      return { kind: 'table', graph: graphOf(right.points, path, at) }
    case 'numbers': {
      const value = right.numbers[index]
      if (right.numbers.length !== 1 && scope.place.size === 0)
        throw invalid(path, at, 'has a list of numbers, but no subscript range')
      if (value === undefined || !Number.isFinite(value)) throw invalid(path, at, 'only numbers may stand in a list')
      return { kind: 'formula', formula: number(value) }
    }
    case 'expression':
      return expressionValue(right.expression, own, scope)
  }
}

/** INTEG, ACTIVE INITIAL and WITH LOOKUP make another kind of variable where they stand alone. */
function expressionValue(expression: VensimExpression, own: readonly string[], scope: Scope): Value {
  if (
    expression.kind === 'call' &&
    !scope.names.has(keyOf(expression.name)) &&
    !scope.macros.has(keyOf(expression.name))
  ) {
    const { args } = expression
    const key = keyOf(expression.name)
    if (key === 'integ' || key === 'active_initial') {
      if (args.length !== 2)
        throw invalid(scope.path, expression.at, `${shownName(expression.name)} takes 2 arguments, not ${args.length}`)
      const [now, initial] = args.map((arg) => translate(arg, scope)) as [Formula, Formula]
      return key === 'integ' ? { kind: 'stock', flow: now, initial } : { kind: 'active', formula: now, initial }
    }
    const [x, points] = args
    if (key === 'with_lookup' && x && points?.kind === 'points' && args.length === 2)
      return { kind: 'graph', graph: graphOf(points.points, scope.path, points.at), formula: translate(x, scope) }
    if (key === 'sample_if_true')
      return { kind: 'formula', formula: withHeld(translate(expression, scope), keyOf(scope.path), own) }
  }
  return { kind: 'formula', formula: translate(expression, scope) }
}

/** A variable that SAMPLE IF TRUE makes may stand in its own condition and input, as what it was at the step before. */
function withHeld(sample: Formula, name: string, own: readonly string[]): Formula {
  if (sample.kind !== 'call') return sample
  const [condition, x, initial] = sample.args as [Formula, Formula, Formula]
  const isItself = (formula: Formula) =>
    formula.kind === 'name' &&
    formula.name === name &&
    own.every((key, k) => {
      const subscript = formula.subscripts?.[k]
      return subscript?.kind === 'name' && subscript.name === key
    })
  const held = (formula: Formula): Formula =>
    isItself(formula) ? call('previous', formula, initial) : withParts(formula, held)
  return { ...sample, args: [held(condition), held(x), initial] }
}

function shape(declared: Declared, values: readonly Keyed[], isOne: boolean, scope: Scope): Built {
  const kinds = new Set(values.map(({ value }) => value.kind))
  const equation = (of: (value: Value) => Formula): Equation => {
    if (isOne) return { kind: 'formula', formula: of(values[0]!.value) }
    return { kind: 'elements', formulas: Object.fromEntries(values.map(({ key, value }) => [key, of(value)])) }
  }
  if (kinds.has('table')) {
    const graph = graphs(values, isOne)
    if (!graph) throw invalid(scope.path, declared.at, 'is a lookup for some elements only')
    return { variable: { ...declared, kind: 'table', graph } }
  }
  if (kinds.has('stock')) return { variable: stock(declared, values, equation, scope) }
  const variable = (main: Equation, graph?: SourceGraph): SourceVariable => ({
    ...declared,
    kind: 'auxiliary',
    equation: main,
    ...(graph && { graph }),
  })
  if (kinds.has('graph')) {
    const graph = graphs(values, isOne)
    if (!graph) throw unsupported(scope.path, declared.at, 'WITH LOOKUP for some elements only', 'name the lookup')
    return { variable: variable(equation(formulaOf), graph) }
  }
  if (!kinds.has('active')) return { variable: variable(equation(formulaOf)) }
  const atStart = equation((value) => (value.kind === 'active' ? value.initial : formulaOf(value)))
  return { variable: variable(equation(formulaOf)), atStart }
}

type SourceGraph = GraphicalFunction | Readonly<Record<string, GraphicalFunction>>

/** One graphical function for all, or one for each; undefined where some have none. */
function graphs(values: readonly Keyed[], isOne: boolean): SourceGraph | undefined {
  const own = values.flatMap(({ key, value }) =>
    value.kind === 'graph' || value.kind === 'table' ? [[key, value.graph] as const] : [],
  )
  if (own.length < values.length) return undefined
  return isOne ? own[0]![1] : Object.fromEntries(own)
}

/** A number for some elements of a stock is a stock that stays there (vensim.com/documentation/22215.html). */
function stock(
  declared: Declared,
  values: readonly Keyed[],
  equation: (of: (value: Value) => Formula) => Equation,
  scope: Scope,
) {
  const mixed = values.find(
    ({ value }) => value.kind !== 'stock' && !(value.kind === 'formula' && value.formula.kind === 'number'),
  )
  if (mixed) throw invalid(scope.path, declared.at, `is a stock for some elements, but not at [${mixed.key}]`)
  return {
    ...declared,
    kind: 'stock' as const,
    initial: equation((value) => (value.kind === 'stock' ? value.initial : formulaOf(value))),
    inflows: [],
    outflows: [],
    flow: equation((value) => (value.kind === 'stock' ? value.flow : number(0))),
  }
}

function formulaOf(value: Value): Formula {
  return value.kind === 'formula' || value.kind === 'active' || value.kind === 'graph' ? value.formula : number(0)
}
