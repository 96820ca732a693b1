// Evaluates a model as its equations stand, lane by lane and step by step: the oracle of lowering. Zeros have no sign here.
import { CODE } from '../../compute/layout/operations.ts'
import { entityOf } from '../../compute/model/entities.ts'
import { argumentsOf, isTableExpression } from '../../compute/model/expressions.ts'
import { uniform } from '../../compute/model/math/philox.ts'
import type { Expression, Model, SolveBlock, Variable } from '../../compute/model/model.ts'
import { PHASES, type Plan, savedSteps } from '../../compute/model/plan.ts'
import { seedWords } from '../../compute/model/seed.ts'
import { TABLE_MEANING } from '../../compute/model/tables.ts'
import { solveCircle } from '../../compute/reference/solve.ts'
import { drawnValues, drawOf } from './evaluate-random.ts'
import { MEANING, reduced } from './function-meaning.ts'
import type { ColumnsGiven, Given } from './given.ts'
import { membersIn } from './members-in.ts'

export { interpretUnsigned } from './interpret-unsigned.ts'

/** A value for each row that an entity has in the lane. */
type Rows = readonly number[]

/** What is known at one evaluation: the time, and a variable's value by name. */
interface Scope {
  readonly time: number
  readonly stepTime: number
  readonly start: Scope
  rows(name: string): Rows
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
  const rows: number[][][] = model.outputs.map(() => [])
  for (let lane = 0; lane < lanes; lane++) {
    for (const [t, values] of laneOf(model, plan, given, columns, lane, seed).entries()) {
      for (const [o, value] of values.entries()) {
        rows[o]![t] ??= []
        rows[o]![t]!.push(value)
      }
    }
  }
  return rows.flat(2)
}

/** [saved time][output] of one lane. */
function laneOf(model: Model, plan: Plan, given: Given, columns: ColumnsGiven, lane: number, seed: string): number[][] {
  const { time } = model
  const steps = time?.steps ?? 0
  const byName = new Map(model.variables.map((v) => [v.name, v]))
  const solveOf = new Map((model.solves ?? []).flatMap((s) => s.unknowns.map((name) => [name, s] as const)))
  const members = membersIn(model, columns, lane)
  const first = entityOf(model, { kind: 'column', name: '', unit: '' })
  const key = seedWords(seed)
  const draw = drawOf(model, (name, everyStep, entity, step) => {
    const u = plan.uniforms.find((each) => each.name === name && each.everyStep === everyStep)
    const from = members.firstRow(entity)
    // The plan holds that nothing depends on it: if something does, NaN tells.
    return members.rowsOf(entity, (i) => (u ? uniform(from + i, u.stream, key, step) : Number.NaN))
  })

  /** Rows of an expression evaluated for an entity. */
  function value(e: Expression, scope: Scope, entity: string): Rows {
    if (e.op === 'number') return members.rowsOf(entity, () => e.value + 0)
    if (e.op === 'time') return members.rowsOf(entity, () => scope.time)
    if (e.op === 'stepTime') return members.rowsOf(entity, () => scope.stepTime)
    if (e.op === 'ref') return members.spread(scope.rows(e.name), entityOf(model, byName.get(e.name)!), entity)
    if (e.op === 'initial') return value(e.x, scope.start, entity)
    if (e.op === 'reduce') {
      const inner = value(e.x, scope, e.over)
      return members.gather(inner, e.over, entity).map((group) => reduced(e.how, group) + 0)
    }
    const args = argumentsOf(e).map((argument) => value(argument, scope, entity))
    if (isTableExpression(e)) {
      const meaning = TABLE_MEANING[e.op]
      const table = meaning.prepare(model.tables[e.table]!)
      return args[0]!.map((x) => meaning.value(x, table) + 0)
    }
    // A square is lowered to a product, which may differ from the power in the last place.
    if (e.op === 'pow' && constantOf(e.args[1]!, scope === scope.start) === 2) return args[0]!.map((x) => x * x)
    return args[0]!.map((_, i) => MEANING[e.op](...args.map((rows) => rows[i]!)) + 0)
  }

  /** The value of an expression of constants alone; undefined for others and where it is not finite. */
  function constantOf(e: Expression, atStart: boolean): number | undefined {
    if (e.op === 'number') return e.value
    if (e.op === 'time' || e.op === 'stepTime') return atStart && time ? time.start : undefined
    if (e.op === 'initial') return constantOf(e.x, true)
    if (e.op === 'reduce') return undefined
    if (e.op === 'ref') {
      const v = byName.get(e.name)!
      if (v.kind === 'stock' || v.kind === 'previous' || v.kind === 'delay')
        return atStart ? constantOf(v.initial, true) : undefined
      return v.kind === 'constant'
        ? v.value
        : v.kind === 'auxiliary' && !solveOf.has(v.name)
          ? constantOf(v.equation, atStart)
          : undefined
    }
    const args = argumentsOf(e).map((a) => constantOf(a, atStart))
    if (e.op === 'select' && args[0] !== undefined) return args[0] !== 0 ? args[1] : args[2]
    if (args.some((a) => a === undefined)) return undefined
    const numbers = args.map((a): Expression => ({ op: 'number', value: a! }))
    const same = isTableExpression(e) ? { ...e, x: numbers[0]! } : ({ ...e, args: numbers } as Expression)
    const result = value(same, startScope, first)[0]!
    return Number.isFinite(result) ? result : undefined
  }

  /** Solutions of blocks at the last evaluation, to begin from at the next. */
  const solutions = new Map<string, number[]>()
  /** Once for each lane, step or evaluation: that is read from the plan. */
  const phaseOf = new Map(
    PHASES.flatMap((phase) =>
      plan.operations[phase]
        .filter(([code]) => code === CODE.solve)
        .map(([, , index]) => [plan.solves[index!]!.name, phase] as const),
    ),
  )
  const solvedAt = new Map<string, number>()

  /** @param held what is given in place of a variable's own value */
  function scopeAt(step: number, now: number, state: State | null, held?: (name: string) => Rows | undefined): Scope {
    const known = new Map<string, Rows>()
    const rows = (name: string): Rows => {
      const before = held?.(name) ?? known.get(name)
      if (before) return before
      const solve = solveOf.get(name)
      if (solve) for (const [each, x] of solved(solve, step, scope, state)) known.set(each, x)
      else known.set(name, variableRows(byName.get(name)!, step, scope, state))
      return known.get(name)!
    }
    const stepTime = time ? time.start + step * time.dt : 0
    const scope: Scope = {
      time: now,
      stepTime,
      get start() {
        return state === null ? scope : startScope
      },
      rows,
    }
    return scope
  }

  function variableRows(v: Variable, step: number, scope: Scope, state: State | null): Rows {
    const entity = entityOf(model, v)
    switch (v.kind) {
      case 'constant':
        return members.rowsOf(entity, () => v.value + 0)
      case 'input':
        return members.rowsOf(entity, () => given.inputs[v.name]!)
      case 'series':
        return members.rowsOf(entity, () => given.series[v.name]![step]!)
      case 'column':
        return members.rowsOf(entity, (i) => columns[v.name]![members.firstRow(entity) + i]!)
      case 'trajectory':
        return [columns[v.name]![lane * (steps + 1) + step]!]
      case 'random': {
        const everyStep = v.everyStep === true && time !== undefined
        const drawn = draw(v, everyStep, entity, everyStep ? step : 0)
        return drawnValues(v.distribution, drawn, (p) =>
          typeof p === 'number' ? drawn.map(() => p) : value(p, scope, entity),
        )
      }
      case 'auxiliary':
        return value(v.equation, scope, entity)
      case 'stock':
      case 'previous':
        return state?.held.get(v.name) ?? value(v.initial, scope, entity)
      case 'delay': {
        if (!state) return value(v.initial, scope, entity)
        const back = Math.max(1, Math.floor(value(v.steps, scope.start, entity)[0]! + 0.5))
        const past = step - (Number.isNaN(back) ? 1 : back)
        return past < 0 ? value(v.initial, scope.start, entity) : state.past.get(v.name)![past]!
      }
    }
  }

  /** Solves a block with the solver of the interpreter, over its equations as they stand. */
  function solved(solve: SolveBlock, step: number, scope: Scope, state: State | null): [string, Rows][] {
    const { name: block, unknowns } = solve
    const phase = phaseOf.get(block)
    const moment = phase === 'draw' ? 0 : phase === 'step' ? step : Number.NaN
    if (state && solvedAt.get(block) === moment) return unknowns.map((name, i) => [name, [solutions.get(block)![i]!]])
    const x = (state && solutions.get(block)) ?? unknowns.map((name) => guessOf(solve, name))
    const f = unknowns.map(() => 0)
    const place = new Map(unknowns.map((name, i) => [name, i]))
    const evaluateOne = (i: number) => {
      const inner = scopeAt(step, scope.time, state, (name) => {
        const own = place.get(name)
        if (own !== undefined) return [x[own]!]
        return solveOf.has(name) ? scope.rows(name) : undefined
      })
      const { equation } = byName.get(unknowns[i]!) as Extract<Variable, { kind: 'auxiliary' }>
      f[i] = value(equation, inner, first)[0]!
    }
    const evaluateAll = () => {
      for (const i of unknowns.keys()) evaluateOne(i)
    }
    solveCircle(
      { ...solve, unknowns: [], body: [], parts: [] },
      {
        n: unknowns.length,
        x: (i) => x[i]!,
        setX: (i, each) => {
          x[i] = each
        },
        f: (i) => f[i]!,
        evaluate: evaluateAll,
        evaluatePart: evaluateOne,
      },
    )
    if (state) {
      solutions.set(block, x)
      solvedAt.set(block, moment)
    }
    return unknowns.map((name, i) => [name, [x[i]!]])
  }

  function guessOf(solve: SolveBlock, name: string): number {
    const guess = solve.guess?.[name]
    return guess ? value(guess, startScope, first)[0]! : 0
  }

  const startScope = scopeAt(0, time?.start ?? 0, null)
  if (!time) return [model.outputs.map((name) => startScope.rows(name)[0]!)]

  const remembering = model.variables.filter((v) => v.kind === 'stock' || v.kind === 'previous')
  const state: State = {
    held: new Map(remembering.map((v) => [v.name, startScope.rows(v.name)])),
    past: new Map(model.variables.filter((v) => v.kind === 'delay').map((v) => [v.name, []])),
  }
  const saved: number[][] = []
  const savedAt = new Set(savedSteps(plan))
  for (let step = 0; ; step++) {
    const begin = time.start + step * time.dt
    const scope = scopeAt(step, begin, state)
    for (const name of solveOf.keys()) scope.rows(name)
    if (savedAt.has(step)) saved.push(model.outputs.map((name) => scope.rows(name)[0]!))
    if (step === time.steps) return saved
    advance(step, begin, scope)
  }

  /** From the first evaluation of a step to the state at its end. */
  function advance(step: number, begin: number, scope: Scope): void {
    const next = new Map<string, Rows>()
    for (const v of model.variables) {
      const entity = entityOf(model, v)
      if (v.kind === 'previous') next.set(v.name, value(v.value, scope, entity))
      if (v.kind === 'delay') state.past.get(v.name)!.push(value(v.input, scope, entity))
    }
    const stocks = model.variables.filter((v) => v.kind === 'stock')
    const bases = stocks.map((s) => state.held.get(s.name)!)
    const flows = (at: Scope) => stocks.map((s) => value(s.flow, at, entityOf(model, s)))
    let k = flows(scope)
    const { stages, dt } = plan.time!
    let sums = k.map((rows) => rows.map((rate) => stages[0]!.b * rate))
    for (const { c, a, b } of stages.slice(1)) {
      const held = new Map(state.held)
      for (const [s, { name }] of stocks.entries())
        held.set(
          name,
          bases[s]!.map((y, i) => y + a * dt * k[s]![i]!),
        )
      const within = scopeAt(step, begin + c * dt, { ...state, held })
      for (const name of solveOf.keys()) within.rows(name)
      k = flows(within)
      sums = sums.map((rows, s) => rows.map((sum, i) => sum + b * k[s]![i]!))
    }
    for (const [s, { name, min = Number.NEGATIVE_INFINITY, max = Number.POSITIVE_INFINITY }] of stocks.entries()) {
      const moved = bases[s]!.map((y, i) => y + dt * sums[s]![i]! + 0)
      next.set(
        name,
        moved.map((y) => Math.min(Math.max(y, min + 0), max + 0)),
      )
    }
    for (const [name, rows] of next) (state.held as Map<string, Rows>).set(name, rows)
  }
}

/** Values of stocks and of what is remembered, and by step those of what is delayed. */
interface State {
  readonly held: ReadonlyMap<string, Rows>
  readonly past: ReadonlyMap<string, Rows[]>
}
