// The cost of operations: weights and lengths as a composed supergraph declares them, by whatever names.
import { buildSchema, GraphQLError, type GraphQLSchema, getVariableValues, Kind, parse } from 'graphql'
import { describe, expect, it } from 'vitest'
import { composeSupergraph } from '../../compose.ts'
import { type Cost, costOf } from './operation-cost.ts'
import { readWeights } from './weights.ts'

const TYPES = `
  type Query {
    shop: Shop
    shops: [Shop!]!
    pages(first: Int = 20, last: Int): ShopPage LISTSIZE(assumedSize: 7, slicingArguments: ["first", "last"], sizedFields: ["edges"], requireOneSlicingArgument: false)
    strict(first: Int, last: Int): [Shop!]! LISTSIZE(assumedSize: 3, slicingArguments: ["first", "last"])
    always: [Shop!]! LISTSIZE(assumedSize: 4)
    search(text: String COST(weight: 9)): Shop COST(weight: 3)
    any: Any
  }
  type Mutation { open(input: OpenInput!): Shop }
  input OpenInput { name: String! }
  type ShopPage { edges: [ShopEdge!]! total: Int! }
  type ShopEdge { node: Shop! }
  type Shop { name: String! sign: Sign near: [Shop!]! manager: Person price: Int COST(weight: 5) }
  type Person COST(weight: 4) { name: String! }
  scalar Sign COST(weight: 2)
  union Any = Shop | Person
`

const LINK = `
  @link(url: "https://specs.quesnay.dev/dispatch/v1.0", import: ["@dispatches"]) @composeDirective(name: "@dispatches")
  directive @dispatches(seconds: Float!, per: [String!]) on FIELD_DEFINITION`
const DISPATCHING = `
  extend type Query { run(draws: Int = 100, years: Float!, names: [String!]): String DISPATCHES(seconds: 0.01, per: ["draws", "years", "names"]) }
  extend type Shop { forecast: String DISPATCHES(seconds: 2) }
`

function supergraphWith(imports: string, names: { cost: string; listSize: string }): string {
  const link = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@composeDirective", ${imports}])`
  const types = `${TYPES} ${DISPATCHING.replaceAll('DISPATCHES', '@dispatches')}`
  const sdl = `${link} ${LINK} ${types.replaceAll('COST', names.cost).replaceAll('LISTSIZE', names.listSize)}`
  return composeSupergraph([{ name: 'shops', url: 'http://127.0.0.1:1/', sdl }])
}

/** The names that a subgraph may give the two directives. */
const SUPERGRAPHS = {
  imported: supergraphWith('"@cost", "@listSize"', { cost: '@cost', listSize: '@listSize' }),
  renamed: supergraphWith('{ name: "@cost", as: "@price" }, { name: "@listSize", as: "@size" }', {
    cost: '@price',
    listSize: '@size',
  }),
  prefixed: supergraphWith('"@key"', { cost: '@federation__cost', listSize: '@federation__listSize' }),
}
const schema: GraphQLSchema = buildSchema(
  `${TYPES} ${DISPATCHING}`.replaceAll(/(COST|LISTSIZE|DISPATCHES)\([^)]*\)/g, ''),
)

function cost(query: string, given: Record<string, unknown> = {}, sdl = SUPERGRAPHS.imported): Cost {
  const document = parse(query)
  const operation = document.definitions.find((node) => node.kind === Kind.OPERATION_DEFINITION)!
  const { coerced } = getVariableValues(schema, operation.variableDefinitions ?? [], given)
  return costOf({ schema, weights: readWeights(sdl), listSize: 10 }, { document, operation })(coerced!)
}
const points = (query: string, given?: Record<string, unknown>, sdl?: string) => cost(query, given, sdl).points
const seconds = (query: string, given?: Record<string, unknown>) => cost(query, given).computeSeconds

describe('the points of an operation', () => {
  it.each([
    ['an object costs 1 and its leaves nothing', '{ shop { name } }', 1],
    ['__typename and introspection cost nothing', '{ __typename __schema { types { name } } shop { __typename } }', 1],
    ['a list of which nothing is said is 10 long', '{ shops { name } }', 10],
    ['lists within lists multiply', '{ shops { near { near { name } } } }', 10 + 100 + 1000],
    ['a scalar may have a weight', '{ shop { sign } }', 1 + 2],
    ['a type may have a weight', '{ shop { manager { name } } }', 1 + 4],
    ['a field may have a weight', '{ shops { price } }', 10 * (1 + 5)],
    ['the weight of a field stands for that of its type', '{ search { name } }', 3],
    ['an argument may have a weight, where it is given', '{ search(text: "x") { name } }', 3 + 9],
    ['an input object costs 1', 'mutation { open(input: { name: "x" }) { name } }', 10 + 1 + 1],
    [
      'each field of a mutation costs 10',
      'mutation { a: open(input: { name: "x" }) { name } b: open(input: { name: "x" }) { name } }',
      24,
    ],
    ['a page is as long as its slicing argument', '{ pages(first: 30) { total edges { node { name } } } }', 1 + 30 * 2],
    ['the largest slicing argument counts', '{ pages(first: 3, last: 40) { edges { node { name } } } }', 1 + 40 * 2],
    ['a slicing argument has its default', '{ pages { edges { node { name } } } }', 1 + 20 * 2],
    ['null is none: the size assumed', '{ pages(first: null) { edges { node { name } } } }', 1 + 7 * 2],
    ['a list may have an assumed size alone', '{ always { name } }', 4],
    ['a negative length is none', '{ strict(first: -5) { name } }', 0],
    [
      'fragments count where they are spread',
      '{ a: shop { ...F } b: shop { ...F } } fragment F on Shop { manager { name } }',
      2 * 5,
    ],
    ['fragments on different types are added', '{ any { ... on Shop { sign } ... on Person { name } } }', 1 + 2],
    ['a field that is left out costs nothing', '{ shop { name } shops @skip(if: true) { name } }', 1],
  ])('%s', (_, query, expected) => {
    expect(points(query)).toBe(expected)
  })

  it('follow the variables: lengths, and what @include lets in', () => {
    const query =
      'query ($n: Int, $more: Boolean!) { pages(first: $n) { edges { node { manager @include(if: $more) { name } } } } }'
    expect(points(query, { n: 5, more: false })).toBe(1 + 5 * 2)
    expect(points(query, { n: 5, more: true })).toBe(1 + 5 * 6)
    expect(points(query, { more: false })).toBe(1 + 20 * 2)
    const spread = 'query ($x: Boolean!) { ...F @skip(if: $x) } fragment F on Query { shop { name } }'
    expect([points(spread, { x: true }), points(spread, { x: false })]).toEqual([0, 1])
  })

  it.each(Object.entries(SUPERGRAPHS))('are read from a supergraph whose directives are %s', (_, sdl) => {
    expect(points('{ pages(first: 2) { edges { node { price manager { name } } } } }', {}, sdl)).toBe(
      1 + 2 * (1 + 1 + 5 + 4),
    )
  })

  it('of a list that wants exactly one slicing argument are BAD_INPUT without it, and with both', () => {
    expect(points('{ strict(last: 8) { name } }')).toBe(8)
    for (const args of ['', '(first: 1, last: 1)']) {
      const refused = expect.objectContaining({ extensions: expect.objectContaining({ code: 'BAD_INPUT' }) })
      expect(() => points(`{ strict${args} { name } }`)).toThrow(refused)
      expect(() => points(`{ strict${args} { name } }`)).toThrow(GraphQLError)
    }
  })
})

describe('the seconds of computing', () => {
  it('are those of each dispatching field, times the arguments that multiply them', () => {
    expect(seconds('{ run(draws: 1000, years: 5) }')).toBeCloseTo(50, 9)
    expect(seconds('{ run(years: 2.5) }')).toBeCloseTo(2.5, 9)
    expect(seconds('{ run(years: 1, names: ["a", "b", "c"]) }')).toBeCloseTo(3, 9)
    expect(seconds('{ run(years: 1, names: []) }')).toBeCloseTo(1, 9)
    expect(seconds('query ($d: Int) { run(draws: $d, years: 1) }', { d: 7 })).toBeCloseTo(0.07, 9)
  })

  it('are multiplied by the lists that dispatching fields lie in', () => {
    expect(seconds('{ pages(first: 30) { edges { node { forecast } } } }')).toBe(60)
    expect(seconds('{ shop { name } }')).toBe(0)
  })
})
