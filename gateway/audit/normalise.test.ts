// Normalised operations: equal for equal questions, without the values given, and valid as they stand.
import { buildSchema, parse, validate } from 'graphql'
import { describe, expect, it } from 'vitest'
import type { Prepared } from '../documents.ts'
import { normalise } from './normalise.ts'

const schema = buildSchema(`
  enum Side { LEFT RIGHT }
  input Inner { name: String!, value: Float }
  input Input { id: ID, side: Side, inner: [Inner!]! = [] }
  type Thing { id: ID! name(language: String = "en", length: Int! = 3): String parts(first: Int): [Thing!]! }
  type Query { thing(id: ID!): Thing find(input: Input!): [Thing!]! }
`)

function prepared(text: string): Prepared {
  const document = parse(text)
  const [operation] = document.definitions.filter((node) => node.kind === 'OperationDefinition')
  return { document, operation: operation! }
}
const of = (text: string) => normalise(prepared(text), schema)

describe('a normalised operation', () => {
  it('is one text for questions that differ in order, white space, comments and values', () => {
    const one = of(
      'query Q { thing(id: "a") { name(length: 5, language: "de") id } find(input: { side: LEFT }) { id } }',
    )
    const other = of(`query Q { # comment
      find(input: { side: RIGHT }) { id }
      thing(id: "b") { id, name(language: "fr", length: 9) }
    }`)
    expect(other.text).toBe(one.text)
    expect(other.hash).toBe(one.hash)
    expect(one.text).not.toMatch(/"a"|"de"|LEFT|5/)
    expect(one.literals).toEqual({ _1: { side: 'LEFT' }, _2: 'a', _3: 'de', _4: 5 })
    expect(other.literals).toEqual({ _1: { side: 'RIGHT' }, _2: 'b', _3: 'fr', _4: 9 })
  })

  it('differs where the question does', () => {
    const texts = [
      '{ thing(id: 1) { id } }',
      '{ thing(id: 1) { id: name } }',
      '{ thing(id: 1) { name } }',
      'query Q { thing(id: 1) { id } }',
    ]
    expect(new Set(texts.map((text) => of(text).hash)).size).toBe(texts.length)
  })

  it.each([
    'query($first: Int) { thing(id: "a") { parts(first: $first) { id ...Part } } } fragment Part on Thing { name(language: "de") }',
    'query($n: Int = 4) { thing(id: "a") { name(length: $n) } }',
    'query($v: Float, $s: Side) { find(input: { id: 3, side: $s, inner: [{ name: "x", value: $v }, { name: "y" }] }) { id } }',
    'query($in: Input = { side: LEFT, inner: [{ name: "secret" }] }) { find(input: $in) { id ... on Thing @include(if: true) { name } } }',
    'query($_1: ID!) { thing(id: $_1) { name(language: null) } other: thing(id: "z") { id } }',
  ])('is valid as it stands: %s', (text) => {
    expect(validate(schema, parse(text))).toEqual([])
    const normal = of(text)
    expect(validate(schema, parse(normal.text))).toEqual([])
    expect(normal.text).not.toContain('secret')
  })

  it('says where each variable is used, within inputs too', () => {
    const { places, literals } = of(
      'query($v: Float, $id: ID!) { thing(id: $id) { id } find(input: { id: $id, inner: [{ name: "x", value: $v }] }) { id } }',
    )
    expect([...places.get('id')!].sort()).toEqual(['Input.id', 'Query.find.input', 'Query.thing.id'])
    expect([...places.get('v')!]).toEqual(['Query.find.input', 'Input.inner', 'Inner.value'])
    expect([...places.get('_1')!]).toEqual(['Query.find.input', 'Input.inner', 'Inner.name'])
    expect(literals).toEqual({ _1: 'x' })
  })

  it('keeps of a document only what the operation reaches', () => {
    const { text } = of('query Q { thing(id: 1) { ...A } } fragment A on Thing { ...B } fragment B on Thing { id }')
    expect(text.match(/^fragment/gm)).toHaveLength(2)
  })
})
