// Evaluates a model as its equations stand, lane by lane and step by step: the oracle of lowering. Zeros have no sign here.

import { CODE } from '../../compute/layout/operations.ts'
import { argumentsOf } from '../../compute/model/expressions.ts'
import { exp } from '../../compute/model/math/exp.ts'
import { log, log1p } from '../../compute/model/math/log.ts'
import { uniform } from '../../compute/model/math/philox.ts'
import { pow } from '../../compute/model/math/pow.ts'
import type { Expression, FunctionName, Model, Variable } from '../../compute/model/model.ts'
import type { Operation, Plan } from '../../compute/model/plan.ts'
import { prepareRandom, randomValue } from '../../compute/model/random.ts'
import { seedWords } from '../../compute/model/seed.ts'
import { bracket, lookup, prepareBracket, prepareLookup } from '../../compute/model/tables.ts'
import { interpret } from '../../compute/reference/interpret.ts'
import type { ColumnsGiven, Given } from './given.ts'

const bool = (x: boolean) => (x ? 1 : 0)

const MEANING: Record<FunctionName, (...args: number[]) => number> = {
  add: (a, b) => a! + b!,
  sub: (a, b) => a! - b!,
  mul: (a, b) => a! * b!,
  div: (a, b) => a! / b!,
  neg: (a) => -a!,
  abs: (a) => Math.abs(a!),
  min: (a, b) => Math.min(a!, b!),
  max: (a, b) => Math.max(a!, b!),
  clamp: (x, low, high) => Math.min(Math.max(x!, low!), high!),
  sqrt: (a) => Math.sqrt(a!),
  exp: (a) => exp(a!),
  log: (a) => log(a!),
  pow: (a, b) => pow(a!, b!),
  floor: (a) => Math.floor(a!),
  ceil: (a) => Math.ceil(a!),
  lt: (a, b) => bool(a! < b!),
  le: (a, b) => bool(a! <= b!),
  eq: (a, b) => bool(a! === b!),
  and: (a, b) => bool(a !== 0 && b !== 0),
  or: (a, b) => bool(a !== 0 || b !== 0),
  not: (a) => bool(a === 0),
  select: (c, a, b) => (c !== 0 ? a! : b!),
  linear: (a, s) => a! * s!,
  sigmoid: (a, s, l, k, x0) => (a! * l!) / (1 + exp(k! * (x0! - s!))),
  logarithmic: (a, s) => a! * log1p(s!),
  saturating: (a, s, t, max) => Math.min(a! * s!, max! - t!),
  threshold: (a, s, theta) => a! * Math.max(0, s! - theta!),
  dampening: (a, s, t, max) => a! * s! * (1 - t! / max!),
}

/** What a variable is worth in one lane at one step, by name. */
type Scope = (name: string) => number

function evaluateExpression(model: Model, e: Expression, scope: Scope, time: number): number {
  const value = (inner: Expression): number => {
    if (inner.op === 'number') return inner.value + 0
    if (inner.op === 'ref') return scope(inner.name)
    if (inner.op === 'time') return time
    const args = argumentsOf(inner).map(value)
    if (inner.op === 'lookup') return lookup(args[0]!, prepareLookup(model.tables[inner.table]!)) + 0
    if (inner.op === 'bracket') return bracket(args[0]!, prepareBracket(model.tables[inner.table]!)) + 0
    // A square is lowered to a product, which may differ from the power in the last place.
    if (inner.op === 'pow' && constantOf(model, inner.args[1]!) === 2) return args[0]! * args[0]!
    return MEANING[inner.op](...args) + 0
  }
  return value(e)
}

/** The value of an expression of constants alone; undefined for others and where it is not finite. */
function constantOf(model: Model, e: Expression): number | undefined {
  if (e.op === 'number') return e.value
  if (e.op === 'time') return undefined
  if (e.op === 'ref') {
    const v = model.variables.find((variable) => variable.name === e.name)!
    return v.kind === 'constant' ? v.value : v.kind === 'auxiliary' ? constantOf(model, v.equation) : undefined
  }
  if (argumentsOf(e).some((a) => constantOf(model, a) === undefined)) return undefined
  const value = evaluateExpression(model, e, (name) => constantOf(model, { op: 'ref', name })!, 0)
  return Number.isFinite(value) ? value : undefined
}

/** Values [output][saved time][lane] of lanes 0 .. n - 1, from the equations. */
export function evaluate(
  model: Model,
  plan: Plan,
  given: Given,
  columns: ColumnsGiven,
  lanes: number,
  seed: string,
): number[] {
  const byName = new Map(model.variables.map((v) => [v.name, v]))
  const rows: number[][][] = model.outputs.map(() => [])
  for (let lane = 0; lane < lanes; lane++) {
    for (const [t, values] of laneOf(model, byName, plan, given, columns, lane, seed).entries()) {
      for (const [o, value] of values.entries()) {
        rows[o]![t] ??= []
        rows[o]![t]!.push(value)
      }
    }
  }
  return rows.flat(2)
}

/** [saved time][output] of one lane. */
function laneOf(
  model: Model,
  byName: ReadonlyMap<string, Variable>,
  plan: Plan,
  given: Given,
  columns: ColumnsGiven,
  lane: number,
  seed: string,
): number[][] {
  const { time } = model
  const key = seedWords(seed)
  const fixed = (v: Variable, step: number): number => {
    if (v.kind === 'constant') return v.value + 0
    if (v.kind === 'input') return given.inputs[v.name]!
    if (v.kind === 'series') return given.series[v.name]![step]!
    if (v.kind === 'column') return columns[v.name]![lane]!
    const random = plan.randoms.find((r) => r.name === v.name)
    // The plan holds that nothing depends on it: if something does, NaN tells.
    if (!random) return Number.NaN
    return randomValue(prepareRandom(random), uniform(lane, random.stream, key)) + 0
  }
  const scopeAt = (step: number, stocks: ReadonlyMap<string, number> | null): Scope => {
    const now = time ? time.start + step * time.dt : 0
    const known = new Map<string, number>()
    const scope: Scope = (name) => {
      const before = known.get(name)
      if (before !== undefined) return before
      const v = byName.get(name)!
      const equation = v.kind === 'auxiliary' ? v.equation : v.kind === 'stock' && !stocks ? v.initial : null
      const value = equation
        ? evaluateExpression(model, equation, scope, now)
        : v.kind === 'stock'
          ? stocks!.get(name)!
          : fixed(v, step)
      known.set(name, value)
      return value
    }
    return scope
  }
  if (!time) {
    const scope = scopeAt(0, null)
    return [model.outputs.map(scope)]
  }
  const stockVariables = model.variables.filter((v) => v.kind === 'stock')
  const start = scopeAt(0, null)
  let stocks = new Map(stockVariables.map((s) => [s.name, start(s.name)]))
  const saved: number[][] = []
  for (let step = 0; ; step++) {
    const scope = scopeAt(step, stocks)
    if (step % time.saveEvery === 0 || step === time.steps) saved.push(model.outputs.map(scope))
    if (step === time.steps) return saved
    const now = time.start + step * time.dt
    stocks = new Map(
      stockVariables.map((s) => {
        const next = stocks.get(s.name)! + time.dt * evaluateExpression(model, s.flow, scope, now) + 0
        const { min = Number.NEGATIVE_INFINITY, max = Number.POSITIVE_INFINITY } = s
        return [s.name, Math.min(Math.max(next, min + 0), max + 0)]
      }),
    )
  }
}

/** The same values from the plan, every result with 0 added to it, which takes the sign off a zero. */
export function interpretUnsigned(
  plan: Plan,
  given: Given,
  columns: ColumnsGiven,
  lanes: number,
  seed: string,
): Float64Array {
  const zero = plan.slots
  const unsigned = (operations: readonly Operation[]): Operation[] =>
    operations.flatMap((operation): Operation[] => [operation, [CODE.add, operation[1], operation[1], zero]])
  const { run, draw, step, save } = plan.operations
  const changed: Plan = {
    ...plan,
    slots: plan.slots + 1,
    constants: [...plan.constants, { slot: zero, value: 0 }],
    operations: { run: unsigned(run), draw: unsigned(draw), step: unsigned(step), save: unsigned(save) },
  }
  const first = Object.fromEntries(Object.entries(columns).map(([name, values]) => [name, values.subarray(0, lanes)]))
  return interpret({ plan: changed, ...given }, first, { from: 0, to: lanes }, seed).values
}
