// Sine, cosine and arctangent: how far off they are, and their edges.
import { describe, expect, it } from 'vitest'
import { type Big, bigArctan, bigCos, bigSin, errorInUlps } from '../../../test/support/big-math.ts'
import { numbers } from '../../../test/support/random-numbers.ts'
import { arctan } from './arctan.ts'
import { cos, sin } from './sin-cos.ts'
import { TWO_OVER_PI } from './two-over-pi.ts'

const SAMPLES = 2000
const NEAR = 1_647_000

/** The greatest error over samples, in units in the last place. */
function worst(f: (x: number) => number, exact: (x: number) => Big, sample: (next: () => number) => number): number {
  const next = numbers(5)
  let most = 0
  for (let i = 0; i < SAMPLES; i++) {
    const x = sample(next)
    most = Math.max(most, errorInUlps(f(x), exact(x)))
  }
  return most
}

describe.each([
  ['sin', sin, bigSin],
  ['cos', cos, bigCos],
] as const)('%s', (_, f, exact) => {
  it('is off by less than 0.8 units in the last place within a few turns', () => {
    expect(worst(f, exact, (next) => (next() - 0.5) * 20)).toBeLessThan(0.8)
  })

  it('is off by less than 0.8 units in the last place up to a million turns', () => {
    expect(worst(f, exact, (next) => (next() - 0.5) * 2 * NEAR)).toBeLessThan(0.8)
  })

  it('is off by less than 0.8 units in the last place at any size beyond', () => {
    expect(worst(f, exact, (next) => (next() < 0.5 ? -1 : 1) * 2 ** (21 + 1002 * next()))).toBeLessThan(0.8)
  })

  it('is off by less than 0.8 units in the last place where a multiple of a quarter turn cancels nearly all', () => {
    expect(worst(f, exact, (next) => Math.floor(next() * 1e6) * (Math.PI / 2))).toBeLessThan(0.8)
  })

  // The double nearest to a multiple of pi / 2: Muller, Elementary Functions, the chapter on range reduction.
  it('is off by less than 0.8 units in the last place at the double that lies nearest to a quarter turn', () => {
    expect(errorInUlps(f(6381956970095103 * 2 ** 797), exact(6381956970095103 * 2 ** 797))).toBeLessThan(0.8)
  })

  it('agrees with itself where the reduction changes', () => {
    for (const x of [1_647_098, 1_647_099.3, 1_647_099.4, 1_647_100, -1_647_099.3, -1_647_100]) {
      expect(errorInUlps(f(x), exact(x))).toBeLessThan(0.8)
    }
  })

  it('is NaN at the infinities and keeps NaN', () => {
    expect([f(Infinity), f(-Infinity), f(NaN)]).toEqual([NaN, NaN, NaN])
  })

  it('of the largest double lies within [-1, 1]', () => {
    expect(errorInUlps(f(Number.MAX_VALUE), exact(Number.MAX_VALUE))).toBeLessThan(0.8)
  })
})

describe('sin and cos at zero', () => {
  it('keep the sign of a zero and give 1', () => {
    expect([sin(0), sin(-0), cos(0), cos(-0)]).toEqual([0, -0, 1, 1])
  })

  it('of a tiny angle are the angle and 1', () => {
    expect([sin(5e-324), sin(-1e-310), sin(1e-9), cos(1e-9), cos(5e-324)]).toEqual([5e-324, -1e-310, 1e-9, 1, 1])
  })

  it('are odd and even', () => {
    const next = numbers(6)
    for (let i = 0; i < 200; i++) {
      const x = next() * 10 ** (next() * 300 - 10)
      expect([sin(-x), cos(-x)]).toEqual([-sin(x), cos(x)])
    }
  })
})

describe('arctan', () => {
  it('is off by less than 0.9 units in the last place', () => {
    expect(worst(arctan, bigArctan, (next) => (next() - 0.5) * 10 ** (next() * 8 - 4))).toBeLessThan(0.9)
  })

  it('is off by less than 0.9 units in the last place at the ends of its ranges', () => {
    for (const end of [0.4375, 0.6875, 1.1875, 2.4375]) {
      for (const x of [end, end - 2 ** -53, -end]) expect(errorInUlps(arctan(x), bigArctan(x))).toBeLessThan(0.9)
    }
  })

  it('keeps the sign of a zero, and keeps NaN', () => {
    expect([arctan(0), arctan(-0), arctan(NaN)]).toEqual([0, -0, NaN])
  })

  it('is a quarter turn at the infinities and far out', () => {
    const quarter = Math.PI / 2
    expect([arctan(Infinity), arctan(-Infinity), arctan(1e300), arctan(-1e17)]).toEqual([
      quarter,
      -quarter,
      quarter,
      -quarter,
    ])
  })

  it('of a tiny number is that number', () => {
    expect([arctan(5e-324), arctan(-1e-310), arctan(1e-9)]).toEqual([5e-324, -1e-310, 1e-9])
  })
})

describe('the bits of 2 / pi', () => {
  it('begin as published', () => {
    expect((TWO_OVER_PI >> 1120n).toString(16)).toBe('a2f9836e4e441529fc2757d1')
  })
})
