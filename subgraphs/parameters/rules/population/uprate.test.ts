// Data sets carried to other years: factors, growth, indices, and what cannot be.
import { describe, expect, it } from 'vitest'
import { requireRuleSet } from '../rule-set/shipped.ts'
import { dataShape } from './data-shape.ts'
import { resolveUprating, type UpratingText, uprateColumn, upratedVersion } from './uprate.ts'

const shape = dataShape(requireRuleSet('us-federal', 'id'))
const names = new Set(['wages[head]', 'wages[spouse]', 'interest', 'weight', 'filing status', 'age[head]'])
const index = (id: string, year: number) => (id === 'cpi' ? 100 + 10 * (year - 2024) : 0)
const resolve = (texts: UpratingText[], to = 2026, from = 2024) =>
  resolveUprating(shape, names, { from, to }, texts, index)

describe('resolveUprating', () => {
  it('gives a factor to each column that is there, by name, element or unit', () => {
    expect(resolve([{ unit: 'USD', growth: 0.1 }])).toEqual(
      ['interest', 'wages[head]', 'wages[spouse]'].map((column) => ({ column, factor: expect.closeTo(1.21, 12) })),
    )
    expect(resolve([{ columns: ['wages'], factor: 2 }]).map(({ column }) => column)).toEqual([
      'wages[head]',
      'wages[spouse]',
    ])
    expect(resolve([{ columns: ['wages_spouse', 'Weight'], factor: 2 }]).map(({ column }) => column)).toEqual([
      'wages[spouse]',
      'weight',
    ])
  })

  it('counts growth and indices from the year given, and backwards too', () => {
    expect(resolve([{ columns: ['interest'], parameter: 'cpi' }])).toEqual([{ column: 'interest', factor: 1.2 }])
    expect(resolve([{ columns: ['interest'], parameter: 'cpi', fromYear: 2025 }])).toEqual([
      { column: 'interest', factor: 120 / 110 },
    ])
    expect(resolve([{ columns: ['interest'], growth: 1, fromYear: 2023 }])).toEqual([{ column: 'interest', factor: 8 }])
    expect(resolve([{ columns: ['interest'], growth: 1 }], 2022)).toEqual([{ column: 'interest', factor: 0.25 }])
  })

  it('lets the later of two entries count, and leaves out what does not change', () => {
    const texts = [
      { unit: 'USD', growth: 0.03 },
      { columns: ['interest'], factor: 1 },
    ]
    expect(resolve(texts).map(({ column }) => column)).toEqual(['wages[head]', 'wages[spouse]'])
    expect(resolve([{ unit: 'USD', growth: 0.03 }], 2024)).toEqual([])
    expect(resolve([])).toEqual([])
  })

  it.each<[string, UpratingText, string]>([
    ['neither columns nor unit', { factor: 2 }, 'by.0'],
    ['both columns and unit', { columns: ['interest'], unit: 'USD', factor: 2 }, 'by.0'],
    ['no way of growing', { unit: 'USD' }, 'by.0'],
    ['two ways of growing', { unit: 'USD', factor: 2, growth: 0.1 }, 'by.0'],
    ['a factor of 0', { unit: 'USD', factor: 0 }, 'by.0.factor'],
    ['growth to nothing', { unit: 'USD', growth: -1 }, 'by.0.growth'],
    ['an unknown unit', { unit: 'EUR', factor: 2 }, 'by.0.unit'],
    ['an unknown column', { columns: ['intrest'], factor: 2 }, 'by.0.columns.0'],
    ['a code', { columns: ['filing status'], factor: 2 }, 'by.0.columns.0'],
    ['an index that is 0', { unit: 'USD', parameter: 'none' }, 'by.0.parameter'],
    ['a year that is none', { unit: 'USD', growth: 0.1, fromYear: 20 }, 'by.0.fromYear'],
  ])('refuses %s', (_, text, path) => {
    expect(() => resolve([text])).toThrow(
      expect.objectContaining({ code: 'BAD_INPUT', detail: expect.objectContaining({ path }) }),
    )
  })

  it('refuses to carry data to a year that is none', () => {
    expect(() => resolve([], 3000)).toThrow(
      expect.objectContaining({ detail: expect.objectContaining({ path: 'year' }) }),
    )
  })
})

describe('what is carried', () => {
  it('is each value times the factor, without negative zeros', () => {
    expect(uprateColumn(Float64Array.of(1, -2, 0, -0), 1.5)).toEqual(Float64Array.of(1.5, -3, 0, 0))
  })

  it('has a version by what it comes from, the year and the factors', () => {
    const factors = [{ column: 'interest', factor: 2 }]
    const version = upratedVersion('a', 2026, factors)
    expect(upratedVersion('a', 2026, [{ column: 'interest', factor: 2 }])).toBe(version)
    expect(
      new Set([
        version,
        upratedVersion('b', 2026, factors),
        upratedVersion('a', 2027, factors),
        upratedVersion('a', 2026, [{ column: 'interest', factor: 3 }]),
      ]).size,
    ).toBe(4)
  })
})
