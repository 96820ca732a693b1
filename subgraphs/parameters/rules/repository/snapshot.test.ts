import { describe, expect, it } from 'vitest'
import type { ReformChange } from '../overlay.ts'
import { canonicalChanges, reformHashOf, snapshotOf, withdraw } from './snapshot.ts'

const change = (parameter: string, from: string, to: string | null, ...values: (number | null)[]): ReformChange => ({
  parameter,
  from,
  to,
  values,
})

describe('canonicalChanges', () => {
  it('lets the later of two changes hold, and cuts the earlier at its days', () => {
    expect(canonicalChanges([change('a', '2025-01-01', null, 1), change('a', '2026-01-01', '2026-12-31', 2)])).toEqual([
      change('a', '2025-01-01', '2025-12-31', 1),
      change('a', '2026-01-01', '2026-12-31', 2),
      change('a', '2027-01-01', null, 1),
    ])
  })

  it('joins what is set in pieces, cell by cell and span by span', () => {
    const pieces = [
      change('a', '2025-01-01', '2025-12-31', 1, null),
      change('a', '2026-01-01', null, 1, null),
      change('a', '2025-01-01', null, null, 2),
    ]
    expect(canonicalChanges(pieces)).toEqual([change('a', '2025-01-01', null, 1, 2)])
  })

  it('leaves out what sets nothing, and orders by parameter', () => {
    const changes = [
      change('b', '2025-01-01', null, 1),
      change('a', '2025-01-01', null, 2),
      change('c', '2025-01-01', null, null),
    ]
    expect(canonicalChanges(changes).map(({ parameter }) => parameter)).toEqual(['a', 'b'])
  })

  it('takes the last day that can be written for no end', () => {
    expect(canonicalChanges([change('a', '2025-01-01', '9999-12-31', 1)])).toEqual([change('a', '2025-01-01', null, 1)])
  })

  it('changes nothing the second time', () => {
    const once = canonicalChanges([
      change('a', '2025-01-01', '2030-12-31', 1, null),
      change('a', '2026-05-01', null, 3, 2),
    ])
    expect(canonicalChanges(once)).toEqual(once)
  })
})

describe('the address of a snapshot', () => {
  const hash = (...changes: ReformChange[]) => reformHashOf('us-federal', snapshotOf(changes))

  it('is one for changes that come to the same, and another for others', () => {
    const whole = hash(change('a', '2025-01-01', null, 1))
    expect(hash(change('a', '2026-01-01', null, 1), change('a', '2025-01-01', '2025-12-31', 1))).toBe(whole)
    expect(hash(change('a', '2025-01-02', null, 1))).not.toBe(whole)
    expect(reformHashOf('uk', snapshotOf([change('a', '2025-01-01', null, 1)]))).not.toBe(whole)
  })

  it('counts formulas, the last of each variable, whatever the case and the blanks of its name', () => {
    const formula = (variable: string, text: string) => ({ ruleSet: 'us-federal', variable, formula: text })
    const of = (...formulas: ReturnType<typeof formula>[]) => reformHashOf('us-federal', snapshotOf([], formulas))
    expect(of(formula('net tax', '1'))).not.toBe(of())
    expect(of(formula('Net Tax', '1'), formula('net_tax', '2'))).toBe(of(formula('net_tax', ' 2 ')))
  })
})

describe('withdraw', () => {
  const changes = [change('a', '2025-01-01', null, 1), change('b', '2025-01-01', null, 2)]

  it('gives a parameter back to the law', () => {
    expect(withdraw(changes, { parameter: 'a', from: '0000-01-01', to: null })).toEqual([changes[1]])
  })

  it('gives some days back and keeps the others', () => {
    expect(withdraw(changes, { parameter: 'a', from: '2026-01-01', to: '2026-12-31' })).toEqual([
      change('a', '2025-01-01', '2025-12-31', 1),
      change('a', '2027-01-01', null, 1),
      changes[1],
    ])
  })
})
