import { describe, expect, it } from 'vitest'
import { KNOWN_ENUMS, membersOf, readBreakdown } from './breakdown.ts'

describe('membersOf', () => {
  it.each([
    ['range(1,4)', ['1', '2', '3']],
    ['range(3)', ['0', '1', '2']],
    ['range(10, 0, -4)', ['10', '6', '2']],
    ['list(range(1, 3))', ['1', '2']],
    ["['A', 'B']", ['A', 'B']],
    ['["A",2]', ['A', '2']],
    ['range(4, 1)', []],
  ])('reads %s', (level, members) => {
    expect(membersOf(level, {}, [])).toEqual(members)
  })

  it('knows the filing statuses and the states, and what it is given', () => {
    expect(membersOf('filing_status', KNOWN_ENUMS, [])).toEqual([
      'SINGLE',
      'JOINT',
      'SEPARATE',
      'HEAD_OF_HOUSEHOLD',
      'SURVIVING_SPOUSE',
    ])
    expect(membersOf('state_code', KNOWN_ENUMS, [])).toHaveLength(59)
    expect(membersOf('region', { region: ['N', 'S'] }, [])).toEqual(['N', 'S'])
  })

  it('takes an unknown variable for yes or no where its children are', () => {
    expect(membersOf('is_blind', {}, ['true'])).toEqual(['true', 'false'])
    expect(membersOf('is_blind', {}, ['True', 'False'])).toEqual(['True', 'False'])
    expect(membersOf('is_blind', {}, ['A'])).toBeUndefined()
    expect(membersOf('is_blind', {}, [])).toBeUndefined()
  })

  it('does not count to a billion, nor by steps of 0', () => {
    expect(membersOf('range(0, 999999999)', {}, [])).toBeUndefined()
    expect(membersOf('range(1, 5, 0)', {}, [])).toEqual([])
  })
})

describe('readBreakdown', () => {
  it('gives one text for each level', () => {
    expect(readBreakdown('filing_status')).toEqual(['filing_status'])
    expect(readBreakdown(['filing_status', ['A', 'B']])).toEqual(['filing_status', '["A","B"]'])
    expect(readBreakdown(5)).toBeUndefined()
  })
})
