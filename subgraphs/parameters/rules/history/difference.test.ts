import { describe, expect, it } from 'vitest'
import type { ReformChange } from '../overlay.ts'
import type { DatedValue, Parameter } from '../tree.ts'
import { differencesOn, differencesOver, type LawView } from './difference.ts'

const value = (from: string, known: string, ...values: number[]): DatedValue => ({ from, known, values })

function parameter(id: string, ...values: DatedValue[]): Parameter {
  const source = { name: 'test', licence: 'CC0-1.0', retrieved: '2026-11-01' }
  return {
    id,
    label: id,
    kind: 'NUMBER',
    unit: 'USD',
    period: null,
    by: 'NONE',
    references: [],
    source,
    origin: null,
    expected: [0, 1],
    values,
  }
}

const law = (parameters: Parameter[], view: Partial<LawView> = {}): LawView => ({ parameters, changes: [], ...view })
const change = (id: string, from: string, to: string | null, ...values: (number | null)[]): ReformChange => ({
  parameter: id,
  from,
  to,
  values,
})

const DEDUCTION = parameter(
  'deduction',
  value('2024-01-01', '2023-11-01', 100, 200),
  value('2025-01-01', '2024-11-01', 110, 220),
  value('2025-01-01', '2025-07-04', 150, 220),
)
const RATE = parameter('rate', value('2024-01-01', '2024-01-01', 0.1))

describe('differencesOn', () => {
  it('compares two days of one law', () => {
    const all = law([DEDUCTION, RATE])
    expect(differencesOn(all, all, '2024-06-01', '2025-06-01')).toEqual([
      {
        id: 'deduction',
        kind: 'CHANGED',
        cells: [0, 1],
        before: { values: [100, 200] },
        after: { values: [150, 220] },
        from: null,
        to: null,
      },
    ])
  })

  it('compares a day as known on two days, and names the cells that differ', () => {
    const [spring, now] = [law([DEDUCTION], { knownAt: '2025-04-15' }), law([DEDUCTION])]
    expect(differencesOn(spring, now, '2025-06-01', '2025-06-01')).toMatchObject([
      { kind: 'CHANGED', cells: [0], before: { values: [110, 220] }, after: { values: [150, 220] } },
    ])
  })

  it('compares a reform and the law', () => {
    const reformed = law([DEDUCTION, RATE], { changes: [change('rate', '2025-01-01', null, 0.2)] })
    expect(differencesOn(law([DEDUCTION, RATE]), reformed, '2025-06-01', '2025-06-01')).toMatchObject([
      { id: 'rate', before: { values: [0.1] }, after: { values: [0.2] } },
    ])
    expect(differencesOn(law([RATE]), reformed, '2024-06-01', '2024-06-01')).toMatchObject([
      { id: 'deduction', kind: 'ADDED' },
    ])
  })

  it('compares two trees: what one lacks is added or removed, also where it has ceased', () => {
    const ceased = parameter('rate', { from: '2024-01-01', known: '2024-01-01', values: [], ceased: true })
    expect(differencesOn(law([DEDUCTION, RATE]), law([ceased]), '2025-01-01', '2025-01-01')).toMatchObject([
      { id: 'deduction', kind: 'REMOVED', cells: [0, 1], after: null },
      { id: 'rate', kind: 'REMOVED', cells: [0], after: null },
    ])
    expect(differencesOn(law([ceased]), law([RATE]), '2025-01-01', '2025-01-01')).toMatchObject([
      { id: 'rate', kind: 'ADDED', before: null },
    ])
  })

  it('compares texts and lists', () => {
    const text = (content: string[]) => parameter('states', { ...value('2024-01-01', '2024-01-01'), content })
    const [one, other] = [law([text(['CA'])]), law([text(['CA', 'NY'])])]
    expect(differencesOn(one, one, '2025-01-01', '2025-01-01')).toEqual([])
    expect(differencesOn(one, other, '2025-01-01', '2025-01-01')).toMatchObject([
      { kind: 'CHANGED', cells: [], before: { content: ['CA'] }, after: { content: ['CA', 'NY'] } },
    ])
  })
})

describe('differencesOver', () => {
  it('names each span of days on which the laws differ in the same way', () => {
    const reformed = law([DEDUCTION], { changes: [change('deduction', '2024-07-01', '2025-06-30', null, 500)] })
    const spans = differencesOver(law([DEDUCTION]), reformed).map(({ from, to, before, after, cells }) => [
      from,
      to,
      before?.values,
      after?.values,
      cells,
    ])
    expect(spans).toEqual([
      ['2024-07-01', '2024-12-31', [100, 200], [100, 500], [1]],
      ['2025-01-01', '2025-06-30', [150, 220], [150, 500], [1]],
    ])
  })

  it('has no end where the difference has none', () => {
    const reformed = law([RATE], { changes: [change('rate', '2025-01-01', '9999-12-31', 0.2)] })
    expect(differencesOver(law([RATE]), reformed)).toMatchObject([{ from: '2025-01-01', to: null }])
  })

  it('is empty for equal laws, and for a change to what the law is', () => {
    expect(differencesOver(law([DEDUCTION]), law([DEDUCTION]))).toEqual([])
    const same = law([RATE], { changes: [change('rate', '2025-01-01', null, 0.1)] })
    expect(differencesOver(law([RATE]), same)).toEqual([])
  })

  it('begins where the one law begins earlier', () => {
    const longer = parameter('rate', value('2020-01-01', '2020-01-01', 0.1))
    expect(differencesOver(law([RATE]), law([longer]))).toMatchObject([
      { kind: 'ADDED', from: '2020-01-01', to: '2023-12-31' },
    ])
  })
})
