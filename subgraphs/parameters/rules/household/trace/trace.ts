// A trace: from a variable back through the rules to parameters and data, with the value of each.

import { knownValue } from '../../../../../compute/model/lowering/known-value.ts'
import type { Expression } from '../../../../../compute/model/model.ts'
import { variableReads } from '../../../../../compute/model/references.ts'
import { QuesnayError } from '../../../../../schema/errors.ts'
import { type Described, describe } from './described.ts'
import type { LawView } from './law-view.ts'
import { type NamedParameter, parametersOf } from './parameters.ts'
import { inputsByKey, isPartOf, readingsOf, tracedSchedule } from './schedules.ts'
import { takenOf } from './taken.ts'
import type { TraceNode, TraceOperand } from './traced.ts'

/** Nodes of one trace: nobody reads more. */
export const MAX_NODES = 2000

/**
 * The variables whose values a trace needs, by the names that the law sees: all that the variable is computed from within `depth`
 * rules (undefined: to the data), and what these read. LIMIT_EXCEEDED.
 */
export function variablesOfTrace(view: LawView, variable: string, depth?: number): string[] {
  const needed = new Set([variable])
  let rules = [variable]
  for (let level = 0; rules.length > 0 && level <= (depth ?? Number.POSITIVE_INFINITY); level++) {
    const next: string[] = []
    // Parts belong to the rule that holds them.
    for (let open = rules; open.length > 0; ) {
      const read = open.flatMap((name) => readsOf(view, name)).filter((name) => !needed.has(name))
      for (const name of read) needed.add(name)
      open = [...new Set(read)].filter((name) => view.isPart(name))
      next.push(...read.filter((name) => !view.isPart(name)))
    }
    rules = next
  }
  if (needed.size <= MAX_NODES) return [...needed]
  throw new QuesnayError('LIMIT_EXCEEDED', `the trace of ${variable} has ${needed.size} variables`, {
    path: 'depth',
    limit: MAX_NODES,
    suggestion: 'ask for less depth',
  })
}

function readsOf(view: LawView, name: string): string[] {
  const equation = view.equationOf(name)
  if (!equation) return []
  const { now } = variableReads({ kind: 'auxiliary', name, unit: '', equation })
  return now.now.filter((read) => view.variableOf(read)?.kind !== 'input')
}

interface Tracing {
  readonly view: LawView
  readonly known: (name: string) => number
  readonly describe: (name: string) => Described
  readonly parameterOf: (input: string) => NamedParameter | undefined
  readonly inputs: ReadonlyMap<string, string>
  readonly depth: number
}

/** The nodes, the variable asked for first, then what it is computed from, nearer ones first. `values`: of variablesOfTrace. */
export function traceOf(
  view: LawView,
  variable: string,
  values: (name: string) => number,
  depth = Number.POSITIVE_INFINITY,
): TraceNode[] {
  const parameterOf = parametersOf(view.laws, view.side)
  const inputs = inputsByKey(view.laws.ruleSet.parameters.flatMap((parameter) => parameter.inputs))
  const known = (name: string): number => {
    if (view.variableOf(name)?.kind !== 'input') return values(name)
    return parameterOf(name)?.traced.value ?? Number.MAX_VALUE
  }
  const descriptions = new Map<string, Described>()
  const describeOnce = (name: string): Described => {
    const described = descriptions.get(name) ?? describe(name, view)
    descriptions.set(name, described)
    return described
  }
  const tracing: Tracing = { view, known, describe: describeOnce, parameterOf, inputs, depth }
  const nodes = new Map<string, TraceNode>()
  const open = [{ name: variable, depth: 0 }]
  const asked = new Set([variable])
  for (let next = open.shift(); next; next = open.shift()) {
    const node = nodeOf(tracing, next.name, next.depth)
    nodes.set(next.name, node)
    const fresh = node.operands.filter(({ node: id }) => id !== null && !asked.has(id))
    for (const { name } of fresh) asked.add(name)
    // Parts stand right behind the rule that holds them.
    open.unshift(...fresh.filter(({ kind }) => kind === 'PART').map(({ name }) => ({ name, depth: next.depth })))
    open.push(...fresh.filter(({ kind }) => kind !== 'PART').map(({ name }) => ({ name, depth: next.depth + 1 })))
  }
  return [...nodes.values()]
}

function nodeOf(tracing: Tracing, name: string, depth: number): TraceNode {
  const { view } = tracing
  const described = tracing.describe(name)
  const equation = view.equationOf(name)
  return {
    id: name,
    name,
    ...described,
    value: tracing.known(name),
    depth,
    ...(equation ? operandsOf(tracing, equation, depth) : { operands: [], schedules: [] }),
  }
}

function operandsOf(tracing: Tracing, equation: Expression, depth: number): Pick<TraceNode, 'operands' | 'schedules'> {
  const { view, parameterOf, inputs } = tracing
  const isTrue = (condition: Expression) => knownValue(condition, view.tables, tracing.known) !== 0
  const { parts, reads } = takenOf(equation, isTrue)
  const readings = readingsOf(parts, view, isTrue)
  const figured = readings.flatMap((reading) => {
    const schedule = tracedSchedule(reading, tracing.known, parameterOf, inputs)
    return schedule ? [{ reading, schedule }] : []
  })
  const operands = reads
    .filter(({ name }) => !figured.some(({ reading }) => isPartOf(reading, name)))
    .map(({ name, used }) => operandOf(tracing, name, used, depth))
  return { operands, schedules: figured.map(({ schedule }) => schedule) }
}

function operandOf(tracing: Tracing, name: string, used: boolean, depth: number): TraceOperand {
  const named = tracing.parameterOf(name)
  if (named) {
    const { parameter, label, traced } = named
    return {
      kind: 'PARAMETER',
      name,
      label,
      value: traced.value,
      unit: parameter.unit,
      used,
      node: null,
      parameter: traced,
    }
  }
  const { kind, label, unit }: Described = tracing.describe(name)
  const within = kind === 'PART' || (kind === 'RULE' && depth < tracing.depth)
  return {
    kind,
    name,
    label,
    value: tracing.known(name),
    unit,
    used,
    node: within && used ? name : null,
    parameter: null,
  }
}
