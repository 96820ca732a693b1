// ACTIVE INITIAL: a variable has another value while the initial values of the model are found.
import { canonicalName, type Formula } from '../formula/ast.ts'
import type { Equation, SourceVariable } from '../source/source.ts'
import { unsupported } from './faults.ts'
import { choose, partsOf, withParts } from './formulas.ts'
import type { Macro } from './scope.ts'
import type { Built } from './variables.ts'

/** Of functions with a memory: where their initial value stands among their arguments; where it is absent, that of the first. */
const INITIAL_AT: Readonly<Record<string, number>> = {
  previous: 1,
  delay: 2,
  delay1: 2,
  delay3: 2,
  delayN: 3,
  smooth1: 2,
  smooth3: 2,
  smoothN: 3,
  trend: 2,
}

/**
 * The variables, and beside them a copy `NAME (initial value)` of each that ACTIVE INITIAL reaches; initial values of stocks,
 * delays and the like are taken from the copies (vensim.com/documentation/fn_active_initial.html).
 *
 * CONSTRUCT_UNSUPPORTED where such a value goes into TREND, FORECAST or a macro, which find their initial value themselves.
 */
export function withActiveInitials(built: readonly Built[], macros: ReadonlyMap<string, Macro>): SourceVariable[] {
  const variables = built.map(({ variable }) => variable)
  const starts = new Map(
    built.flatMap(({ variable, atStart }) => (atStart ? [[canonicalName(variable.name), atStart] as const] : [])),
  )
  if (starts.size === 0) return variables
  const reached = reach(variables, new Set(starts.keys()))
  return variables.flatMap((variable): SourceVariable[] => {
    const at = { variable, reached, macros }
    if (variable.kind === 'stock') {
      const flow = variable.flow ? { flow: mapped(variable.flow, (formula) => running(formula, at)) } : {}
      return [{ ...variable, initial: mapped(variable.initial, (formula) => starting(formula, at)), ...flow }]
    }
    if (variable.kind !== 'auxiliary') return [variable]
    const own = { ...variable, equation: mapped(variable.equation, (formula) => running(formula, at)) }
    const key = canonicalName(variable.name)
    if (!reached.has(key)) return [own]
    const equation = mapped(starts.get(key) ?? variable.equation, (formula) => starting(formula, at))
    return [own, { ...variable, name: copyOf(variable.name), equation }]
  })
}

interface At {
  readonly variable: SourceVariable
  readonly reached: ReadonlySet<string>
  readonly macros: ReadonlyMap<string, Macro>
}

const copyOf = (name: string) => `${name} (initial value)`

/** The auxiliaries whose value at the start hangs on one of `keys`. */
function reach(variables: readonly SourceVariable[], keys: ReadonlySet<string>): Set<string> {
  const reached = new Set(keys)
  const users = new Map<string, string[]>()
  for (const variable of variables) {
    if (variable.kind !== 'auxiliary' || keys.has(canonicalName(variable.name))) continue
    for (const formula of formulasOf(variable.equation))
      for (const name of namesAtStart(formula))
        users.set(name, [...(users.get(name) ?? []), canonicalName(variable.name)])
  }
  const open = [...keys]
  for (let key = open.pop(); key !== undefined; key = open.pop())
    for (const user of users.get(key) ?? [])
      if (!reached.has(user)) {
        reached.add(user)
        open.push(user)
      }
  return reached
}

function namesAtStart(formula: Formula): string[] {
  if (formula.kind === 'name') return [formula.name]
  const initial = initialOf(formula)
  return initial ? namesAtStart(initial) : partsOf(formula).flatMap(namesAtStart)
}

/** What a function with a memory gives at the start; undefined for other formulas. */
function initialOf(formula: Formula): Formula | undefined {
  if (formula.kind !== 'call') return undefined
  const { args } = formula
  if (formula.function === 'initial' || formula.function === 'forecast') return args[0]
  if (formula.function === 'sampleIf') return choose(args[0]!, args[1]!, args[2]!)
  const place = INITIAL_AT[formula.function]
  return place === undefined ? undefined : (args[place] ?? args[0])
}

/** The value at the start, with copies for what they stand for. */
function starting(formula: Formula, at: At): Formula {
  if (formula.kind === 'name')
    return at.reached.has(formula.name) ? { ...formula, name: canonicalName(copyOf(formula.name)) } : formula
  const initial = initialOf(formula)
  if (initial) return starting(initial, at)
  refuseMacro(formula, at)
  return withParts(formula, (part) => starting(part, at))
}

/** The formula while the model runs, with copies in what it takes as its initial values. */
function running(formula: Formula, at: At): Formula {
  const hangs = (part: Formula | undefined) =>
    part !== undefined && namesAtStart(part).some((name) => at.reached.has(name))
  refuseMacro(formula, at)
  const inner = withParts(formula, (part) => running(part, at))
  if (formula.kind !== 'call' || inner.kind !== 'call') return inner
  const { args, function: name } = formula
  if (name === 'initial') return { ...inner, args: [starting(args[0]!, at)] }
  if (name === 'sampleIf') return { ...inner, args: [inner.args[0]!, inner.args[1]!, starting(args[2]!, at)] }
  if ((name === 'forecast' || name === 'trend') && hangs(args[0])) throw refusal(name.toUpperCase(), formula, at)
  const place = INITIAL_AT[name]
  if (place === undefined || !hangs(args[place] ?? args[0])) return inner
  return { ...inner, args: [...inner.args.slice(0, place), starting(args[place] ?? args[0]!, at)] }
}

function refuseMacro(formula: Formula, at: At): void {
  const macro =
    formula.kind === 'call'
      ? [...at.macros.values()].find(({ called, outputs }) => [called, ...outputs.values()].includes(formula.function))
      : undefined
  if (macro && partsOf(formula).some((part) => namesAtStart(part).some((name) => at.reached.has(name))))
    throw refusal(`the macro ${macro.name}`, formula, at)
}

function refusal(of: string, formula: Formula, { variable }: At) {
  return unsupported(
    variable.name,
    formula.at ?? variable.at,
    `${of} of a variable with ACTIVE INITIAL`,
    'write the levels out',
  )
}

function mapped(equation: Equation, change: (formula: Formula) => Formula): Equation {
  if (equation.kind === 'formula') return { kind: 'formula', formula: change(equation.formula) }
  const formulas = Object.entries(equation.formulas).map(([key, formula]) => [key, change(formula)] as const)
  return { kind: 'elements', formulas: Object.fromEntries(formulas) }
}

const formulasOf = (equation: Equation): readonly Formula[] =>
  equation.kind === 'formula' ? [equation.formula] : Object.values(equation.formulas)
