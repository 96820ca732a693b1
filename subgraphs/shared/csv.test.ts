// Reading of CSV texts for imports: every fault has its line.
import { describe, expect, it } from 'vitest'
import { listed, MAX_FAULTS, MAX_ROWS, readCsv, readNumber } from './csv.ts'

const codes = (text: string, required = ['a', 'b']) =>
  readCsv(text, { required, optional: ['c'] }).findings.map((f) => `${f.code} ${f.path}`)

describe('readCsv', () => {
  it('gives rows by column name with their lines, past a byte order mark and blank lines', () => {
    const table = readCsv('\ufeffa,b\n1,2\n\n 3 ,"4,5"\n', { required: ['a', 'b'] })
    expect(table.findings).toEqual([])
    expect(table.rows).toEqual([
      { line: 2, fields: { a: '1', b: '2' } },
      { line: 4, fields: { a: '3', b: '4,5' } },
    ])
  })

  it('says that an empty text has no header', () => {
    expect(codes('')).toEqual(['CSV_EMPTY csv:1'])
    expect(codes('\n\n')).toEqual(['CSV_EMPTY csv:1'])
  })

  it('names missing, doubled and unknown columns', () => {
    expect(codes('a,a,z\n')).toEqual([
      'CSV_COLUMN_MISSING csv:1:b',
      'CSV_COLUMN_TWICE csv:1:a',
      'CSV_COLUMN_UNKNOWN csv:1:z',
    ])
  })

  it('names each row with too few or too many fields, and keeps the others', () => {
    expect(codes('a,b\n1\n1,2\n1,2,3\n')).toEqual(['CSV_FIELDS csv:2', 'CSV_FIELDS csv:4'])
  })

  it('refuses a text of more rows or columns than can be read, without reading it', () => {
    expect(codes(`a,b\n${'1\n'.repeat(MAX_ROWS + 1)}`)).toEqual(['TOO_LARGE csv:1'])
    expect(codes(Array.from({ length: 1_001 }, (_, i) => `c${i}`).join(','))).toEqual(['TOO_LARGE csv:1'])
  })

  it('lists a hundred thousand faults and counts the others', () => {
    const table = readCsv(`a,b\n${'1\n'.repeat(MAX_FAULTS + 5)}`, { required: ['a', 'b'] })
    expect(listed(table.findings).length).toBe(MAX_FAULTS + 1)
    expect(listed(table.findings).at(-1)).toMatchObject({
      code: 'MORE_FAULTS',
      message: expect.stringMatching(/^5 more/),
    })
    expect(listed(table.findings.slice(0, 3))).toHaveLength(3)
  })

  it('names a quote that never closes and still finds the faults after it', () => {
    expect(codes('a,b\n"1,2\n3\n')).toContain('CSV_FIELDS csv:3')
    expect(codes('a,b\n"1,2\n3\n')[0]).toMatch(/^CSV_UNREADABLE/)
  })
})

describe('readNumber', () => {
  it('reads decimal numbers', () => {
    expect(['1', '-2.5', '+.5', '3.', '1e-3'].map(readNumber)).toEqual([1, -2.5, 0.5, 3, 0.001])
  })

  it('refuses what is not a finite decimal number', () => {
    for (const text of ['', 'NaN', 'Infinity', '1e999', '0x10', '1,000', '12abc', '--1'])
      expect(readNumber(text), text).toBeUndefined()
  })
})
