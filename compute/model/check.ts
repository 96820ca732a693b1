// Checks a model before it is lowered: every fault at once, each with its place and, where there is one, the fix.
import { QuesnayError } from '../../schema/errors.ts'
import { nearest } from '../../schema/nearest.ts'
import { checkVariable } from './check-variable.ts'
import { ARITY, visitExpression } from './expressions.ts'
import type { Expression, Model, Table, TimeSpec, Variable } from './model.ts'
import { topologicalOrder } from './order.ts'

export interface ModelFault {
  /** The variable, `time.dt`, `tables.NAME` or `outputs.NAME`. */
  readonly path: string
  readonly message: string
  readonly suggestion?: string
}

/** Every fault of a model; none where it can be lowered. */
export function modelFaults(model: Model): ModelFault[] {
  const names = new Map(model.variables.map((v) => [v.name, v]))
  const faults = [
    ...duplicateFaults(model.variables),
    ...model.variables.flatMap((v) => checkVariable(v)),
    ...Object.entries(model.tables).flatMap(([name, table]) => tableFaults(name, table)),
    ...timeFaults(model.time),
    ...outputFaults(model, names),
    ...model.variables.flatMap((v) => expressionsOf(v).flatMap((e) => expressionFaults(v.name, e, model, names))),
    ...(model.time ? [] : needsTimeFaults(model.variables)),
  ]
  // Cycles are only told where every name is known.
  return faults.length > 0 ? faults : cycleFaults(model.variables)
}

/** Throws MODEL_INVALID with the first fault as its message and all of them in `detail.faults`. */
export function checkModel(model: Model): void {
  const faults = modelFaults(model)
  const [first] = faults
  if (!first) return
  const more = faults.length > 1 ? ` (and ${faults.length - 1} more)` : ''
  throw new QuesnayError('MODEL_INVALID', `${first.path}: ${first.message}${more}`, { ...first, faults })
}

/** The equations of a variable: none, one, or of a stock its initial value and its flow. */
export function expressionsOf(variable: Variable): Expression[] {
  if (variable.kind === 'auxiliary') return [variable.equation]
  if (variable.kind === 'stock') return [variable.initial, variable.flow]
  return []
}

/** Names that an expression refers to, each once, in order of first use. */
export function referencesOf(expression: Expression): string[] {
  const names = new Set<string>()
  visitExpression(expression, (e) => {
    if (e.op === 'ref') names.add(e.name)
  })
  return [...names]
}

function duplicateFaults(variables: readonly Variable[]): ModelFault[] {
  const seen = new Set<string>()
  return variables.flatMap(({ name }) => {
    const again = seen.has(name)
    seen.add(name)
    return again ? [{ path: name, message: 'the name is declared twice; rename one of the two' }] : []
  })
}

function tableFaults(name: string, { xs, ys }: Table): ModelFault[] {
  const path = `tables.${name}`
  if (xs.length === 0) return [{ path, message: 'the table has no points' }]
  if (xs.length !== ys.length) return [{ path, message: `the table has ${xs.length} xs and ${ys.length} ys` }]
  const bad = [...xs, ...ys].find((x) => !Number.isFinite(x))
  if (bad !== undefined) return [{ path, message: `the table holds ${bad}; every point is a finite number` }]
  const i = xs.findIndex((x, i) => i > 0 && x <= xs[i - 1]!)
  return i < 0 ? [] : [{ path, message: `xs rise strictly, but ${xs[i]} follows ${xs[i - 1]}` }]
}

function timeFaults(time: TimeSpec | undefined): ModelFault[] {
  if (!time) return []
  const faults: ModelFault[] = []
  const add = (member: string, message: string) => faults.push({ path: `time.${member}`, message })
  if (!Number.isFinite(time.start)) add('start', `the start is ${time.start}, not a finite number`)
  if (!(time.dt > 0 && time.dt < Number.POSITIVE_INFINITY)) add('dt', `the step is ${time.dt}; it is above 0`)
  if (!(Number.isSafeInteger(time.steps) && time.steps >= 0 && time.steps <= MAX_STEPS)) {
    add('steps', `the horizon is ${time.steps} steps; it is a whole number from 0 to ${MAX_STEPS}`)
  }
  if (!(Number.isSafeInteger(time.saveEvery) && time.saveEvery > 0)) {
    add('saveEvery', `${time.saveEvery} is no interval; it is a whole number of steps above 0`)
  }
  return faults
}

/** Ten million: a thousand years of hours, and far below what the machine's counters hold. */
const MAX_STEPS = 10_000_000

function unknown(path: string, what: string, name: string, names: Iterable<string>): ModelFault {
  const suggestion = nearest(name, names)
  const hint = suggestion === undefined ? '' : `; did you mean ${suggestion}?`
  return {
    path,
    message: `${what} ${name} is not declared${hint}`,
    ...(suggestion === undefined ? {} : { suggestion }),
  }
}

function outputFaults(model: Model, names: ReadonlyMap<string, Variable>): ModelFault[] {
  if (model.outputs.length === 0) return [{ path: 'outputs', message: 'the model saves nothing; name an output' }]
  return model.outputs.flatMap((name, i) => {
    const path = `outputs.${name}`
    if (!names.has(name)) return [unknown(path, 'the output', name, names.keys())]
    return model.outputs.indexOf(name) < i ? [{ path, message: 'the output is named twice' }] : []
  })
}

function expressionFaults(
  path: string,
  root: Expression,
  model: Model,
  names: ReadonlyMap<string, Variable>,
): ModelFault[] {
  const faults: ModelFault[] = []
  visitExpression(root, (e) => {
    if (e.op === 'number') {
      if (!Number.isFinite(e.value))
        faults.push({ path, message: `the equation holds ${e.value}, not a finite number` })
    } else if (e.op === 'ref') {
      if (!names.has(e.name)) faults.push(unknown(path, 'the variable', e.name, names.keys()))
    } else if (e.op === 'lookup' || e.op === 'bracket') {
      if (!Object.hasOwn(model.tables, e.table))
        faults.push(unknown(path, 'the table', e.table, Object.keys(model.tables)))
    } else if (e.op !== 'time') {
      const arity = Object.hasOwn(ARITY, e.op) ? ARITY[e.op] : undefined
      if (arity === undefined) faults.push(unknown(path, 'the function', e.op, Object.keys(ARITY)))
      else if (e.args.length !== arity)
        faults.push({ path, message: `${e.op} takes ${arity} arguments, not ${e.args.length}` })
    }
  })
  return faults
}

function needsTimeFaults(variables: readonly Variable[]): ModelFault[] {
  return variables.flatMap((v) => {
    if (v.kind === 'stock') return [{ path: v.name, message: 'a stock needs a model with time' }]
    if (v.kind === 'series') return [{ path: v.name, message: 'a series needs a model with time' }]
    if (!expressionsOf(v).some(readsTime)) return []
    return [{ path: v.name, message: 'the equation reads the time of a model without time' }]
  })
}

function readsTime(root: Expression): boolean {
  let reads = false
  visitExpression(root, (e) => {
    if (e.op === 'time') reads = true
  })
  return reads
}

/** Auxiliaries may not depend on themselves; nor may initial values, through auxiliaries or other initial values. */
function cycleFaults(variables: readonly Variable[]): ModelFault[] {
  const byName = new Map(variables.map((v) => [v.name, v]))
  const names = [...byName.keys()].sort()
  const tell = (cycle: readonly string[], what: string): ModelFault[] => [
    { path: cycle[0]!, message: `${what} depend on each other in a circle: ${cycle.join(' -> ')}` },
  ]
  const stepwise = topologicalOrder(names, (name) => {
    const v = byName.get(name)!
    return v.kind === 'auxiliary' ? referencesOf(v.equation) : []
  })
  if ('cycle' in stepwise) return tell(stepwise.cycle, 'the auxiliaries')
  const initial = topologicalOrder(names, (name) => initialReferencesOf(byName.get(name)!))
  return 'cycle' in initial ? tell(initial.cycle, 'the initial values') : []
}

/** What a variable's value at the first step refers to. */
export function initialReferencesOf(variable: Variable): string[] {
  if (variable.kind === 'auxiliary') return referencesOf(variable.equation)
  return variable.kind === 'stock' ? referencesOf(variable.initial) : []
}
