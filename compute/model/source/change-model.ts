// Changes to a model before it is run: other numbers, distributions in their place, another clock, other outputs.
import { QuesnayError } from '../../../schema/errors.ts'
import { didYouMean } from '../did-you-mean.ts'
import { canonicalName, type Formula } from '../formula/ast.ts'
import type { Method } from '../model.ts'
import { readDistribution } from './distribution.ts'
import type { Equation, SourceModel, SourceTime, SourceVariable } from './source.ts'

export interface Changes {
  /** A number by `name` or `name[element]`: in the place of an equation, a default, or the initial value of a stock. */
  readonly set?: Readonly<Record<string, number>>
  /** A distribution such as "normal(0.3, 0.05)", by the same names, drawn once a run. */
  readonly vary?: Readonly<Record<string, string>>
  readonly method?: Method
  readonly dt?: number
  readonly start?: number
  readonly stop?: number
  readonly saveEvery?: number
  /** Variables that are saved, instead of the model's own. */
  readonly outputs?: readonly string[]
}

/**
 * The model with the changes made; it is left as it was. A stock, a flow and an element are varied through a random variable of
 * their own, `name initial`, `name varied` or `name of element`.
 * BAD_INPUT with `path` (set, vary, time or outputs, and the name) and a suggestion: an unknown variable or element, a table or
 * schedule, no number, no distribution, a clock for a model without time.
 */
export function changeModel(source: SourceModel, changes: Changes): SourceModel {
  let changed = source
  for (const [name, value] of Object.entries(changes.set ?? {})) changed = setOne(changed, name, value)
  for (const [name, text] of Object.entries(changes.vary ?? {})) changed = varyOne(changed, name, text)
  if (changes.outputs) {
    for (const name of changes.outputs) find(changed, name, 'outputs')
    changed = { ...changed, outputs: changes.outputs }
  }
  return withTime(changed, changes)
}

function setOne(source: SourceModel, name: string, value: number): SourceModel {
  const path = `set.${name}`
  if (!Number.isFinite(value)) throw bad(path, `${name} is set to ${value}, which is no finite number`, 'give a number')
  const place = find(source, name, 'set')
  return replaced(source, place.variable, [withFormula(source, place, { kind: 'number', value }, path)])
}

function varyOne(source: SourceModel, name: string, text: string): SourceModel {
  const path = `vary.${name}`
  const place = find(source, name, 'vary')
  const { variable, element } = place
  const distribution = readDistribution(text, path)
  const { name: own, unit, doc, provenance, dimensions, entity, unchecked, at } = variable
  const declared = { unit, doc, provenance, dimensions, entity, unchecked, at }
  if (element === undefined && variable.kind !== 'stock' && variable.kind !== 'flow' && !isTable(variable))
    return replaced(source, variable, [{ kind: 'random', name: own, ...defined(declared), distribution }])

  const what =
    element === undefined ? (variable.kind === 'stock' ? 'initial' : 'varied') : `of ${element.replaceAll(',', ' ')}`
  const random = `${own} ${what}`
  const whole = element === undefined
  const drawn: SourceVariable = {
    kind: 'random',
    name: random,
    ...defined({ unit, entity, unchecked, ...(whole ? { dimensions } : {}) }),
    distribution,
  }
  const reference: Formula = {
    kind: 'name',
    name: canonicalName(random),
    ...(whole && dimensions
      ? { subscripts: dimensions.map((d) => ({ kind: 'name', name: canonicalName(d) }) as const) }
      : {}),
  }
  return replaced(source, variable, [drawn, withFormula(source, place, reference, path)])
}

interface Place {
  readonly variable: SourceVariable
  /** Canonical, by `a,b`; undefined for the whole variable. */
  readonly element?: string
}

/** The variable, and the element where one is named: `name[a, b]`. */
function find({ variables, dimensions }: SourceModel, text: string, path: string): Place {
  const [, bare, subscripts] = /^\s*([\s\S]*?)\s*(?:\[([^\]]*)\]\s*)?$/.exec(text) ?? []
  const name = canonicalName(bare ?? text)
  const variable = variables.find((one) => canonicalName(one.name) === name)
  if (!variable) {
    const names = variables.map((one) => one.name)
    throw bad(`${path}.${text}`, `the model has no variable "${text}"`, didYouMean(text, names))
  }
  if (subscripts === undefined) return { variable }
  const element = subscripts.split(',').map(canonicalName)
  const own = variable.dimensions ?? []
  if (element.length !== own.length) {
    const wanted = own.length === 0 ? 'it has no elements' : `name an element of ${own.join(', ')}`
    throw bad(`${path}.${text}`, `"${variable.name}" has ${own.length} dimensions, not ${element.length}`, wanted)
  }
  for (const [i, part] of element.entries()) {
    const known = elementsOf(dimensions, own[i]!)
    if (known.includes(part)) continue
    const suggestion = didYouMean(part, known) ?? `it has ${known.slice(0, 20).join(', ')}`
    throw bad(`${path}.${text}`, `${own[i]} has no element "${part}"`, suggestion)
  }
  return { variable, element: element.join(',') }
}

const elementsOf = (dimensions: SourceModel['dimensions'], name: string): string[] =>
  dimensions.find((one) => canonicalName(one.name) === canonicalName(name))?.elements.map(canonicalName) ?? []

/** The variable with a formula in the place of its equation, or of one element's. */
function withFormula(
  source: SourceModel,
  { variable, element }: Place,
  formula: Formula,
  path: string,
): SourceVariable {
  const { name, unit, doc, provenance, dimensions, entity, unchecked, at } = variable
  const declared = { name, ...defined({ unit, doc, provenance, dimensions, entity, unchecked, at }) }
  const equation = (before: Equation | undefined): Equation =>
    element === undefined ? { kind: 'formula', formula } : withElement(source, variable, before, element, formula)
  switch (variable.kind) {
    case 'auxiliary':
    case 'flow': {
      const { graph, ...rest } = variable
      if (graph && element !== undefined)
        throw bad(path, `the elements of "${name}" have a graphical function`, `change "${name}" as a whole`)
      return { ...rest, equation: equation(variable.equation) }
    }
    case 'stock':
      return { ...variable, initial: equation(variable.initial) }
    case 'input':
    case 'series':
      if (formula.kind === 'number' && element === undefined) return { ...variable, default: formula.value }
      return { ...declared, kind: 'auxiliary', equation: equation(numeric(variable.default)) }
    case 'column':
    case 'random':
      if (element !== undefined)
        throw bad(path, `"${name}" has no equation for each element`, `change "${name}" as a whole`)
      return { ...declared, kind: 'auxiliary', equation: equation(undefined) }
    case 'table':
    case 'schedule':
      throw bad(path, `"${name}" is a ${variable.kind}, not a number`, 'change a variable that uses it')
  }
}

const numeric = (value: number | undefined): Equation | undefined =>
  value === undefined ? undefined : { kind: 'formula', formula: { kind: 'number', value } }

/** Every element has its formula written out, and this one the new one. */
function withElement(
  { dimensions }: SourceModel,
  variable: SourceVariable,
  before: Equation | undefined,
  element: string,
  formula: Formula,
): Equation {
  if (before?.kind === 'elements') return { kind: 'elements', formulas: { ...before.formulas, [element]: formula } }
  const all = (variable.dimensions ?? []).reduce<string[]>(
    (rows, name) =>
      rows.flatMap((row) => elementsOf(dimensions, name).map((part) => (row === '' ? part : `${row},${part}`))),
    [''],
  )
  const other: Formula = before?.formula ?? { kind: 'number', value: 0 }
  return { kind: 'elements', formulas: Object.fromEntries(all.map((key) => [key, key === element ? formula : other])) }
}

const isTable = ({ kind }: SourceVariable) => kind === 'table' || kind === 'schedule'

const replaced = (source: SourceModel, old: SourceVariable, by: readonly SourceVariable[]): SourceModel => ({
  ...source,
  variables: source.variables.flatMap((variable) => (variable === old ? by : [variable])),
})

function withTime(source: SourceModel, { method, dt, start, stop, saveEvery }: Changes): SourceModel {
  const given: Partial<SourceTime> = defined({ method, dt, start, stop, saveEvery })
  const [first] = Object.keys(given)
  if (first === undefined) return source
  if (!source.time) throw bad(first, `the model has no time, so ${first} has no meaning`, `leave ${first} out`)
  for (const [key, value] of Object.entries({ dt, start, stop, saveEvery }))
    if (value !== undefined && !Number.isFinite(value)) throw bad(key, `${key} is ${value}, which is no finite number`)
  const time = { ...source.time, ...given }
  if (time.dt <= 0) throw bad('dt', `dt is ${time.dt}; it must be above 0`)
  if (time.saveEvery !== undefined && time.saveEvery <= 0) throw bad('saveEvery', 'saveEvery must be above 0')
  if (time.stop < time.start)
    throw bad(
      stop === undefined ? 'start' : 'stop',
      `the run would stop at ${time.stop}, before it starts at ${time.start}`,
    )
  return { ...source, time }
}

type Defined<T> = { [K in keyof T]?: Exclude<T[K], undefined> }

/** Without the fields that are undefined. */
function defined<T extends object>(fields: T): Defined<T> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Defined<T>
}

const bad = (path: string, message: string, suggestion?: string) =>
  new QuesnayError('BAD_INPUT', message, { path, ...(suggestion ? { suggestion } : {}) })
