import { expect, it } from 'vitest'
import { personsOfHouseholds } from './persons-of-households.ts'

it('gives each unit the persons of all units of its household', () => {
  const numbers = Float64Array.of(3, 3, 7, 9, 9, 9)
  expect([...personsOfHouseholds(numbers, Float64Array.of(2, 1, 4, 1, 0, 1))]).toEqual([3, 3, 4, 2, 2, 2])
})

it('is empty for nobody', () => {
  expect([...personsOfHouseholds(new Float64Array(), new Float64Array())]).toEqual([])
})
