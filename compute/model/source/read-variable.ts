// One variable of a model file: `heat loss: { formula: ..., unit: ... }`, and the shapes of its other kinds.
import { didYouMean } from '../did-you-mean.ts'
import { canonicalName, type Formula } from '../formula/ast.ts'
import { constantOf } from './constant.ts'
import { distributionOf, empirical } from './distribution.ts'
import type { Equation, GraphicalFunction, SourceDistribution, SourceVariable } from './source.ts'
import type { YamlPart } from './yaml-part.ts'

/** The key that says what a variable is, and the keys that may stand beside it. */
const KINDS = {
  constant: [],
  formula: ['graph', 'type', 'nonNegative', 'leak', 'overflow'],
  stock: ['flow', 'inflows', 'outflows', 'nonNegative', 'min', 'max', 'conveyor', 'queue'],
  table: ['type'],
  schedule: [],
  input: [],
  series: ['macroVariable'],
  column: [],
  random: ['weights'],
} as const satisfies Record<string, readonly string[]>
const COMMON = ['unit', 'doc', 'provenance', 'dimensions', 'entity', 'unchecked'] as const

type Kind = keyof typeof KINDS
type Key = Kind | (typeof KINDS)[Kind][number] | (typeof COMMON)[number]
type Fields = { readonly [key in Key]?: YamlPart }

const kinds = Object.keys(KINDS) as Kind[]
const keys: readonly Key[] = [...new Set<Key>([...kinds, ...Object.values(KINDS).flat(), ...COMMON])]

/** A number stands for a constant, a text for a formula. Faults are MODEL_INVALID with path, line, column and suggestion. */
export function readVariable(name: string, part: YamlPart): SourceVariable {
  if (part.isEmpty) throw part.fault('expected what it is', 'write a number, a formula, or { stock: ..., flow: ... }')
  if (!part.isMap)
    return { kind: 'auxiliary', name, at: part.at, equation: { kind: 'formula', formula: part.formula() } }
  const fields: Fields = part.fields(keys)
  const declared = {
    name,
    at: part.at,
    ...optional('unit', fields.unit?.text()),
    ...optional('doc', fields.doc?.text()),
    ...optional('provenance', fields.provenance?.text()),
    ...optional('dimensions', fields.dimensions && names(fields.dimensions)),
    ...optional('entity', fields.entity?.text()),
    ...(fields.unchecked?.boolean() ? { unchecked: true } : {}),
  }
  const kind = kindOf(part, fields)
  const own = fields[kind]!
  switch (kind) {
    case 'constant':
      return { kind: 'auxiliary', ...declared, equation: constant(equation(own), own) }
    case 'formula':
      return {
        kind: 'auxiliary',
        ...declared,
        equation: equation(own),
        ...optional('graph', fields.graph && graph(fields.graph, fields.type)),
        ...(fields.nonNegative?.boolean() ? { nonNegative: true } : {}),
        ...optional('leak', fields.leak && leak(fields.leak)),
        ...(fields.overflow?.boolean() ? { overflow: true } : {}),
      }
    case 'stock':
      return { ...declared, ...stock(own, fields) }
    case 'table':
      return { kind, ...declared, graph: graph(own, fields.type) }
    case 'schedule':
      return { kind, ...declared, ...brackets(own) }
    case 'input':
      return { kind, ...declared, ...optional('default', own.isEmpty ? undefined : own.number()) }
    case 'series':
      return {
        kind,
        ...declared,
        ...optional('default', own.isEmpty ? undefined : own.number()),
        ...optional('macroVariable', fields.macroVariable?.text()),
      }
    case 'column':
      if (!own.boolean()) throw own.fault('expected true', 'write column: true')
      return { kind, ...declared }
    case 'random':
      return { kind, ...declared, distribution: distribution(own, fields.weights) }
  }
}

/** Names in a list, or one name alone. */
export function names(part: YamlPart): string[] {
  return part.isList ? part.list().map((item) => item.text()) : [part.text()]
}

export const optional = <K extends string, V>(key: K, value: V | undefined) =>
  (value === undefined ? {} : { [key]: value }) as { [key in K]?: V }

function kindOf(part: YamlPart, fields: Fields): Kind {
  const found = kinds.filter((kind) => fields[kind])
  const [kind] = found
  if (kind === undefined) throw part.fault('this does not say what it is', `give one of ${kinds.join(', ')}`)
  if (found.length > 1) throw part.fault(`this is ${found.join(' and ')} at once`, 'keep one of them')
  for (const key of Object.keys(fields) as Key[]) {
    if (key === kind || [...KINDS[kind], ...COMMON].includes(key as never)) continue
    const known = [...KINDS[kind], ...COMMON]
    throw fields[key]!.fault(
      `"${key}" has no meaning for ${kind}; known are ${known.join(', ')}`,
      didYouMean(key, known),
      fields[key]!.keyAt,
    )
  }
  return kind
}

/** One formula for all elements, or one for each combination of them. */
function equation(part: YamlPart): Equation {
  if (!part.isMap) return { kind: 'formula', formula: part.formula() }
  return { kind: 'elements', formulas: byElement(part, (item) => item.formula()) }
}

function byElement<T>(part: YamlPart, read: (item: YamlPart) => T): Record<string, T> {
  const entries = part.entries((name) => `${part.path}[${name}]`)
  return Object.fromEntries(entries.map(([name, item]) => [name.split(',').map(canonicalName).join(','), read(item)]))
}

function constant(equation: Equation, part: YamlPart): Equation {
  const formulas = equation.kind === 'formula' ? [equation.formula] : Object.values(equation.formulas)
  if (formulas.some((formula) => constantOf(formula) === undefined))
    throw part.fault('a constant is a number', 'write formula: instead of constant:')
  return equation
}

const TYPES = ['continuous', 'extrapolate', 'discrete'] as const

function graph(part: YamlPart, type: YamlPart | undefined): GraphicalFunction | Record<string, GraphicalFunction> {
  const how = type?.oneOf(TYPES) ?? 'continuous'
  if (part.isMap) return byElement(part, (item) => ({ type: how, ...points(item) }))
  return { type: how, ...points(part) }
}

/** [[x, y], ...] with x strictly rising. */
function points(part: YamlPart): { xs: number[]; ys: number[] } {
  const xs: number[] = []
  const ys: number[] = []
  for (const point of part.list()) {
    const [x, y, more] = point.list()
    if (!x || !y || more) throw point.fault('expected two numbers', 'write points as [[0, 0], [1, 2]]')
    if (xs.length > 0 && x.number() <= xs.at(-1)!)
      throw point.fault(`${x.number()} does not lie above the ${xs.at(-1)} before it`, 'sort the points')
    xs.push(x.number())
    ys.push(y.number())
  }
  if (xs.length === 0) throw part.fault('expected one point or more', 'write points as [[0, 0], [1, 2]]')
  return { xs, ys }
}

/** [[threshold, rate or amount], ...], each a number or a formula; thresholds that are numbers rise. */
function brackets(part: YamlPart): { thresholds: Formula[]; values: Formula[] } {
  const thresholds: Formula[] = []
  const values: Formula[] = []
  let last: number | undefined
  for (const point of part.list()) {
    const [threshold, value, more] = point.list()
    if (!threshold || !value || more)
      throw point.fault('expected a threshold and a rate or amount', 'write brackets as [[0, 0.1], [11925, 0.12]]')
    thresholds.push(threshold.formula())
    values.push(value.formula())
    const number = constantOf(thresholds.at(-1)!)
    if (number === undefined) continue
    if (last !== undefined && number <= last)
      throw point.fault(`${number} does not lie above the ${last} before it`, 'sort the brackets')
    last = number
  }
  if (thresholds.length === 0)
    throw part.fault('expected one bracket or more', 'write brackets as [[0, 0.1], [11925, 0.12]]')
  return { thresholds, values }
}

function stock(initial: YamlPart, fields: Fields) {
  const { flow, inflows, outflows, min, max } = fields
  if (flow && (inflows ?? outflows))
    throw flow.fault('a stock has a flow, or inflows and outflows', 'keep one of the two')
  return {
    kind: 'stock' as const,
    initial: equation(initial),
    inflows: inflows ? names(inflows) : [],
    outflows: outflows ? names(outflows) : [],
    ...optional('flow', flow && equation(flow)),
    ...(fields.nonNegative?.boolean() ? { nonNegative: true } : {}),
    ...optional('min', min?.number()),
    ...optional('max', max?.number()),
    ...optional('conveyor', fields.conveyor && conveyor(fields.conveyor)),
    ...(fields.queue?.boolean() ? { queue: true } : {}),
  }
}

function conveyor(part: YamlPart) {
  const { length, capacity, inflowLimit } = part.fields(['length', 'capacity', 'inflowLimit'])
  if (!length) throw part.fault('a conveyor has a length', 'write conveyor: { length: 4 }')
  return {
    length: length.formula(),
    ...optional('capacity', capacity?.formula()),
    ...optional('inflowLimit', inflowLimit?.formula()),
  }
}

function leak(part: YamlPart) {
  const { share, from, to, exponential } = part.fields(['share', 'from', 'to', 'exponential'])
  if (!share) throw part.fault('a leak has a share', 'write leak: { share: 0.1 }')
  return {
    share: share.formula(),
    ...optional('from', from?.number()),
    ...optional('to', to?.number()),
    ...optional('exponential', exponential?.boolean()),
  }
}

function distribution(part: YamlPart, weights: YamlPart | undefined): SourceDistribution {
  const shares = weights?.list().map((weight) => weight.number())
  if (part.isList)
    return part.reading(() =>
      empirical(
        part.list().map((item) => item.number()),
        part.at,
        shares,
      ),
    )
  const formula: Formula = part.formula()
  const read = part.reading(() => distributionOf(formula))
  if (!shares) return read
  if (read.kind !== 'empirical') throw weights!.fault('only empirical has weights', 'write random: [1, 2, 5]')
  return part.reading(() => empirical(read.values!, part.at, shares))
}
