import { describe, expect, it } from 'vitest'
import { exampleNetwork, networkFile } from '../../../test/bench/network.ts'
import { jsonNodes } from './json-nodes.ts'
import { readModelFile } from './read-model-file.ts'

/** The same text, which a comment makes YAML alone. */
const asYaml = (text: string) => `${text}\n# read by the YAML library`

const outcome = (text: string) => {
  try {
    return readModelFile(text)
  } catch (error) {
    const { message, detail } = error as { message: string; detail: unknown }
    return { message, detail }
  }
}

const model = (variables: string, more = '') => `{\n  "name": "m",${more}\n  "variables": {\n${variables}\n  }\n}`

describe('a model file in JSON', () => {
  it('is as the YAML library reads it, places and all', () => {
    const text = networkFile(exampleNetwork())
    expect(jsonNodes(text)).toBeDefined()
    expect(readModelFile(text)).toEqual(readModelFile(asYaml(text)))
  })

  it.each([
    ['numbers of all kinds', '"a": -0.5e-3, "b": 10, "c": 0, "d": 1E2'],
    ['escapes', '"a\\u00e9\\"b\\\\": { "formula": "1 + \\u0032", "doc": "x\\n\\ty \\ud83d\\ude00 \\/" }'],
    [
      'text that ends in backslashes',
      '"a": { "constant": 1, "doc": "\\\\\\\\" }, "b": { "constant": 1, "doc": "\\\\\\"" }',
    ],
    ['true and null', '"a": { "constant": 1, "unchecked": true }, "b": { "input": null }'],
    ['lists in lists', '"t": { "table": [[0, 1], [2.50, 3]] }, "a": "t(1)"'],
    ['a number as text', '"a": { "constant": 1, "doc": 1.50 }'],
    ['blanks and lines everywhere', '\r\n "a" :\t{ "formula"\n:\n"1\u00a0+ 2" } \n,"b": \r\n 3'],
    ['names of objects', '"constructor": 1, "__proto__": 2'],
  ])('may have %s', (_, variables) => {
    const text = model(variables)
    expect(jsonNodes(text)).toBeDefined()
    expect(outcome(text)).toEqual(outcome(asYaml(text)))
    expect(outcome(text)).toHaveProperty('source')
  })

  it.each([
    ['a name given twice', '"a": 1,\n "b": 2,\n "A": 3'],
    ['an unknown key', '"a": 1,\n\n  "b": { "formla": 1 }'],
    ['a fault in a formula', '"a": 1,\n  "b": "1 +\u00a0* 2"'],
    ['a fault in a formula with escapes', '"a": "1 \\u002b + * 2"'],
    ['a list as a formula', '"a": [1]'],
    ['nothing', '"a": null'],
    ['an empty name', '"": 1'],
    ['a number out of range', '"a": { "constant": 1e999 }'],
  ])('is told of %s in the same place', (_, variables) => {
    const text = model(variables)
    expect(jsonNodes(text)).toBeDefined()
    expect(outcome(text)).toEqual(outcome(asYaml(text)))
    expect(outcome(text)).toHaveProperty('message')
  })

  it.each([
    '{',
    '[1,]',
    '{"a" 1}',
    '{a: 1}',
    '"a',
    '"a\nb"',
    '"\\x41"',
    "'a'",
    '01',
    '1 2',
    '.5',
    'nul',
    '{"a": 1} x',
    '',
  ])('is left to the YAML library where it is none: %j', (text) => {
    expect(jsonNodes(text)).toBeUndefined()
  })

  it('is left to the YAML library where it is deep', () => {
    const nested = (levels: number) => '['.repeat(levels) + ']'.repeat(levels)
    expect(jsonNodes(nested(100))).toBeDefined()
    expect(jsonNodes(nested(100_000))).toBeUndefined()
  })
})
