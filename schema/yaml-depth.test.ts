import { describe, expect, it } from 'vitest'
import { nestsTooDeeply } from './yaml-depth.ts'

/** Far more than the stack bears. */
const MANY = 100_000
const indented = (levels: number) => Array.from({ length: levels }, (_, i) => `${' '.repeat(i)}a:`).join('\n')

describe('nestsTooDeeply', () => {
  it.each([
    ['lists', '['.repeat(MANY)],
    ['lists that end', '['.repeat(MANY) + ']'.repeat(MANY)],
    ['maps', '{a: '.repeat(MANY)],
    ['lists by dashes', '- '.repeat(MANY)],
    ['keys by question marks', '? '.repeat(MANY)],
    ['keys in lists', '[? '.repeat(MANY)],
    ['lines indented one by one', indented(1000)],
    ['a document behind another', `a: 1\n---\n${'['.repeat(MANY)}`],
  ])('finds %s', (_, text) => {
    expect(nestsTooDeeply(text)).toBe(true)
  })

  it.each([
    ['nothing', ''],
    ['a hundred levels', `a: ${'['.repeat(100)}1${']'.repeat(100)}`],
    ['a hundred levels by indentation', indented(100)],
    ['half-open intervals in text', `a: in [0, 1)\nb: "[0, 1)"\n# [0, 1)\n`.repeat(1000)],
    ['many lists behind each other', `- [[1, 2], [3]]\n`.repeat(1000)],
    ['a formula', `a: ${'('.repeat(1000)}`],
    ['many documents', '--- [1]\n'.repeat(1000)],
  ])('lets %s pass', (_, text) => {
    expect(nestsTooDeeply(text)).toBe(false)
  })

  it('counts to within one level', () => {
    for (const text of ['[[[1]]]', '- - - 1', 'a:\n  b:\n    c: 1']) {
      expect(nestsTooDeeply(text, 3)).toBe(false)
      expect(nestsTooDeeply(text, 1)).toBe(true)
    }
  })
})
