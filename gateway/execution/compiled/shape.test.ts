// The shape of an answer: only what was asked for, in its order; null where a value does not fit, and around it where null may not be.
import { buildSchema, Kind, type OperationDefinitionNode, parse } from 'graphql'
import { describe, expect, it } from 'vitest'
import { shaperOf } from './shape.ts'

const schema = buildSchema(`
  type Query { thing: Thing  things: [Thing!]  sure: Thing!  any: Any  node: Node  scalar: Money }
  scalar Money
  enum Mood { GOOD BAD }
  interface Node { id: ID! }
  union Any = Thing | Other
  type Thing implements Node { id: ID!  n: Int!  half: Float  moods: [Mood]  tags: [[String!]]  parts: [Thing!]  inner: Thing! }
  type Other implements Node { id: ID!  flag: Boolean }
`)

function shape(query: string, data: Record<string, unknown>) {
  const operation = parse(query).definitions[0] as OperationDefinitionNode
  const context = { schema, fragments: new Map(), conditions: {}, innerKey: (key: string) => key }
  expect(operation.kind).toBe(Kind.OPERATION_DEFINITION)
  const shaped = shaperOf(context, schema.getQueryType()!, operation.selectionSet)(data, () => 'introspected')
  return { data: shaped.data, errors: shaped.errors.map(({ message, path }) => [path, message]) }
}

describe('shaperOf', () => {
  it('gives the fields asked for, in their order, and no others', () => {
    const { data } = shape('{ b: scalar thing { n id } a: scalar }', {
      a: 1,
      b: { any: 'thing' },
      thing: { __typename: 'Thing', id: 'x', n: 2, half: 0.5 },
      things: [],
    })
    expect(JSON.stringify(data)).toBe('{"b":{"any":"thing"},"thing":{"n":2,"id":"x"},"a":1}')
  })

  it('gives null for what is missing', () => {
    expect(shape('{ thing { half } any { __typename } }', { thing: { n: 1 } })).toEqual({
      data: { thing: { half: null }, any: null },
      errors: [],
    })
  })

  it.each([
    ['half', '0.5'],
    ['moods', ['GOOD', 'HUNGRY']],
    ['moods', 'GOOD'],
    ['tags', [['a', null]]],
    ['tags', ['a']],
  ])('gives null with one error for %s that is %j', (field, value) => {
    const { data, errors } = shape(`{ thing { ${field} } }`, { thing: { [field]: value } })
    expect(JSON.stringify(data)).toContain('null')
    expect(errors).toHaveLength(1)
    expect(errors[0]?.[0]?.slice(0, 2)).toEqual(['thing', field])
  })

  it('takes the object along whose field may not be null, up to the next that may', () => {
    const told = 'Cannot return null for non-nullable field Thing.n.'
    expect(shape('{ thing { id n } }', { thing: { id: 'x', n: null } })).toEqual({
      data: { thing: null },
      errors: [[['thing', 'n'], told]],
    })
    expect(shape('{ things { n } }', { things: [{ n: 1 }, { n: null }] })).toEqual({
      data: { things: null },
      errors: [[['things', 1, 'n'], told]],
    })
    expect(shape('{ thing { inner { inner { n } } } }', { thing: { inner: { inner: {} } } }).errors).toEqual([
      [['thing', 'inner', 'inner', 'n'], told],
    ])
  })

  it('gives no data where the root falls', () => {
    expect(shape('{ thing { id } sure { n } }', { thing: { id: 'x' }, sure: { n: 2 ** 31 } })).toEqual({
      data: null,
      errors: [[['sure', 'n'], 'Invalid value found for field Thing.n.']],
    })
  })

  it('takes fragments by the type that an object says it is of', () => {
    const query = '{ any { __typename ... on Node { id } ... on Thing { n } ... on Other { flag } } }'
    expect(shape(query, { any: { __typename: 'Other', id: 'o', n: 3, flag: true } }).data).toEqual({
      any: { __typename: 'Other', id: 'o', flag: true },
    })
  })

  it('gives null for an object of a type that clients do not see, or of none where one must be said', () => {
    expect(shape('{ any { __typename } }', { any: { __typename: 'Secret' } })).toMatchObject({
      data: { any: null },
      errors: [[['any'], expect.stringContaining('__typename')]],
    })
    expect(shape('{ node { __typename } }', { node: { id: 'x' } }).data).toEqual({ node: null })
  })

  it('merges selections of one key, and answers introspection by itself', () => {
    const { data } = shape('{ thing { inner { n } } thing { inner { id } half } __schema { description } }', {
      thing: { half: 1.5, inner: { n: 1, id: 'i' } },
    })
    expect(data).toEqual({ thing: { inner: { n: 1, id: 'i' }, half: 1.5 }, __schema: 'introspected' })
  })
})
