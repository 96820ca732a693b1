// Exact sums: the same in any order and grouping, and right to what they promise.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { numbers } from '../../test/support/random-numbers.ts'
import { addSums, addTerm, LARGEST_TERM, LIMBS, MOST_TERMS, sumAt, sumUp } from './exact-sum.ts'

const sumOfTerms = (terms: readonly number[]) => {
  const sum = new Float64Array(LIMBS)
  for (const term of terms) addTerm(sum, 0, term)
  return sum
}

const term = fc.double({ min: -LARGEST_TERM, max: LARGEST_TERM, minExcluded: true, maxExcluded: true, noNaN: true })

describe('exact sums', () => {
  it('have the same bits in any order and any grouping', () => {
    fc.assert(
      fc.property(fc.array(term, { maxLength: 60 }), fc.nat(), fc.nat(60), (terms, seed, cut) => {
        const whole = sumOfTerms(terms)
        const next = numbers(seed)
        const shuffled = terms.map((x) => ({ x, key: next() })).sort((a, b) => a.key - b.key)
        expect(sumOfTerms(shuffled.map(({ x }) => x))).toEqual(whole)
        const parts = new Float64Array([...sumOfTerms(terms.slice(0, cut)), ...sumOfTerms(terms.slice(cut))])
        const joined = new Float64Array(LIMBS)
        sumUp(joined, 0, parts, 0, 2)
        expect(joined).toEqual(whole)
      }),
    )
  })

  it('give back what was taken away', () => {
    fc.assert(
      fc.property(fc.array(term, { maxLength: 30 }), term, (terms, one) => {
        const sum = sumOfTerms([...terms, one])
        addSums(sum, 0, sumOfTerms([one]), 0, 1, -1)
        expect([...sum].map((x) => x + 0)).toEqual([...sumOfTerms(terms)].map((x) => x + 0))
      }),
    )
  })

  it('lose at most 2^-51 of a term, and what the last additions round', () => {
    for (const size of [1e-10, 1, 1e7, 1e14]) {
      const next = numbers(9)
      const terms = Array.from({ length: 2000 }, () => (next() - 0.4) * size)
      // Exactly, as multiples of 2^-200.
      let exact = 0n
      for (const x of terms) exact += scaled(x)
      const wanted = Number(exact / 2n ** 100n) / 2 ** 100
      const got = sumAt(sumOfTerms(terms), 0)
      expect(Math.abs(got - wanted)).toBeLessThanOrEqual(terms.length * 2 ** -51 + Math.abs(wanted) * 2 ** -51)
    }
  })

  it('hold as many of the largest terms as they promise', () => {
    const most = LARGEST_TERM - 1
    const block = sumOfTerms(Array.from({ length: 1024 }, () => most))
    const sum = new Float64Array(LIMBS)
    for (let i = 0; i < MOST_TERMS / 1024; i++) addSums(sum, 0, block, 0)
    // MOST_TERMS * (2^49 - 1) is a double.
    expect(sumAt(sum, 0)).toBe(MOST_TERMS * most)
    // And still exact: all but one of them are taken away again.
    for (let i = 0; i < MOST_TERMS / 1024; i++) addSums(sum, 0, block, 0, 1, -1)
    expect(sumAt(sum, 0)).toBe(0)
  })

  it('of nothing are 0, and of -0 too', () => {
    expect(Object.is(sumAt(sumOfTerms([]), 0), 0)).toBe(true)
    expect(Object.is(sumAt(sumOfTerms([-0]), 0), 0)).toBe(true)
  })
})

/** A double as a multiple of 2^-200; those here have no bits below. */
function scaled(x: number): bigint {
  let exponent = 0
  let mantissa = x
  while (!Number.isInteger(mantissa)) {
    mantissa *= 2
    exponent++
  }
  return BigInt(mantissa) << BigInt(200 - exponent)
}
