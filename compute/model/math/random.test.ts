// Random numbers: known answers of Philox and of the normal distribution.
import { describe, expect, it } from 'vitest'
import { normalProbability, normalQuantile } from './normal.ts'
import { philox4x32, uniform, type Words4 } from './philox.ts'

const hex = (words: Words4) => words.map((word) => word.toString(16).padStart(8, '0')).join(' ')

describe('Philox4x32-10', () => {
  it('gives the three known answers of its authors', () => {
    expect(hex(philox4x32([0, 0, 0, 0], [0, 0]))).toBe('6627e8d5 e169c58d bc57ac4c 9b00dbd8')
    const f = 0xffffffff
    expect(hex(philox4x32([f, f, f, f], [f, f]))).toBe('408f276d 41c83b0e a20bc7c6 6d5451fd')
    const counter: Words4 = [0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344]
    expect(hex(philox4x32(counter, [0xa4093822, 0x299f31d0]))).toBe('d16cfe09 94fdcceb 5001e420 24126ea1')
  })

  it('gives uniform numbers that lie strictly between 0 and 1 and fill the interval evenly', () => {
    const bins = new Array<number>(10).fill(0)
    for (let draw = 0; draw < 10_000; draw++) {
      const u = uniform(draw, 7, [1, 2])
      expect(u > 0 && u < 1).toBe(true)
      bins[Math.floor(u * 10)]! += 1
    }
    // Standard deviation of a bin is 30.
    for (const count of bins) expect(Math.abs(count - 1000)).toBeLessThan(150)
  })

  it('takes the first word as the low half: the first 52 bits of the block, plus a half', () => {
    expect(uniform(0, 0, [0, 0])).toBe((Number(0xe169c58d6627e8d5n >> 12n) + 0.5) / 2 ** 52)
  })
})

describe('the normal distribution', () => {
  it('has the quantiles that AS 241 publishes', () => {
    expect(normalQuantile(0.25)).toBeCloseTo(-0.6744897501960817, 15)
    expect(normalQuantile(0.001)).toBeCloseTo(-3.090232306167814, 14)
    expect(normalQuantile(1e-20)).toBeCloseTo(-9.262340089798408, 13)
  })

  it('has quantiles symmetric about one half, and NaN outside (0, 1)', () => {
    for (const p of [0.5, 0.4, 0.075, 0.01]) expect(normalQuantile(1 - p)).toBeCloseTo(-normalQuantile(p), 12)
    expect([normalQuantile(0), normalQuantile(1), normalQuantile(0.5)]).toEqual([NaN, NaN, 0])
    expect([normalQuantile(-0.1), normalQuantile(1.1), normalQuantile(NaN)]).toEqual([NaN, NaN, NaN])
  })

  // Python 3: 0.5 * math.erfc(-x / math.sqrt(2)).
  it.each([
    [-37, 5.725571222525139e-300],
    [-20, 2.7536241186063314e-89],
    [-10, 7.619853024160593e-24],
    [-6, 9.865876450377012e-10],
    [-2, 0.02275013194817922],
    [-0.5, 0.3085375387259869],
    [0.3, 0.6179114221889526],
    [3, 0.9986501019683699],
  ])('has at %f the probability %f', (x, probability) => {
    expect(Math.abs(normalProbability(x) / probability - 1)).toBeLessThan(1e-13)
  })

  it('has the probabilities 0 and 1 far out', () => {
    expect([normalProbability(-40), normalProbability(40), normalProbability(-Infinity)]).toEqual([0, 1, 0])
    expect(normalProbability(NaN)).toBeNaN()
  })

  it('turns a quantile back into its probability', () => {
    for (const p of [1e-10, 0.001, 0.2, 0.5, 0.9]) expect(normalProbability(normalQuantile(p)) / p).toBeCloseTo(1, 12)
  })
})
