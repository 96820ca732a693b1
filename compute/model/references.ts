// What a variable is computed from: names that it reads at the same time, at the start, and for its values of later steps.
import { visitExpression } from './expressions.ts'
import type { Distribution, Expression, Parameter, Variable } from './model.ts'

export interface Equations {
  /** Give its value, of values at the same time. */
  readonly now: readonly Expression[]
  /** Give its value at the start, and of a delay its length, of values at the start. */
  readonly initial: readonly Expression[]
  /** Give its values at later steps: a stock's flow, what is remembered or delayed. */
  readonly next: readonly Expression[]
}

export interface Reads {
  readonly now: readonly string[]
  /** Inside `initial`. */
  readonly start: readonly string[]
  /** Whether it reads the time, outside of `initial`. */
  readonly time: boolean
}

export interface VariableReads {
  readonly now: Reads
  readonly next: Reads
  /** For its value at the start, all as at the start. */
  readonly initial: readonly string[]
}

const NONE: readonly Expression[] = []

/** The equations of a variable. */
export function equationsOf(v: Variable): Equations {
  switch (v.kind) {
    case 'auxiliary':
      return { now: [v.equation], initial: NONE, next: NONE }
    case 'stock':
      return { now: NONE, initial: [v.initial], next: [v.flow] }
    case 'previous':
      return { now: NONE, initial: [v.initial], next: [v.value] }
    case 'delay':
      return { now: NONE, initial: [v.initial, v.steps], next: [v.input] }
    case 'random':
      return { now: parameterExpressions(v.distribution), initial: NONE, next: NONE }
    default:
      return { now: NONE, initial: NONE, next: NONE }
  }
}

/** All equations of a variable. */
export function allEquations(v: Variable): readonly Expression[] {
  const { now, initial, next } = equationsOf(v)
  return [...now, ...initial, ...next]
}

const isExpression = (value: unknown): value is Expression =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

function parameterExpressions(d: Distribution): readonly Expression[] {
  return Object.values(d as unknown as Record<string, Parameter | readonly number[] | string>).filter(isExpression)
}

/** What expressions read, each name once, in order of first use. */
export function readsOf(expressions: readonly Expression[]): Reads {
  const now = new Set<string>()
  const start = new Set<string>()
  let time = false
  const inside = (e: Expression) => {
    if (e.op === 'ref') start.add(e.name)
  }
  for (const expression of expressions) {
    visitExpression(
      expression,
      (e) => {
        if (e.op === 'ref') now.add(e.name)
        else if (e.op === 'time' || e.op === 'stepTime') time = true
        else if (e.op === 'initial') visitExpression(e.x, inside)
      },
      (e) => e.op !== 'initial',
    )
  }
  return { now: [...now], start: [...start], time }
}

const NOTHING: Reads = { now: [], start: [], time: false }
const known = new WeakMap<Variable, VariableReads>()

/** What a variable reads; told again without another walk for the same variable. */
export function variableReads(v: Variable): VariableReads {
  const before = known.get(v)
  if (before) return before
  const { now, initial, next } = equationsOf(v)
  const own = now.length > 0 ? readsOf(now) : NOTHING
  const first = initial.length > 0 ? readsOf(initial) : own
  const reads = {
    now: own,
    next: next.length > 0 ? readsOf(next) : NOTHING,
    initial: first.start.length > 0 ? [...new Set([...first.now, ...first.start])] : first.now,
  }
  known.set(v, reads)
  return reads
}

/** Every name a variable reads, whenever. */
export function allReads(v: Variable): string[] {
  const { now, next, initial } = variableReads(v)
  return [...now.now, ...now.start, ...next.now, ...next.start, ...initial]
}
