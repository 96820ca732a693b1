import { describe, expect, it } from 'vitest'
import { QuesnayError } from '../../../schema/errors.ts'
import type { CreateScenarioInput } from '../types/scenario.ts'
import { checkScenario, shocksOf, stepsOf } from './check-scenario.ts'

const good: CreateScenarioInput = {
  id: 'higher-unemployment',
  title: 'Higher unemployment',
  bankId: 'us-health@1',
  year: 2025,
  horizonYears: 10,
  draws: 1000,
  seed: '1',
  stepsPerYear: 12,
  savesPerYear: 4,
  shocks: [{ variable: 'unemployment_rate', mode: 'ADD', value: 2, from: 0 }],
}

/** Code and path of the error that a changed input throws. */
function faultOf(change: Partial<CreateScenarioInput>): string {
  try {
    checkScenario({ ...good, ...change })
  } catch (error) {
    if (error instanceof QuesnayError) return `${error.code} ${String(error.detail['path'])}`
    throw error
  }
  return 'accepted'
}

describe('checkScenario', () => {
  it('accepts a complete scenario without findings', () => {
    expect(checkScenario(good)).toEqual([])
  })

  it.each<[string, Partial<CreateScenarioInput>, string]>([
    ['a negative horizon', { horizonYears: -1 }, 'BAD_INPUT input.horizonYears'],
    ['a horizon of zero', { horizonYears: 0 }, 'BAD_INPUT input.horizonYears'],
    ['a horizon that is NaN', { horizonYears: Number.NaN }, 'BAD_INPUT input.horizonYears'],
    ['a horizon beyond a century', { horizonYears: 101 }, 'LIMIT_EXCEEDED input.horizonYears'],
    ['a horizon that is no whole number of steps', { horizonYears: 0.3 }, 'BAD_INPUT input.horizonYears'],
    ['zero draws', { draws: 0 }, 'BAD_INPUT input.draws'],
    ['half a draw', { draws: 1.5 }, 'BAD_INPUT input.draws'],
    ['a million draws', { draws: 1_000_000 }, 'LIMIT_EXCEEDED input.draws'],
    ['saves that do not divide the steps', { savesPerYear: 5 }, 'BAD_INPUT input.savesPerYear'],
    ['a seed that is no number', { seed: 'abc' }, 'BAD_INPUT input.seed'],
    ['a seed beyond 64 bits', { seed: '18446744073709551616' }, 'BAD_INPUT input.seed'],
    ['an id with spaces', { id: 'Higher Unemployment' }, 'BAD_INPUT input.id'],
    ['a description as long as a book', { description: 'x'.repeat(10_001) }, 'LIMIT_EXCEEDED input.description'],
    ['an empty title', { title: '  ' }, 'BAD_INPUT input.title'],
    ['a year long gone', { year: 12 }, 'BAD_INPUT input.year'],
  ])('refuses %s', (_, change, fault) => {
    expect(faultOf(change)).toBe(fault)
  })

  it('accepts a horizon that is a whole number of steps in decimals, if not in floating point', () => {
    expect(0.29 * 100).not.toBe(29)
    expect(faultOf({ horizonYears: 0.29, stepsPerYear: 100, savesPerYear: 100 })).toBe('accepted')
    expect(stepsOf(0.29, 100)).toBe(29)
    expect([stepsOf(0.295, 100), stepsOf(1e-12, 12)]).toEqual([undefined, undefined])
  })

  it.each([
    ['an infinite value', { value: Number.POSITIVE_INFINITY }, 'shocks.0.value'],
    ['a start before the scenario', { from: -1 }, 'shocks.0.from'],
    ['an end before its start', { from: 2, to: 1 }, 'shocks.0.to'],
    ['a start after the horizon', { from: 10 }, 'shocks.0.from'],
  ])('refuses a shock with %s', (_, change, path) => {
    expect(faultOf({ shocks: [{ ...good.shocks[0]!, ...change }] })).toBe(`BAD_INPUT input.${path}`)
  })

  it('takes the greatest seed of 64 bits', () => {
    expect(faultOf({ seed: '18446744073709551615' })).toBe('accepted')
  })

  it('says when nothing is changed, nothing is simulated, or a reform moves no economy', () => {
    const { bankId: _, ...withoutBank } = good
    const codes = checkScenario({ ...withoutBank, shocks: [], reformId: 'r' }).map((finding) => finding.code)
    expect(codes).toEqual(['NO_BANK', 'NO_ECONOMY'])
    expect(checkScenario({ ...good, shocks: [] }).map((finding) => finding.code)).toEqual(['NO_CHANGE'])
    expect(checkScenario({ ...good, draws: 1 }).map((finding) => finding.code)).toEqual(['ONE_DRAW'])
  })
})

it('lets a shock without an end last to the horizon', () => {
  expect(shocksOf(good)).toEqual([{ variable: 'unemployment_rate', mode: 'ADD', value: 2, from: 0, to: 10 }])
})
