// Vensim's functions in terms of the formula language.
import type { Formula } from '../formula/ast.ts'
import type { FormulaFunction } from '../formula/functions.ts'
import { unsupported } from './faults.ts'
import { binary, call, choose, gathers, isRandom, NAME_IT, named, number } from './formulas.ts'
import { knownNumber } from './known-number.ts'
import { RANDOM_FUNCTIONS } from './random-functions.ts'
import type { Scope } from './scope.ts'

interface VensimFunction {
  readonly args: number
  make(args: Formula[], scope: Scope): Formula
}

const plain = (args: number, name: FormulaFunction): VensimFunction => ({ args, make: (given) => call(name, ...given) })

/**
 * Vensim takes a divisor below 1e-6 for zero (vensim.com/documentation/fn_zidz.html): one that is 0 as a whole number of
 * millionths, which says nothing of its unit.
 */
const MILLION = number(1e6)

const TIME_STEP = named('time_step')

function quotient(a: Formula, b: Formula, otherwise: Formula): Formula {
  const safe = call('safeDivide', a, b, otherwise)
  if (isRandom(b)) return safe
  return choose(binary(call('int', binary(b, '*', MILLION)), '=', number(0)), otherwise, safe)
}

/**
 * MIN and MAX are of two numbers, also within SUM and the like, where min and max of the formula language would take all elements
 * that are gathered there (XMILE 1.0, 3.7.1.3).
 */
function extreme(name: 'min' | 'max', a: Formula, b: Formula, scope: Scope): Formula {
  if (!gathers(a) && !gathers(b)) return call(name, a, b)
  const drawn = [a, b].find(isRandom)
  if (drawn) throw unsupported(scope.path, drawn.at ?? scope.at, `${name.toUpperCase()} of a random number`, NAME_IT)
  return choose(binary(a, name === 'min' ? '<' : '>', b), a, b)
}

/**
 * Vensim takes no more stages than there are steps in the delay time (vensim.com/documentation/fn_delay_n.html), where both are
 * known before the run.
 */
function order(name: string, n: Formula, time: Formula, scope: Scope): Formula {
  const [wanted, delay, dt] = [n, time, TIME_STEP].map((formula) => knownNumber(formula, scope.constant))
  if (wanted === undefined || delay === undefined || !(dt! > 0)) return n
  // Rounded, so that 0.3 has three steps of 0.1.
  const most = Math.max(1, Math.floor(Number((delay / dt!).toPrecision(12))))
  if (wanted <= most) return n
  scope.note('WARNING', {
    code: 'ORDER_REDUCED',
    message: `${name} of order ${wanted} is of order ${most}, as its delay time has no more steps`,
    suggestion: 'make TIME STEP smaller',
  })
  return number(most)
}

/**
 * What differs from DELAY FIXED where the delay time changes, and only there
 * (vensim.com/documentation/mgu09_material_and_information_delays.html).
 */
function pipeline(name: string, x: Formula, time: Formula, initial: Formula, scope: Scope): Formula {
  if (knownNumber(time, scope.constant) !== undefined) return call('delay', x, time, initial)
  throw unsupported(scope.path, time.at ?? scope.at, `${name} with a delay time that may change`, 'use DELAY FIXED')
}

/** By key. */
export const FUNCTIONS: Readonly<Record<string, VensimFunction>> = {
  abs: plain(1, 'abs'),
  sqrt: plain(1, 'sqrt'),
  exp: plain(1, 'exp'),
  ln: plain(1, 'ln'),
  log: plain(2, 'log'),
  power: plain(2, 'pow'),
  sin: plain(1, 'sin'),
  cos: plain(1, 'cos'),
  tan: plain(1, 'tan'),
  arcsin: plain(1, 'arcsin'),
  arccos: plain(1, 'arccos'),
  arctan: plain(1, 'arctan'),
  integer: plain(1, 'int'),
  modulo: plain(2, 'mod'),
  quantum: plain(2, 'quantum'),
  min: { args: 2, make: ([a, b], scope) => extreme('min', a!, b!, scope) },
  max: { args: 2, make: ([a, b], scope) => extreme('max', a!, b!, scope) },
  xidz: { args: 3, make: ([a, b, x]) => quotient(a!, b!, x!) },
  zidz: { args: 2, make: ([a, b]) => quotient(a!, b!, number(0)) },
  if_then_else: { args: 3, make: ([condition, then, otherwise]) => choose(condition!, then!, otherwise!) },
  game: { args: 1, make: ([x]) => x! },
  initial: plain(1, 'initial'),
  step: plain(2, 'step'),
  ramp: plain(3, 'ramp'),
  pulse: plain(2, 'window'),
  pulse_train: plain(4, 'pulseTrain'),
  delay1: plain(2, 'delay1'),
  delay1i: plain(3, 'delay1'),
  delay3: plain(2, 'delay3'),
  delay3i: plain(3, 'delay3'),
  delay_n: {
    args: 4,
    make: ([x, time, initial, n], scope) => call('delayN', x!, time!, order('DELAY N', n!, time!, scope), initial!),
  },
  delay_fixed: plain(3, 'delay'),
  delay_material: {
    args: 4,
    make: ([x, time, initial], scope) => pipeline('DELAY MATERIAL', x!, time!, initial!, scope),
  },
  delay_information: {
    args: 3,
    make: ([x, time, initial], scope) => pipeline('DELAY INFORMATION', x!, time!, initial!, scope),
  },
  smooth: plain(2, 'smooth1'),
  smoothi: plain(3, 'smooth1'),
  smooth3: plain(2, 'smooth3'),
  smooth3i: plain(3, 'smooth3'),
  smooth_n: {
    args: 4,
    make: ([x, time, initial, n], scope) => call('smoothN', x!, time!, order('SMOOTH N', n!, time!, scope), initial!),
  },
  trend: plain(3, 'trend'),
  forecast: plain(3, 'forecast'),
  sample_if_true: plain(3, 'sampleIf'),
  sum: plain(1, 'sum'),
  prod: plain(1, 'product'),
  vmin: plain(1, 'min'),
  vmax: plain(1, 'max'),
  ...RANDOM_FUNCTIONS,
}

const ALONE = 'write it alone, right after the equals sign'
const FROM_FILE = 'write the numbers into the model'

/** What Vensim has and these models have not, with a way out where there is one. */
export const UNSUPPORTED: Readonly<Record<string, string>> = {
  integ: ALONE,
  active_initial: ALONE,
  tabbed_array: ALONE,
  reinitial: 'write INITIAL, which is taken at the first step',
  ...Object.fromEntries(
    ['xls', 'direct', '123', 'odbc', 'vdf'].flatMap((from) =>
      ['data', 'constants', 'lookups', 'subscript'].map((what) => [`get_${from}_${what}`, FROM_FILE]),
    ),
  ),
  ...Object.fromEntries(
    `allocate_available allocate_by_priority data_at_time delay_batch delay_conveyor delay_lookup
    delay_profile delayp demand_at_price find_market_price find_zero gamma_ln get_data_at_time
    get_data_between_times get_data_first_time get_data_last_time get_data_max get_data_mean get_data_min get_data_stdv
    get_data_total_points get_time_value internal_rate_of_return invert_matrix lookup_area lookup_invert lookup_slope message
    probability queue_age_average queue_attrib_average queue_fifo random_binomial random_lookup
    random_negative_binomial random_weibull sample_until shift_if_true simultaneous supply_at_price time_base
    time_shift vector_lookup vector_reorder`
      .split(/\s+/)
      .map((name) => [name, '']),
  ),
}
