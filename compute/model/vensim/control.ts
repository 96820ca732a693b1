// When a Vensim model starts and stops, from its control variables.
import { canonicalName, type Formula } from '../formula/ast.ts'
import type { SourceTime, SourceVariable } from '../source/source.ts'
import { invalid, unsupported } from './faults.ts'
import type { VensimFile } from './split-file.ts'

const START = { line: 1, column: 1 }

/**
 * Start, stop, step and how often to save, each a number or made of constants by arithmetic; the unit of time is that of
 * TIME STEP. MODEL_INVALID where one but SAVEPER is missing; CONSTRUCT_UNSUPPORTED where one changes over time.
 */
export function timeOf(variables: readonly SourceVariable[], { method }: Pick<VensimFile, 'method'>): SourceTime {
  const byKey = new Map(variables.map((variable) => [canonicalName(variable.name), variable]))
  const needed = (key: string): number => {
    if (!byKey.has(key))
      throw invalid(shown(key), START, 'is missing; a model needs INITIAL TIME, FINAL TIME and TIME STEP')
    return constantOf(key, byKey)
  }
  const start = needed('initial_time')
  const stop = needed('final_time')
  const dt = needed('time_step')
  const saveEvery = byKey.has('saveper') ? constantOf('saveper', byKey) : undefined
  const wrong = (key: string, why: string) => invalid(shown(key), byKey.get(key)?.at, why)
  for (const [key, value] of Object.entries({
    initial_time: start,
    final_time: stop,
    time_step: dt,
    saveper: saveEvery,
  }))
    if (value !== undefined && !Number.isFinite(value)) throw wrong(key, 'must be a finite number')
  if (!(dt > 0)) throw wrong('time_step', `must be above 0, and is ${dt}`)
  if (!(stop >= start)) throw wrong('final_time', `must not be before INITIAL TIME, and is ${stop}`)
  if (saveEvery !== undefined && !(saveEvery > 0)) throw wrong('saveper', `must be above 0, and is ${saveEvery}`)
  const unit = ['time_step', 'final_time', 'initial_time'].flatMap((key) => byKey.get(key)?.unit ?? [])[0] ?? 'time'
  return { start, stop, dt, method, unit, ...(saveEvery !== undefined && { saveEvery }) }
}

const shown = (key: string) => key.replaceAll('_', ' ').toUpperCase()

function constantOf(key: string, variables: ReadonlyMap<string, SourceVariable>): number {
  const control = variables.get(key)
  const open = new Set<string>()
  const refuse = (at = control?.at) =>
    unsupported(control?.name ?? shown(key), at, 'a control variable that is not made of constants', 'write a number')
  const constant = (name: string): number => {
    const variable = variables.get(name)
    if (variable?.kind !== 'auxiliary' || variable.equation.kind !== 'formula' || variable.graph || open.has(name))
      throw refuse()
    open.add(name)
    const value = evaluate(variable.equation.formula)
    open.delete(name)
    return value
  }
  const evaluate = (formula: Formula): number => {
    if (formula.kind === 'number') return formula.value
    if (formula.kind === 'name' && !formula.subscripts) return constant(formula.name)
    if (formula.kind === 'unary' && formula.operator === '-') return -evaluate(formula.operand)
    if (formula.kind !== 'binary') throw refuse(formula.at)
    const [left, right] = [evaluate(formula.left), evaluate(formula.right)]
    if (formula.operator === '+') return left + right
    if (formula.operator === '-') return left - right
    if (formula.operator === '*') return left * right
    if (formula.operator === '/') return left / right
    throw refuse(formula.at)
  }
  return constant(key)
}
