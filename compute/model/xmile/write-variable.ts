// A variable of a source as an element of XMILE.
import { canonicalName, type Formula } from '../formula/ast.ts'
import { functionKind } from '../formula/functions.ts'
import type { Equation, GraphicalFunction, SourceDistribution, SourceVariable } from '../source/source.ts'
import { type Graphs, isGraph } from './declare.ts'
import { type Place, unsupported } from './faults.ts'
import type { Dimensions } from './names.ts'
import { type Writing, writeFormula } from './write-formula.ts'
import { type Part, tag } from './write-xml.ts'

export interface VariableWriting extends Writing {
  readonly dimensions: Dimensions
  /** Canonical names of flows that conveyors and queues drive. */
  readonly driven: ReadonlySet<string>
  /** A name that no variable has yet; taken by this. */
  readonly freeName: (wanted: string) => string
}

type Kind<K extends SourceVariable['kind']> = Extract<SourceVariable, { kind: K }>

/** Errors: CONSTRUCT_UNSUPPORTED for what XMILE has not: schedules, series, columns, bounded stocks, inputs without a default. */
export function writeVariable(variable: SourceVariable, writing: VariableWriting): Part[] {
  const place = { path: variable.name }
  if (variable.partial) throw unsupported(place, 'an array in XMILE of which some elements have no equation')
  if (variable.entity !== undefined) throw unsupported(place, 'a variable of an entity in XMILE')
  switch (variable.kind) {
    case 'stock':
      return stock(variable, writing)
    case 'flow':
    case 'auxiliary':
      return [valued(variable, writing)]
    case 'table':
      return [table(variable, writing)]
    case 'input':
      if (variable.default === undefined)
        throw unsupported(place, 'an input without a default in XMILE', 'give it a default')
      return [element('aux', variable, writing, [tag('eqn', {}, number(variable.default))])]
    case 'random': {
      const equation: Formula = { kind: 'call', function: 'initial', args: [drawn(variable.distribution, place)] }
      return [element('aux', variable, writing, [tag('eqn', {}, writeFormula(equation, place, writing))])]
    }
    default:
      throw unsupported(place, `a ${variable.kind} in XMILE`)
  }
}

function element(
  name: string,
  variable: SourceVariable,
  writing: VariableWriting,
  parts: Part[],
  attributes = {},
): Part {
  const { doc, unit, dimensions } = variable
  return tag(
    name,
    { name: nameText(variable.name), ...attributes },
    ...(doc === undefined ? [] : [tag('doc', {}, doc)]),
    ...(dimensions?.length ? [dimensionsPart(dimensions, writing, variable.name)] : []),
    ...parts,
    ...(unit === undefined ? [] : [tag('units', {}, unit)]),
  )
}

function dimensionsPart(dimensions: readonly string[], writing: VariableWriting, path: string): Part {
  const names = dimensions.map((name) => {
    const dimension = writing.dimensions.get(name)
    if (!dimension) throw unsupported({ path }, `${name}, which is no dimension, as a dimension in XMILE`)
    return dimension.name
  })
  return tag('dimensions', {}, ...names.map((name) => tag('dim', { name: nameText(name) })))
}

function stock(variable: Kind<'stock'>, writing: VariableWriting): Part[] {
  const { name, conveyor, queue, nonNegative, dimensions } = variable
  const place = { path: name }
  if (variable.min !== undefined || variable.max !== undefined)
    throw unsupported(place, 'a stock that is held between bounds in XMILE', 'clamp its flows')
  const inflows = [...variable.inflows]
  const added: Part[] = []
  if (variable.flow) {
    const flow = writing.freeName(`${name} net flow`)
    inflows.push(flow)
    added.push(
      valued({ kind: 'flow', name: flow, equation: variable.flow, ...(dimensions && { dimensions }) }, writing),
    )
  }
  const formula = (name: string, one: Formula | undefined) =>
    one ? [tag(name, {}, writeFormula(one, place, writing))] : []
  const parts: Part[] = [
    ...equation(variable.initial, variable, undefined, writing),
    ...inflows.map((flow) => tag('inflow', {}, reference(flow))),
    ...variable.outflows.map((flow) => tag('outflow', {}, reference(flow))),
    ...(nonNegative ? [tag('non_negative', {})] : []),
    ...(queue ? [tag('queue', {})] : []),
    ...(conveyor
      ? [
          tag(
            'conveyor',
            { ...leaks(variable, writing), ...batches(variable, writing) },
            ...formula('len', conveyor.length),
            ...formula('capacity', conveyor.capacity),
            ...formula('in_limit', conveyor.inflowLimit),
          ),
        ]
      : []),
  ]
  return [element('stock', variable, writing, parts), ...added]
}

/** Whether its leaks decay across it is said of the conveyor, for all. */
function leaks(variable: Kind<'stock'>, writing: VariableWriting): Record<string, string> {
  const found = variable.outflows.flatMap((flow) => {
    const one = writing.variables.get(canonicalName(flow))
    return one?.kind === 'flow' && one.leak ? [one.leak.exponential ?? false] : []
  })
  if (new Set(found).size > 1)
    throw unsupported({ path: variable.name }, 'a conveyor with linear and exponential leaks in XMILE')
  return found[0] ? { exponential_leak: 'true' } : {}
}

/** What a queue before a conveyor gives it: what there is room for. */
function batches({ inflows, conveyor }: Kind<'stock'>, writing: VariableWriting): Record<string, string> {
  const fromQueue = (flow: string) =>
    [...writing.variables.values()].some(
      (one) => one.kind === 'stock' && one.queue && one.outflows.map(canonicalName).includes(canonicalName(flow)),
    )
  if (!inflows.some(fromQueue)) return {}
  return { ...(!conveyor?.inflowLimit && { discrete: 'true' }), one_at_a_time: 'false' }
}

function valued(variable: Kind<'flow' | 'auxiliary'>, writing: VariableWriting): Part {
  const { name, kind, leak, graph } = variable
  const place = { path: name }
  const driven = kind === 'flow' && writing.driven.has(canonicalName(name))
  const zone = {
    ...(leak?.from !== undefined && { leak_start: number(leak.from) }),
    ...(leak?.to !== undefined && { leak_end: number(leak.to) }),
  }
  const parts: Part[] = [
    ...(driven ? [] : equation(variable.equation, variable, graph, writing)),
    ...(variable.nonNegative ? [tag('non_negative', {})] : []),
    ...(leak ? [tag('leak', {}, writeFormula(leak.share, place, writing))] : []),
    ...(variable.overflow ? [tag('overflow', {})] : []),
  ]
  return element(kind === 'flow' ? 'flow' : 'aux', variable, writing, parts, zone)
}

/** A table alone is a `<gf>`; an array of them an auxiliary without an equation. */
function table(variable: Kind<'table'>, writing: VariableWriting): Part {
  const { graph, dimensions } = variable
  if (!dimensions?.length && isGraph(graph)) return element('gf', variable, writing, gfParts(graph), gfType(graph))
  return element('aux', variable, writing, graphParts(graph, variable, writing))
}

function equation(
  one: Equation,
  variable: SourceVariable,
  graph: Graphs | undefined,
  writing: VariableWriting,
): Part[] {
  const place = { path: variable.name }
  if (one.kind === 'formula') {
    const eqn = tag('eqn', {}, writeFormula(one.formula, place, writing))
    return [...(graph ? graphParts(graph, variable, writing) : []), eqn]
  }
  const each = combinations(variable, writing).map(([key, subscript]) => {
    const formula = one.formulas[key]
    if (!formula) throw unsupported({ path: `${variable.name}[${key}]` }, 'an element without an equation in XMILE')
    const gf = graph && !isGraph(graph) && graph[key] ? [gfPart(graph[key])] : []
    return tag('element', { subscript }, tag('eqn', {}, writeFormula(formula, place, writing)), ...gf)
  })
  return [...each, ...(graph && isGraph(graph) ? [gfPart(graph)] : [])]
}

function graphParts(graph: Graphs, variable: SourceVariable, writing: VariableWriting): Part[] {
  if (isGraph(graph)) return [gfPart(graph)]
  return combinations(variable, writing).flatMap(([key, subscript]) => {
    const one = graph[key]
    return one ? [tag('element', { subscript }, gfPart(one))] : []
  })
}

/** The keys of elements and how a subscript names them. */
function combinations({ dimensions = [] }: SourceVariable, writing: VariableWriting): (readonly [string, string])[] {
  return writing.dimensions
    .combinations(dimensions)
    .map((elements) => [
      elements.join(','),
      elements.map((name) => (name.includes(',') ? `"${name}"` : name)).join(', '),
    ])
}

const gfPart = (graph: GraphicalFunction): Part => tag('gf', gfType(graph), ...gfParts(graph))
const gfType = ({ type }: GraphicalFunction): Record<string, string> => (type === 'continuous' ? {} : { type })
const gfParts = ({ xs, ys }: GraphicalFunction): Part[] => [
  tag('xpts', {}, xs.map(number).join(',')),
  tag('ypts', {}, ys.map(number).join(',')),
]

function drawn({ kind, parameters, values }: SourceDistribution, place: Place): Formula {
  const known = functionKind(kind)
  if (known?.family !== 'random' || values)
    throw unsupported(place, `a random parameter with the distribution ${kind} in XMILE`)
  const args = known.parameters.map((name) => parameters[name])
  const given = args.slice(0, args.indexOf(undefined) < 0 ? args.length : args.indexOf(undefined))
  if (given.length < known.least || given.length < Object.keys(parameters).length)
    throw unsupported(place, `${kind} with the parameters ${Object.keys(parameters).join(', ')} in XMILE`)
  return { kind: 'call', function: known.name, args: given as Formula[] }
}

/** A number so that reading it gives the same bits. */
export const number = (value: number): string => String(value)

/** A name in an attribute: its backslashes and quotation marks escaped (XMILE 1.0, 3.2.2.1). */
export const nameText = (name: string): string => name.replaceAll(/["\\]/g, '\\$&')

/** A name that refers to a variable, in quotation marks where it is no plain identifier. */
function reference(name: string): string {
  const written = name.replaceAll(' ', '_')
  return /^[\p{L}][\p{L}\p{N}_$]*$/u.test(written) ? written : `"${nameText(written)}"`
}
