// Vensim's random numbers. Each takes the least and the greatest value first, and stretches and shifts before it truncates
// (vensim.com/documentation/fn_random.htm).
import type { Formula } from '../formula/ast.ts'
import { unsupported } from './faults.ts'
import { binary, call, isRandom, NAME_IT, number } from './formulas.ts'
import type { Scope } from './scope.ts'

type Draw = (args: Formula[], scope: Scope) => Formula

/** By key: how many arguments, the last but for `random_0_1` a stream, which is not used; and what becomes of them. */
export const RANDOM_FUNCTIONS: Readonly<Record<string, { readonly args: number; readonly make: Draw }>> = {
  random_0_1: { args: 0, make: () => call('uniform', number(0), number(1)) },
  random_uniform: { args: 3, make: seeded(([low, high]) => call('uniform', low!, high!)) },
  random_normal: { args: 5, make: seeded(([low, high, mean, sd]) => call('normal', mean!, sd!, low!, high!)) },
  random_exponential: {
    args: 5,
    make: seeded((args, scope) => {
      const drawn = args.slice(0, 4).find(isRandom)
      if (drawn) throw unsupported(scope.path, drawn.at ?? scope.at, 'RANDOM EXPONENTIAL of a random number', NAME_IT)
      return exponential(...(args.slice(0, 4) as [Formula, Formula, Formula, Formula]))
    }),
  },
  random_poisson: {
    args: 6,
    make: seeded(([low, high, mean, shift, stretch], scope) =>
      held(moved(call('poisson', mean!), shift!, stretch!), low!, high!, scope),
    ),
  },
  random_gamma: {
    args: 6,
    make: seeded(([low, high, order, shift, stretch], scope) =>
      held(moved(call('gamma', order!, number(1)), shift!, stretch!), low!, high!, scope),
    ),
  },
  random_beta: {
    args: 7,
    make: seeded(([low, high, alpha, beta, shift, stretch], scope) => {
      const draw = moved(call('beta', alpha!, beta!), shift!, stretch!)
      const top = sum(shift!, stretch!)
      return within(shift!, top, low!, high!) ? draw : held(draw, low!, high!, scope)
    }),
  },
  random_triangular: {
    args: 6,
    make: seeded(([low, high, start, peak, stop], scope) => {
      const draw = call('triangular', start!, peak!, stop!)
      return within(start!, stop!, low!, high!) ? draw : held(draw, low!, high!, scope)
    }),
  },
}

function seeded(draw: Draw): Draw {
  return (args, scope) => {
    scope.note('INFO', {
      code: 'STREAM_NOT_USED',
      message:
        'the stream of a random function is not used; its draws follow from the seed of the run and the name of the variable',
      suggestion: 'set the seed of the run',
    })
    return draw(args, scope)
  }
}

/**
 * Exponential of mean 1, stretched by r and shifted by h, truncated to [m, x]: h + r E where E lies between a = (m - h) / r (at
 * least 0) and b = (x - h) / r. By inversion E = a - ln(1 - u (1 - exp(a - b))) (Devroye 1986, II.2).
 */
function exponential(low: Formula, high: Formula, shift: Formula, stretch: Formula): Formula {
  const least = call('max', number(0), binary(binary(low, '-', shift), '/', stretch))
  const most = binary(binary(high, '-', shift), '/', stretch)
  const share = binary(number(1), '-', call('exp', binary(least, '-', most)))
  const u = call('uniform', number(0), number(1))
  return moved(binary(least, '-', call('ln', binary(number(1), '-', binary(u, '*', share)))), shift, stretch)
}

function moved(draw: Formula, shift: Formula, stretch: Formula): Formula {
  const stretched = isNumber(stretch, 1) ? draw : binary(draw, '*', stretch)
  return isNumber(shift, 0) ? stretched : binary(shift, '+', stretched)
}

/** Vensim draws again what lies outside; here it is held at the bound, which is said. */
function held(draw: Formula, low: Formula, high: Formula, scope: Scope): Formula {
  scope.note('WARNING', {
    code: 'DRAWS_HELD_AT_BOUNDS',
    message: 'draws outside the least and greatest value are held there; Vensim draws them again',
    suggestion: 'set the bounds so that they are hardly ever met',
  })
  return call('clamp', draw, low, high)
}

/** True where all are numbers and low <= from, to <= high. */
function within(from: Formula, to: Formula | undefined, low: Formula, high: Formula): boolean {
  const [a, b, m, x] = [from, to, low, high].map((one) => (one?.kind === 'number' ? one.value : Number.NaN))
  return m! <= a! && b! <= x!
}

function sum(a: Formula, b: Formula): Formula | undefined {
  return a.kind === 'number' && b.kind === 'number' ? number(a.value + b.value) : undefined
}

const isNumber = (formula: Formula, value: number) => formula.kind === 'number' && formula.value === value
