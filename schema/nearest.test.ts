import { expect, it } from 'vitest'
import { nearest } from './nearest.ts'

it('finds a name with a letter missing, and forgives case', () => {
  expect(nearest('Unemploymnt_rate', ['income', 'unemployment_rate'])).toBe('unemployment_rate')
})

it('is silent where nothing is alike, and for an empty list', () => {
  expect(nearest('qqqqqqqq', ['income', 'health'])).toBeUndefined()
  expect(nearest('income', [])).toBeUndefined()
})
