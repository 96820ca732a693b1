// Gamma, beta and Poisson quantiles: known values, round trips, and what lies outside their domains.
import { describe, expect, it } from 'vitest'
import { numbers } from '../../../test/support/random-numbers.ts'
import { betaLogDensity, betaLogLower, betaQuantile, betaScale } from './beta.ts'
import { exp } from './exp.ts'
import { gammaLogDensity, gammaLogTail, gammaQuantile } from './gamma.ts'
import { log, log1p } from './log.ts'
import { normalQuantile } from './normal.ts'
import { poissonQuantile } from './poisson.ts'
import { sin } from './sin-cos.ts'
import { stirlingError } from './stirling.ts'

const OUTSIDE = [0, 1, -0.1, 1.5, NaN, Infinity, -Infinity]
const NEAR_ONE = 1 - 2 ** -40
const off = (value: number, expected: number) => Math.abs(value / expected - 1)

/** Probabilities from 1e-12 to 1 - 1e-12, half of them in the tails. */
function probability(next: () => number): number {
  const u = next()
  if (u < 0.25) return 10 ** (-12 * next())
  return u < 0.5 ? 1 - 10 ** (-12 * next()) : next()
}

describe('gammaQuantile', () => {
  // mpmath 1.3.0 at 60 digits: findroot on ln of gammainc(shape, ..., regularized=True). The last: the expansion of the median (Choi, Proceedings of the AMS 121, 1994).
  it.each([
    [1e-12, 0.5, 7.8539816339744827802e-25],
    [0.3, 0.01, 2.9174171917458686172e-53],
    [NEAR_ONE, 0.01, 20.109230192198833827],
    [0.5, 0.1, 0.00059339110446022617358],
    [1e-6, 2.5, 0.006448080103248548182],
    [0.975, 2.5, 6.4162509970150129999],
    [0.1, 30, 23.229444150101722702],
    [NEAR_ONE, 99.5, 186.77196814192076399],
    [0.025, 150, 126.95616130124486435],
    [1e-12, 1000, 793.43922661707684201],
    [0.9, 1e5, 100405.47571024523087],
    [NEAR_ONE, 1e5, 102244.92818816559357],
    [0.5, 1e9, 999999999.66666666668642],
  ])('at probability %f and shape %f is %f', (p, shape, expected) => {
    expect(off(gammaQuantile(p, shape), expected)).toBeLessThan(1e-12)
  })

  it('of shape 1 is that of the exponential distribution', () => {
    for (const p of [1e-12, 0.001, 0.4, 0.5, 0.9, NEAR_ONE])
      expect(off(gammaQuantile(p, 1), -log1p(-p))).toBeLessThan(1e-14)
  })

  it('of shape 1/2 is half the square of a normal quantile', () => {
    for (const p of [1e-6, 0.3, 0.999]) {
      expect(off(gammaQuantile(p, 0.5), normalQuantile((1 - p) / 2) ** 2 / 2)).toBeLessThan(1e-10)
    }
  })

  it('turns back into its probability, for shapes from 0.01 to 100,000', () => {
    const next = numbers(21)
    for (let i = 0; i < 2000; i++) {
      const p = probability(next)
      const shape = 10 ** (next() * 7 - 2)
      const x = gammaQuantile(p, shape)
      if (x < 1e-290) continue
      const density = gammaLogDensity(shape, stirlingError(shape), x)
      const upper = p > 0.5
      const wanted = log(upper ? 1 - p : p)
      // As an error of x, relative.
      const error = (gammaLogTail(shape, x, density, upper) - wanted) * exp(wanted - density)
      expect(Math.abs(error)).toBeLessThan(1e-11)
    }
  })

  it('rises with the probability also where one algorithm hands over to another', () => {
    for (const shape of [0.02, 1, 99, 100, 2000]) {
      const values = Array.from({ length: 999 }, (_, i) => gammaQuantile((i + 1) / 1000, shape))
      for (let i = 1; i < values.length; i++) expect(values[i]!).toBeGreaterThan(values[i - 1]!)
    }
  })

  it('that no double can hold is 0', () => {
    expect([gammaQuantile(1e-12, 0.01), gammaQuantile(0.5, 1e-5)]).toEqual([0, 0])
  })

  it('is NaN for a probability outside (0, 1)', () => {
    expect(OUTSIDE.map((p) => gammaQuantile(p, 2))).toEqual(OUTSIDE.map(() => NaN))
  })

  it('is NaN for a shape that is 0, negative, NaN, tiny or huge', () => {
    const shapes = [0, -0, -1, NaN, 1e-300, 9e-6, 1.1e9, Infinity, -Infinity]
    expect(shapes.map((shape) => gammaQuantile(0.5, shape))).toEqual(shapes.map(() => NaN))
  })

  it('has values at the ends of its domain and at the least and greatest probabilities', () => {
    for (const p of [5e-324, 1e-300, 1 - 2 ** -53]) {
      for (const shape of [1e-5, 1, 1e9]) {
        const x = gammaQuantile(p, shape)
        expect(x >= 0 && x < 2e9).toBe(true)
      }
    }
  })
})

describe('betaQuantile', () => {
  // mpmath 1.3.0 at 60 digits: findroot on ln of betainc(..., regularized=True); the last by quadrature of the density.
  it.each([
    [1e-12, 0.5, 0.25, 6.8751858180203725509e-24],
    [0.4, 0.01, 0.02, 6.3262043176231225478e-23],
    [0.7, 0.01, 1e5, 1.8309615196327273375e-21],
    [0.05, 2, 5, 0.062849891708354381852],
    [0.95, 2, 5, 0.58180340925202583141],
    [0.3, 1.5, 0.5, 0.65761419634442157842],
    [NEAR_ONE, 3, 40, 0.56593927672583857378],
    [0.01, 300, 700, 0.26691423225879962769],
    [0.999, 20000, 30000, 0.40678147092348316925],
  ])('at probability %f, alpha %f and beta %f is %f', (p, alpha, beta, expected) => {
    expect(off(betaQuantile(p, alpha, beta), expected)).toBeLessThan(1e-11)
  })

  it('of beta 1 is a root of the probability, and of alpha 1 the complement of one', () => {
    for (const a of [0.1, 1, 3, 500]) {
      for (const p of [1e-12, 0.2, 0.9, NEAR_ONE]) {
        expect(off(betaQuantile(p, a, 1), exp(log(p) / a))).toBeLessThan(1e-12)
        expect(Math.abs(betaQuantile(p, 1, a) - (1 - exp(log1p(-p) / a)))).toBeLessThan(1e-14)
      }
    }
  })

  it('of 1/2 and 1/2 is that of the arcsine distribution', () => {
    for (const p of [1e-6, 0.1, 0.5, 0.8]) {
      expect(off(betaQuantile(p, 0.5, 0.5), sin((p * Math.PI) / 2) ** 2)).toBeLessThan(1e-13)
    }
  })

  it('of equal parameters has its median at 1/2', () => {
    for (const a of [1e-5, 0.01, 1, 3, 1e5, 1e7]) expect(off(betaQuantile(0.5, a, a), 0.5)).toBeLessThan(1e-9)
  })

  it('turns back into its probability, for parameters from 0.01 to 100,000', () => {
    const next = numbers(22)
    for (let i = 0; i < 2000; i++) {
      const p = next() < 0.5 ? 10 ** (-12 * next()) : next() / 2
      const alpha = 10 ** (next() * 7 - 2)
      const beta = 10 ** (next() * 7 - 2)
      const x = betaQuantile(p, alpha, beta)
      if (x < 1e-290 || x > 0.9) continue
      const density = betaLogDensity(alpha, beta, betaScale(alpha, beta), x, 1 - x)
      const error = (betaLogLower(alpha, beta, x, 1 - x, density) - log(p)) * exp(log(p) - density)
      expect(Math.abs(error)).toBeLessThan(1e-10)
    }
  })

  it('is the complement of its mirror image', () => {
    const next = numbers(23)
    for (let i = 0; i < 500; i++) {
      const alpha = 10 ** (next() * 7 - 2)
      const beta = 10 ** (next() * 7 - 2)
      const p = Math.floor(next() * 1023 + 1) / 1024
      expect(betaQuantile(p, alpha, beta)).toBeCloseTo(1 - betaQuantile(1 - p, beta, alpha), 12)
    }
  })

  it('that no double can tell from an end is that end', () => {
    expect([betaQuantile(1e-12, 0.01, 2), betaQuantile(NEAR_ONE, 2, 0.01)]).toEqual([0, 1])
  })

  it('is NaN for a probability outside (0, 1)', () => {
    expect(OUTSIDE.map((p) => betaQuantile(p, 2, 3))).toEqual(OUTSIDE.map(() => NaN))
  })

  it('is NaN where a parameter is 0, negative, NaN, tiny or huge', () => {
    for (const bad of [0, -0, -1, NaN, 1e-300, 9e-6, 1.1e7, Infinity]) {
      expect([betaQuantile(0.5, bad, 2), betaQuantile(0.5, 2, bad)]).toEqual([NaN, NaN])
    }
  })

  it('has values in [0, 1] at the ends of its domain and at the least and greatest probabilities', () => {
    for (const p of [5e-324, 1e-300, 0.5, 1 - 2 ** -53]) {
      for (const alpha of [1e-5, 1, 1e7]) {
        for (const beta of [1e-5, 1, 1e7]) {
          const x = betaQuantile(p, alpha, beta)
          expect(x >= 0 && x <= 1).toBe(true)
        }
      }
    }
  })
})

describe('poissonQuantile', () => {
  // mpmath 1.3.0 at 40 digits: the least k with gammainc(k + 1, mean, inf, regularized=True) >= p.
  it.each([
    [0.1, [0, 0, 0, 0, 7]],
    [3.7, [0, 0, 4, 6, 24]],
    [250, [147, 203, 250, 270, 369]],
    [12345.6, [11572, 12004, 12345, 12488, 13137]],
    [1e6, [992974, 996911, 1000000, 1001282, 1007056]],
  ])('of mean %f has these five quantiles', (mean, expected) => {
    expect([1e-12, 0.001, 0.5, 0.9, NEAR_ONE].map((p) => poissonQuantile(p, mean))).toEqual(expected)
  })

  it('is where the summed probabilities reach p', () => {
    const next = numbers(24)
    for (let i = 0; i < 500; i++) {
      const mean = 10 ** (next() * 4 - 2)
      const p = next()
      let k = 0
      let term = Math.exp(-mean)
      for (let sum = term; sum < p && term > 0; sum += term) term *= mean / ++k
      // Below the least exponent the sum has no first term.
      if (mean < 700) expect(poissonQuantile(p, mean)).toBe(k)
    }
  })

  it('steps up right behind a probability of the distribution', () => {
    // F(0), F(1), F(2) of mean 1, to 16 digits: 1/e, 2/e, 5/(2e).
    for (const [k, f] of [0.36787944117144233, 0.7357588823428847, 0.9196986029286058].entries()) {
      expect([poissonQuantile(f - 1e-12, 1), poissonQuantile(f + 1e-12, 1)]).toEqual([k, k + 1])
    }
  })

  it('of mean 0 is 0', () => {
    expect([poissonQuantile(1e-300, 0), poissonQuantile(0.5, -0), poissonQuantile(1 - 2 ** -53, 0)]).toEqual([0, 0, 0])
  })

  it('of a tiny mean is 0 up to the greatest probability', () => {
    expect([poissonQuantile(0.5, 5e-324), poissonQuantile(1 - 2 ** -53, 1e-20), poissonQuantile(1e-300, 1e-9)]).toEqual(
      [0, 0, 0],
    )
  })

  it('is NaN for a probability outside (0, 1)', () => {
    expect(OUTSIDE.map((p) => poissonQuantile(p, 2))).toEqual(OUTSIDE.map(() => NaN))
  })

  it('is NaN for a mean that is negative, NaN or huge', () => {
    expect([-1, NaN, 1.1e9, Infinity, -Infinity].map((mean) => poissonQuantile(0.5, mean))).toEqual(
      new Array(5).fill(NaN),
    )
  })

  it('has whole values at the least and greatest probabilities', () => {
    for (const p of [5e-324, 1e-300, 1 - 2 ** -53]) {
      for (const mean of [1e-300, 0.01, 3, 1e4, 1e9]) {
        const k = poissonQuantile(p, mean)
        expect(Number.isInteger(k) && k >= 0).toBe(true)
      }
    }
  })
})

describe('stirlingError', () => {
  it('is what ln Gamma of whole and half numbers leaves', () => {
    // ln 0! = 0, ln 4! = ln 24, Gamma(1/2) = sqrt(pi).
    const plain = (a: number) => (a - 0.5) * Math.log(a) - a + 0.5 * Math.log(2 * Math.PI)
    expect(stirlingError(1)).toBeCloseTo(-plain(1), 14)
    expect(stirlingError(5)).toBeCloseTo(Math.log(24) - plain(5), 14)
    expect(stirlingError(0.5)).toBeCloseTo(0.5 * Math.log(Math.PI) - plain(0.5), 14)
    expect(stirlingError(20)).toBeCloseTo(Math.log(121645100408832000) - plain(20), 13)
  })

  it('goes over from one method to the other without a step', () => {
    expect(stirlingError(10 - 1e-9)).toBeCloseTo(stirlingError(10), 11)
  })
})
