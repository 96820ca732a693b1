import { describe, expect, it } from 'vitest'
import { excerpt } from './excerpt.ts'

const text = 'one\r\n\ttwo = thre\rfour\nfive'

describe('excerpt', () => {
  it('shows the line with a caret under the column, whatever ends the lines', () => {
    expect(excerpt(text, 2, 8)).toBe('  2 |  two = thre\n    |        ^')
    expect(excerpt(text, 3, 1)).toBe('  3 | four\n    | ^')
    expect(excerpt(text, 4, 5)).toBe('  4 | five\n    |     ^')
  })

  it('shows the line alone where the column is not known', () => {
    expect(excerpt(text, 1)).toBe('  1 | one')
  })

  it('is empty beyond the end of the text', () => {
    expect(excerpt(text, 5, 1)).toBe('')
  })

  it('cuts a long line around the place, which the caret still points at', () => {
    const [line = '', caret = ''] = excerpt(`${'a'.repeat(300)}X${'b'.repeat(300)}`, 1, 301).split('\n')
    expect(line.length).toBeLessThan(110)
    expect(line[caret.indexOf('^')]).toBe('X')
  })
})
