import { describe, expect, it } from 'vitest'
import { nearbyId } from './nearby-ids.ts'

const MANY = Array.from({ length: 40_000 }, (_, i) => `gov.states.s${i % 50}.credits.amount_${i}`).sort()

describe('nearbyId', () => {
  it('finds the id most like one that is misspelt', () => {
    expect(nearbyId('us.income.rte', ['us.income.rate', 'us.income.top'])).toBe('us.income.rate')
    expect(nearbyId('something else', ['us.income.rate'])).toBeUndefined()
  })

  it('looks among many only where the path of the id leads', () => {
    expect(nearbyId('gov.states.s7.credits.amount_70', MANY)).toMatch(/^gov\.states\.s7\.credits\.amount_\d*7\d*$/)
    expect(nearbyId('gov.states.s7.crdits.amount_57', MANY)).toMatch(/^gov\.states\.s7\.credits\./)
    expect(nearbyId('nowhere', MANY)).toBeUndefined()
  })

  it('takes an id of any length', () => {
    expect(nearbyId('x'.repeat(1_000_000), MANY)).toBeUndefined()
  })
})
