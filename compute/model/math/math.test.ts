// The elementary functions: how far off they are, and their edges.
import { describe, expect, it } from 'vitest'
import { bigExp, bigLn, errorInUlps, fixed, fixedOne, multiplyFixed, toFixed } from '../../../test/support/big-math.ts'
import { numbers } from '../../../test/support/random-numbers.ts'
import { exp } from './exp.ts'
import { pmax, pmin } from './extrema.ts'
import { log, log1p } from './log.ts'
import { pow } from './pow.ts'

const SAMPLES = 4000

/** The greatest error over samples, in units in the last place. */
function worst(sample: (next: () => number, i: number) => number): number {
  const next = numbers(1)
  let most = 0
  for (let i = 0; i < SAMPLES; i++) most = Math.max(most, sample(next, i))
  return most
}

describe('exp', () => {
  it('is off by less than 0.52 units in the last place', () => {
    const error = worst((next, i) => {
      const x = (next() - 0.5) * (i % 2 ? 1400 : 4)
      return errorInUlps(exp(x), bigExp(toFixed(x)))
    })
    expect(error).toBeLessThan(0.52)
  })

  it('is off by at most one unit where the result is subnormal', () => {
    const error = worst((next) => {
      const x = -708.5 - 36 * next()
      return errorInUlps(exp(x), bigExp(toFixed(x)))
    })
    expect(error).toBeLessThanOrEqual(1)
  })

  it('has its limits at the infinities and keeps NaN', () => {
    expect([exp(0), exp(-0), exp(Number.POSITIVE_INFINITY), exp(Number.NEGATIVE_INFINITY)]).toEqual([1, 1, Infinity, 0])
    expect(exp(Number.NaN)).toBeNaN()
    expect([exp(709.782712893384), exp(709.7827128933841)]).toEqual([1.7976931348622732e308, Number.POSITIVE_INFINITY])
    expect([exp(-745.1332191019411), exp(-745.2)]).toEqual([5e-324, 0])
  })
})

describe('log and log1p', () => {
  it('log is off by less than 0.75 units in the last place', () => {
    const error = worst((next, i) => {
      const x = i % 2 ? exp((next() - 0.5) * 200) : 1 + (next() - 0.5) * (i % 4 ? 1 : 0.01)
      return errorInUlps(log(x), fixed(bigLn(toFixed(x))))
    })
    expect(error).toBeLessThan(0.75)
  })

  it('log1p is off by less than 0.75 units in the last place, also near 0', () => {
    const error = worst((next, i) => {
      const x = i % 2 ? exp((next() - 0.5) * 60) : (next() - 0.4) * (i % 4 ? 1 : 1e-3)
      return errorInUlps(log1p(x), fixed(bigLn(toFixed(x) + fixedOne)))
    })
    expect(error).toBeLessThan(0.75)
  })

  it('log1p of a number far below the last place of 1 is that number', () => {
    expect([log1p(1e-20), log1p(-1e-300), log1p(5e-324), log1p(0)]).toEqual([1e-20, -1e-300, 5e-324, 0])
  })

  it('log takes subnormal numbers', () => {
    expect(log(5e-324)).toBe(-744.4400719213812)
  })

  it('have a pole at 0 and at -1, and are NaN below', () => {
    expect([log(0), log(-0), log1p(-1)]).toEqual([-Infinity, -Infinity, -Infinity])
    expect([log(-1), log(-Infinity), log1p(-1.5), log(Number.NaN), log1p(Number.NaN)]).toEqual(new Array(5).fill(NaN))
    expect([log(1), log(Infinity), log1p(Infinity), log1p(1e308)]).toEqual([0, Infinity, Infinity, log(1e308)])
  })
})

describe('pow', () => {
  it('is off by less than 0.53 units in the last place', () => {
    const error = worst((next, i) => {
      const x = i % 3 ? exp((next() - 0.5) * 10) : 1 + (next() - 0.5) * 1e-3
      const y = (next() - 0.5) * (i % 3 ? 120 : 1e6)
      return errorInUlps(pow(x, y), bigExp(multiplyFixed(toFixed(y), bigLn(toFixed(x)))))
    })
    expect(error).toBeLessThan(0.53)
  })

  it('of a whole number to a whole power is exact where a double can hold it', () => {
    for (let base = 2; base <= 20; base++) {
      for (let power = 1, exact = BigInt(base); exact <= 2n ** 53n; power++, exact *= BigInt(base)) {
        expect(pow(base, power)).toBe(Number(exact))
      }
    }
    expect([pow(10, 22), pow(2, 1023), pow(2, -1074), pow(-2, 3), pow(-2, 4)]).toEqual([
      1e22,
      2 ** 1023,
      5e-324,
      -8,
      16,
    ])
  })

  it('follows IEEE 754 at its edges', () => {
    expect([pow(NaN, 0), pow(1, NaN), pow(0, 0), pow(-Infinity, -0)]).toEqual([1, 1, 1, 1])
    expect([pow(NaN, 1), pow(2, NaN), pow(-8, 1 / 3)]).toEqual([NaN, NaN, NaN])
    expect([pow(0, -1), pow(-0, -1), pow(-0, -2), pow(-0, 3), pow(0, 2)]).toEqual([
      Infinity,
      -Infinity,
      Infinity,
      -0,
      0,
    ])
    expect([pow(Infinity, -1), pow(-Infinity, 3), pow(-Infinity, -3), pow(2, Infinity)]).toEqual([
      0,
      -Infinity,
      -0,
      Infinity,
    ])
    expect([pow(0.5, Infinity), pow(2, -Infinity), pow(-1, Infinity), pow(-1, 2 ** 53 + 2)]).toEqual([0, 0, 1, 1])
    expect([pow(1.0000001, 1e300), pow(0.9999999, 1e300), pow(-2, 1e300)]).toEqual([Infinity, 0, Infinity])
    expect([pow(5e-324, 0.5), pow(4, 0.5), pow(4, -0.5)]).toEqual([2.2227587494850775e-162, 2, 0.5])
  })
})

describe('pmin and pmax', () => {
  it('keep a NaN of the first operand and pass over one of the second', () => {
    expect([pmin(NaN, 1), pmax(NaN, 1), pmin(1, NaN), pmax(1, NaN)]).toEqual([NaN, NaN, 1, 1])
  })

  it('give the first of two zeros', () => {
    expect([pmin(0, -0), pmax(-0, 0)]).toEqual([0, -0])
  })
})
