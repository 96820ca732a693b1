// An expression over known values comes to what the plan gives.
import { expect, it } from 'vitest'
import { bracket, call, type Term } from '../build.ts'
import { knownValue } from './known-value.ts'

const tables = { rates: { xs: [0, 10], ys: [0.1, 0.5] } }
const known: Record<string, number> = { x: 14, y: 0 }
const value = (term: Exclude<Term, number | string>) => knownValue(term, tables, (name) => known[name]!)

it('computes functions, choices and tables', () => {
  expect(value(call('add', 'x', call('mul', 'x', 2)))).toBe(42)
  expect(value(call('select', call('lt', 'x', 10), 1, call('threshold', 0.5, 'x', 10)))).toBe(2)
  expect(value(bracket('rates', call('sub', 'x', 0)))).toBe(3)
})

it('gives NaN for what is not finite', () => {
  expect(value(call('div', 'x', 'y'))).toBeNaN()
})
