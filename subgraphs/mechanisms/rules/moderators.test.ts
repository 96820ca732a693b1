// What moderators do to an effect.
import { describe, expect, it } from 'vitest'
import { applyModerators } from './moderators.ts'

describe('applyModerators', () => {
  it('applies additive and multiplicative moderators in their order: ((0.35 + 0.08 + 0.12) 0.95) + 0.09 = 0.6125', () => {
    const moderated = applyModerators(0.35, [
      { mode: 'ADD', value: 0.08 },
      { mode: 'ADD', value: 0.12 },
      { mode: 'MULTIPLY', value: 0.95 },
      { mode: 'ADD', value: 0.09 },
    ])
    expect(moderated).toBeCloseTo(0.6125, 14)
  })

  it('leaves an effect alone without moderators', () => {
    expect(applyModerators(0.3, [])).toBe(0.3)
  })

  it('passes over moderators that say only a direction', () => {
    expect(
      applyModerators(0.3, [
        { mode: null, value: null },
        { mode: null, value: 2 },
      ]),
    ).toBe(0.3)
  })
})
