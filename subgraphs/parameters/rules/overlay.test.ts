import { describe, expect, it } from 'vitest'
import { type ReformChange, reformedOn } from './overlay.ts'

const law = new Map([
  ['a', [1]],
  ['b', [10, 20]],
])
const change = (parameter: string, from: string, to: string | null, values: (number | null)[]): ReformChange => ({
  parameter,
  from,
  to,
  values,
})

describe('reformedOn', () => {
  it('changes a parameter on the days of the change alone, both ends included', () => {
    const changes = [change('a', '2025-01-01', '2025-12-31', [2])]
    const on = (date: string) => reformedOn(law, changes, date).get('a')
    expect([on('2024-12-31'), on('2025-01-01'), on('2025-12-31'), on('2026-01-01')]).toEqual([[1], [2], [2], [1]])
  })

  it('leaves the cells that a change leaves', () => {
    expect(reformedOn(law, [change('b', '2025-01-01', null, [null, 25])], '2030-01-01').get('b')).toEqual([10, 25])
  })

  it('lets the later of two changes hold', () => {
    const changes = [change('a', '2025-01-01', null, [2]), change('a', '2025-01-01', null, [3])]
    expect(reformedOn(law, changes, '2025-06-01').get('a')).toEqual([3])
  })

  it('takes 0 for a value, not for an absent one', () => {
    expect(reformedOn(law, [change('a', '2025-01-01', null, [0])], '2025-06-01').get('a')).toEqual([0])
  })

  it('does not touch the law it is laid over', () => {
    reformedOn(law, [change('b', '2025-01-01', null, [5, 5])], '2025-06-01')
    expect(law.get('b')).toEqual([10, 20])
  })
})
