// Checks the units of a whole source: every equation against the unit that its variable declares.
import { canonicalName, type Formula } from '../formula/ast.ts'
import type { Equation, SourceFinding, SourceModel, SourceVariable } from '../source/source.ts'
import { type Dimension, ONE, times } from './dimension.ts'
import { infer, inUnit, type Measure, type Scope, together, UNKNOWN, wants } from './infer.ts'
import { readUnit } from './read-unit.ts'

/**
 * What does not fit in the units of a source, one finding for each fault (UNIT_MISMATCH; UNIT_UNREADABLE for a unit that is none).
 * A variable without a unit is unknown and fits everything; one that is `unchecked` is passed over. Whether a finding stops the
 * model is for the reader of `source.unitFaults` to say.
 *
 * Terms, sides of a comparison, branches and arguments of min and max have one unit and one scale; products multiply; an exponent
 * and the argument of exp, ln and sin have none; a stock's flow is in its unit per unit of time. A bare number is 1 in a product,
 * takes the unit that is wanted where it is a whole equation or argument, and is a fault beside a unit, unless it is 0, stands
 * beside the clock, or in a variable with `bareNumbers`.
 */
export function unitFaults(source: SourceModel): SourceFinding[] {
  const findings: SourceFinding[] = []
  const time = source.time && !TIME.test(source.time.unit) ? readUnit(source.time.unit) : undefined
  const entities = new Set((source.entities ?? []).map(({ name }) => canonicalName(name)))
  const read = new Map<string, Dimension | undefined>()
  const dimensionOf = (text: string): Dimension | undefined => {
    if (!read.has(text)) read.set(text, readUnit(text, time))
    return read.get(text)
  }
  const declared = (variables: readonly SourceVariable[]) =>
    new Map(variables.map((variable) => [canonicalName(variable.name), unitOf(variable)]))

  function unitOf({ name, unit, unchecked }: SourceVariable): Dimension | undefined {
    if (unit === undefined || unit.trim() === '' || (!time && TIME.test(unit))) return undefined
    const dimension = dimensionOf(unit)
    if (!dimension && !unchecked)
      findings.push({
        severity: source.unitFaults === 'error' ? 'WARNING' : 'INFO',
        code: 'UNIT_UNREADABLE',
        path: name,
        message: `"${unit}" is not a unit, so ${name} is not checked`,
        suggestion: 'write a unit such as "USD", "USD bn", "person/year", "1/year" or "fraction"',
      })
    return dimension
  }

  const scopeOf = (path: string, units: ReadonlyMap<string, Dimension | undefined>): Scope => ({
    measureOf: (name) => constantMeasure(name, time) ?? inUnit(units.get(name)),
    isEntity: (name) => entities.has(name),
    time,
    tell: ({ at }, message, suggestion) =>
      findings.push({
        severity: 'WARNING',
        code: 'UNIT_MISMATCH',
        path,
        message: `${at ? `line ${at.line}, column ${at.column}: ` : ''}${message}`,
        ...(suggestion ? { suggestion } : {}),
      }),
  })

  const scopeOfVariable = (
    { name, bareNumbers }: SourceVariable,
    units: ReadonlyMap<string, Dimension | undefined>,
  ) => ({
    ...scopeOf(name, units),
    ...(bareNumbers ? { bareNumbers } : {}),
  })

  const check = (variables: readonly SourceVariable[], units: ReadonlyMap<string, Dimension | undefined>) => {
    for (const variable of variables)
      if (!variable.unchecked)
        checkVariable(variable, units.get(canonicalName(variable.name)), scopeOfVariable(variable, units), units)
  }

  const units = declared(source.variables)
  check(source.variables, units)
  for (const macro of source.macros) {
    const inside = declared(macro.variables)
    check(macro.variables, inside)
    infer(macro.result, scopeOf(macro.name, inside))
  }
  for (const { guess = {} } of source.solves ?? [])
    for (const [unknown, formula] of Object.entries(guess))
      wants(formula, units.get(canonicalName(unknown)), scopeOf(unknown, units), unknown)
  for (const { name, left, right } of source.identities ?? []) together([left, right], scopeOf(name, units))
  return findings
}

/** The word that stands for the unit of time of the model, also where a file says no more of that unit than this word. */
const TIME = /(?<!\p{L})time(?!\p{L})/iu

function constantMeasure(name: string, time: Dimension | undefined): Measure | undefined {
  if (name === 'pi') return inUnit(ONE)
  // It bounds whatever it stands beside.
  if (name === 'inf') return { kind: 'number', zero: true }
  if (['time', 'dt', 'starttime', 'stoptime'].includes(name))
    return time ? { kind: 'unit', unit: time, clock: true } : UNKNOWN
  return undefined
}

function checkVariable(
  variable: SourceVariable,
  unit: Dimension | undefined,
  scope: Scope,
  units: ReadonlyMap<string, Dimension | undefined>,
): void {
  const { name } = variable
  const own: Scope = { ...scope, measureOf: (other) => (other === 'self' ? inUnit(unit) : scope.measureOf(other)) }
  const perTime = unit && scope.time && times(unit, scope.time, -1)
  const all = (equation: Equation, wanted: Dimension | undefined, as: string) => {
    for (const formula of formulasOf(equation)) wants(formula, wanted, own, as)
  }
  switch (variable.kind) {
    case 'auxiliary':
    case 'flow':
      // What a graphical function is applied to has the unit of its x axis, which is not declared.
      all(variable.equation, variable.graph ? undefined : unit, name)
      if (variable.leak) infer(variable.leak.share, own)
      return
    case 'stock': {
      all(variable.initial, unit, name)
      if (variable.flow) all(variable.flow, perTime, `the flow of ${name}`)
      for (const flow of [...variable.inflows, ...variable.outflows])
        wants(
          { kind: 'name', name: canonicalName(flow) },
          units.get(canonicalName(flow)) && perTime,
          own,
          `a flow of ${name}`,
        )
      const { length, capacity, inflowLimit } = variable.conveyor ?? {}
      if (length) wants(length, scope.time, own, 'the length of a conveyor')
      if (capacity) wants(capacity, unit, own, `the capacity of ${name}`)
      if (inflowLimit) wants(inflowLimit, perTime, own, `the inflow of ${name}`)
      return
    }
    case 'schedule':
      // What the thresholds are in is that of x, which each use brings.
      for (const value of variable.values) wants(value, unit, own, name)
      for (const threshold of variable.thresholds) infer(threshold, own)
      return
    case 'random':
      for (const [parameter, formula] of Object.entries(variable.distribution.parameters)) {
        // The logarithm of a quantity in its unit, which nothing but that is.
        if (parameter === 'mu') continue
        wants(formula, OF_VALUE.has(parameter) ? unit : ONE, own, OF_VALUE.has(parameter) ? name : parameter)
      }
  }
}

/** Parameters of distributions in the unit of the value; the others, of shape and of a logarithm, have none. */
const OF_VALUE = new Set(['mean', 'sd', 'min', 'max', 'mode', 'scale'])

const formulasOf = (equation: Equation): readonly Formula[] =>
  equation.kind === 'formula' ? [equation.formula] : Object.values(equation.formulas)
