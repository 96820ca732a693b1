// Bracket schedules and the functions that read them: tables where all is numbers, else operations over thresholds and rates.
import { call, expression, sum } from '../build.ts'
import type { Formula } from '../formula/ast.ts'
import type { Expression } from '../model.ts'
import { constantOf } from '../source/constant.ts'
import type { SourceVariable } from '../source/source.ts'
import { type Context, hide, NOTHING, nameUse, type Translate } from './context.ts'
import { elementOf } from './references.ts'
import { resolveElement } from './subscripts.ts'
import type { Declared } from './symbols.ts'

type Schedule = Extract<SourceVariable, { kind: 'schedule' }>
type Name = Extract<Formula, { kind: 'name' }>

/** Lies below every number: where the value below the first threshold stands. */
const LOWEST = -Number.MAX_VALUE

/** What each function makes of thresholds, values and x, all of which may depend on the lane. */
const READINGS: Readonly<
  Record<string, (thresholds: readonly Expression[], values: readonly Expression[], x: Expression) => Expression>
> = {
  // Each bracket adds what its rate has over the one before, on all above its threshold: one operation a bracket.
  marginal: (thresholds, rates, x) =>
    sum(
      rates.map((rate, i) => call('threshold', i === 0 ? rate : call('sub', rate, rates[i - 1]!), x, thresholds[i]!)),
    ),
  singleamount: amountAt,
  average: (thresholds, rates, x) => call('mul', x, amountAt(thresholds, rates, x)),
  marginalamount: (thresholds, amounts, x) =>
    sum(amounts.map((amount, i) => call('select', call('le', thresholds[i]!, x), amount, 0))),
}

/** True for marginal, singleAmount, marginalAmount and average, in small letters. */
export const isScheduleFunction = (name: string): boolean => Object.hasOwn(READINGS, name)

/**
 * A schedule at x. Of numbers alone marginal is a bracket table, the others are step tables with 0 below the first threshold. Where
 * a threshold or a value is a formula, or the schedule an array, it is read of the element that the subscripts name.
 */
export function readSchedule(
  symbol: Declared,
  formula: Name,
  name: string,
  x: Expression,
  context: Context,
  translate: Translate,
): Expression {
  const schedule = symbol.source as Schedule
  const thresholds = schedule.thresholds.map(constantOf)
  const values = schedule.values.map(constantOf)
  if (areNumbers(thresholds) && areNumbers(values)) return readTable(symbol.shown, thresholds, values, name, x, context)

  const indices = resolveElement(formula, symbol, context, translate)
  if (!indices) return NOTHING
  const read = (part: Formula) =>
    elementOf(symbol, indices, formula, context, (fixed) =>
      translate(part, {
        ...context,
        scope: symbol.scope,
        self: { symbol, indices: fixed },
        places: symbol.dimensions.map((dimension, k) => ({ dimension, index: fixed[k]! })),
      }),
    )
  const isShort = x.op === 'ref' || x.op === 'number'
  const base = isShort ? x : hide(context, nameUse(context, name), { kind: 'auxiliary', equation: x })
  return READINGS[name]!(schedule.thresholds.map(read), schedule.values.map(read), base)
}

function readTable(
  shown: string,
  thresholds: readonly number[],
  values: readonly number[],
  name: string,
  x: Expression,
  { all: { tables } }: Context,
): Expression {
  if (name === 'marginal') {
    tables[shown] ??= { xs: [...thresholds], ys: [...values] }
    return { op: 'bracket', table: shown, x }
  }
  const table = name === 'marginalamount' ? `${shown}.sums` : `${shown}.steps`
  tables[table] ??= {
    xs: [LOWEST, ...thresholds],
    ys: [0, ...(name === 'marginalamount' ? runningSums(values) : values)],
  }
  const value: Expression = { op: 'stepLookup', table, x }
  return name === 'average' ? call('mul', x, value) : value
}

/** The value of the last bracket whose threshold x has reached; 0 below all. */
function amountAt(thresholds: readonly Expression[], values: readonly Expression[], x: Expression): Expression {
  return values.reduce<Expression>(
    (below, value, i) => call('select', call('le', thresholds[i]!, x), value, below),
    expression(0),
  )
}

function runningSums(values: readonly number[]): number[] {
  let sum = 0
  return values.map((value) => (sum += value))
}

const areNumbers = (values: readonly (number | undefined)[]): values is readonly number[] =>
  values.every((value) => value !== undefined)
