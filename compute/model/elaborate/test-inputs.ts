// Functions of the time at which a step began: steps, pulses and ramps.
import { call, expression, type Term } from '../build.ts'
import type { Formula } from '../formula/ast.ts'
import type { Expression } from '../model.ts'
import { type Context, stepOf } from './context.ts'

type Call = Extract<Formula, { kind: 'call' }>

const STEP_TIME: Expression = { op: 'stepTime' }

/** Times are start + n dt, rounded; a time that lies this part of a step ahead has come. */
const TOLERANCE = 2 ** -20

/**
 * The value of a function of family `time`. All but the ramp hold their value through a step of any method.
 * step(height, from) and window(from, width) begin with the first step at or after their time, a window lasts at least one step.
 * pulse(volume, at, every): volume / dt in the one step that begins at the time, or is the first after it; again every so often
 * where `every` is above 0 (XMILE 1.0, 3.5.4). pulseTrain(from, width, every, until): 1 while (t - from) mod every < width, up to
 * `until` and at it (Vensim). ramp(slope, from, until) is slope (min(t, until) - from), 0 before.
 */
export function timeFunction(formula: Call, args: readonly Expression[], context: Context): Expression {
  const dt = stepOf(context, formula, formula.function)
  const slack = dt * TOLERANCE
  const now = call('add', STEP_TIME, slack)
  const reached = (t: Term) => call('le', t, now)
  const [a, b, c, d] = args as [Expression, Expression, Expression?, Expression?]
  /** Time since the last of the beginnings at `from`, `from + every`, ... */
  const since = (from: Expression, every: Expression) => {
    const passed = call('sub', now, from)
    return call('sub', passed, call('mul', every, call('floor', call('div', passed, every))))
  }
  switch (formula.function.toLowerCase()) {
    case 'step':
      return call('select', reached(b), a, 0)
    case 'pulse': {
      const height = call('div', a, dt)
      const once = call('lt', call('sub', now, b), dt)
      const again = c && call('lt', since(b, c), dt)
      const fires = again ? call('select', call('lt', 0, c), again, once) : once
      return call('select', call('and', reached(b), fires), height, 0)
    }
    case 'window':
      return call('and', reached(a), call('lt', call('sub', now, a), call('max', b, dt)))
    case 'pulsetrain': {
      const inside = call('lt', since(a, c!), call('max', b, dt))
      return call('and', call('and', reached(a), inside), call('le', call('sub', STEP_TIME, slack), d!))
    }
    default: {
      const time: Expression = { op: 'time' }
      const last = c ? call('min', time, c) : time
      return call('mul', a, call('max', expression(0), call('sub', last, b)))
    }
  }
}
