// Functions with a memory: each use has hidden variables of its own.
import { call, expression } from '../build.ts'
import type { Formula } from '../formula/ast.ts'
import type { Expression } from '../model.ts'
import { type Context, fault, hide, NOTHING, nameUse, stepOf, unsupported } from './context.ts'
import { numberOf } from './numbers.ts'

type Call = Extract<Formula, { kind: 'call' }>

/** Beyond it a delay of n stages is a pipeline, to well below what dt allows. */
const MAX_ORDER = 1_000

/**
 * The value of a function of family `state`.
 *
 * delay is a pipeline; its time is that of the start (XMILE 1.0, 3.5.3; Vensim DELAY FIXED). Material delay of order n: n stocks,
 * each with the outflow level / (time / n), the last of which it is; so that what went in comes out, whatever the time does. They
 * begin with initial * time / n. Smooth of order n: each level moves by (input - level) / (time / n), and begins with initial.
 * (Sterman 2000, 11.2; XMILE 1.0, 3.5.3)
 *
 * trend = (x - average) / (time * |average|), 0 where that is 0 / 0, with the average smoothed over the time and beginning with
 * x / (1 + initial * time). (Vensim TREND) forecast = x (1 + horizon (x - average) / (average * time)). (Vensim FORECAST)
 *
 * sampleIf is x where the condition holds, else what it was at the step before.
 */
export function stateFunction(formula: Call, args: readonly Expression[], context: Context): Expression {
  const [x, time, third, fourth] = args as [Expression, Expression, Expression?, Expression?]
  const name = formula.function.toLowerCase()
  if (name === 'initial') return { op: 'initial', x }
  const dt = stepOf(context, formula, formula.function)
  const use = nameUse(context, name)
  switch (name) {
    case 'previous':
      return hide(context, use, { kind: 'previous', value: x, initial: time ?? x })
    case 'delay':
      return hide(context, use, { kind: 'delay', input: x, steps: call('div', time, dt), initial: third ?? x })
    case 'delay1':
      return materialDelay(context, use, x, time, 1, third ?? x)
    case 'delay3':
      return materialDelay(context, use, x, time, 3, third ?? x)
    case 'delayn':
      return materialDelay(context, use, x, time, orderOf(formula, context), fourth ?? x)
    case 'smooth1':
      return smooth(context, use, x, time, 1, third ?? x)
    case 'smooth3':
      return smooth(context, use, x, time, 3, third ?? x)
    case 'smoothn':
      return smooth(context, use, x, time, orderOf(formula, context), fourth ?? x)
    case 'trend':
      return trend(context, use, x, time, third ?? expression(0))
    case 'forecast':
      return forecast(context, use, x, time, third!, fourth ?? expression(0))
    case 'sampleif': {
      // sampleIf(condition, x, initial)
      const held = hide(context, `${use}.held`, { kind: 'previous', value: expression(use), initial: third! })
      return hide(context, use, { kind: 'auxiliary', equation: call('select', x, time, held) })
    }
    default:
      return NOTHING
  }
}

function materialDelay(
  context: Context,
  use: string,
  x: Expression,
  time: Expression,
  order: number,
  initial: Expression,
): Expression {
  const stage = order === 1 ? time : call('div', time, order)
  let inflow = x
  for (let i = 1; i <= order; i++) {
    const level = stageName(use, i, order)
    const outflow = call('div', level, stage)
    hide(context, level, { kind: 'stock', initial: call('mul', initial, stage), flow: call('sub', inflow, outflow) })
    inflow = outflow
  }
  return inflow
}

function smooth(
  context: Context,
  use: string,
  x: Expression,
  time: Expression,
  order: number,
  initial: Expression,
): Expression {
  const stage = order === 1 ? time : call('div', time, order)
  let input = x
  for (let i = 1; i <= order; i++) {
    const level = stageName(use, i, order)
    input = hide(context, level, { kind: 'stock', initial, flow: call('div', call('sub', input, level), stage) })
  }
  return input
}

const stageName = (use: string, i: number, order: number): string => `${use}.level${order === 1 ? '' : i}`

function average(context: Context, use: string, x: Expression, time: Expression, initial: Expression): Expression {
  const begin = call('div', x, call('add', 1, call('mul', initial, time)))
  return smooth(context, use, x, time, 1, begin)
}

function trend(context: Context, use: string, x: Expression, time: Expression, initial: Expression): Expression {
  const mean = average(context, use, x, time, initial)
  const scale = call('mul', time, call('abs', mean))
  return call('select', call('eq', scale, 0), 0, call('div', call('sub', x, mean), scale))
}

function forecast(
  context: Context,
  use: string,
  x: Expression,
  time: Expression,
  horizon: Expression,
  initial: Expression,
): Expression {
  const mean = average(context, use, x, time, initial)
  const scale = call('mul', mean, time)
  const slope = call('select', call('eq', scale, 0), 0, call('div', call('sub', x, mean), scale))
  return call('mul', x, call('add', 1, call('mul', horizon, slope)))
}

/** The third argument: how many stages there are is part of the plan, so it is known before the run. */
function orderOf(formula: Call, context: Context): number {
  const order = formula.args[2]!
  const known = numberOf(order, context)
  if (known === undefined) {
    unsupported(context, order, `the order of ${formula.function} is computed; write a whole number`)
    return 1
  }
  if (!Number.isInteger(known) || known < 1 || known > MAX_ORDER) {
    fault(context, order, `the order of ${formula.function} is ${known}; it is a whole number from 1 to ${MAX_ORDER}`)
    return 1
  }
  return known
}
