import { describe, expect, it } from 'vitest'
import type { EnsembleResult } from '../../../compute/dispatch/port.ts'
import { PROBABILITIES, probabilitiesOf, selectResults } from './run-results.ts'

/** Two variables at four times; every statistic tells which it is: output * 10 + time + its own hundred. */
const result: EnsembleResult = {
  kind: 'ENSEMBLE',
  outputs: [
    { name: 'income', unit: 'USD' },
    { name: 'health', unit: 'index' },
  ],
  times: [0, 1, 2, 3],
  probabilities: PROBABILITIES,
  mean: cells(0),
  sd: cells(100),
  quantiles: PROBABILITIES.map((_, i) => cells(200 + 100 * i)),
}

function cells(base: number): Float64Array {
  return Float64Array.from([0, 1, 2, 3, 10, 11, 12, 13], (cell) => base + cell)
}

const ONE = { draws: 1, timeUnit: 'year' }

describe('selectResults', () => {
  it('gives every variable and time where nothing is selected', () => {
    const { times, columns, draws } = selectResults(result, {}, { draws: 500, timeUnit: 'year' })
    expect({ times, draws, names: columns.map((c) => c.variable) }).toEqual({
      times: [0, 1, 2, 3],
      draws: 500,
      names: ['income', 'health'],
    })
    expect(columns[1]).toMatchObject({ unit: 'index', mean: [10, 11, 12, 13], sd: [110, 111, 112, 113] })
  })

  it('puts each quantile under its own name', () => {
    const [column] = selectResults(result, { variables: ['income'], to: 0 }, ONE).columns
    const { p025, p05, p25, p50, p75, p95, p975 } = column!
    expect([p025, p05, p25, p50, p75, p95, p975].flat()).toEqual([200, 300, 400, 500, 600, 700, 800])
  })

  it('gives the value itself for every quantile of one draw, which is merged without any', () => {
    const one = { ...result, probabilities: probabilitiesOf(1), quantiles: [], sd: cells(0).fill(0) }
    const [column] = selectResults(one, { variables: ['health'] }, ONE).columns
    const values = [10, 11, 12, 13]
    expect(column).toMatchObject({ mean: values, p025: values, p50: values, p975: values, sd: [0, 0, 0, 0] })
  })

  it('finds a variable however it is written, and the elements of an array by its name', () => {
    const arrays = {
      ...result,
      outputs: [
        { name: 'Sick People[Young, Urban]', unit: 'person' },
        { name: 'Sick People[Old, Urban]', unit: 'person' },
      ],
    }
    const names = (variable: string) =>
      selectResults(arrays, { variables: [variable] }, ONE).columns.map((column) => column.variable)
    expect(names('sick_people[old, urban]')).toEqual(['Sick People[Old, Urban]'])
    expect(names('sick people[OLD,urban]')).toEqual(['Sick People[Old, Urban]'])
    expect(names('SICK PEOPLE')).toEqual(['Sick People[Young, Urban]', 'Sick People[Old, Urban]'])
  })

  it('keeps the order of the variables asked for, and every n-th time of the range', () => {
    const selected = selectResults(result, { variables: ['health', 'income'], from: 1, every: 2 }, ONE)
    expect(selected.times).toEqual([1, 3])
    expect(selected.columns.map((c) => c.mean)).toEqual([
      [11, 13],
      [1, 3],
    ])
  })

  it.each([
    ['an unknown variable', { variables: ['helth'] }, 'variables'],
    ['an empty range', { from: 4 }, 'from'],
    ['an every of zero', { every: 0 }, 'every'],
  ])('refuses %s, naming the argument', (_, selection, path) => {
    expect(() => selectResults(result, selection, ONE)).toThrowError(
      expect.objectContaining({ code: 'BAD_INPUT', detail: expect.objectContaining({ path }) }),
    )
  })
})
