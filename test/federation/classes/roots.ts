// Fields of the root: shared, in order, under conditions; and contexts, overrides, names that are not for clients.
import type { Case, Computed } from '../../support/federation/case-graph.ts'

const shared = {
  __typename: 'Product',
  id: 'p1',
  name: { id: 'n1', brand: 'B', model: 'M' },
  price: { id: 'x1', amount: 10, currency: 'EUR' },
}
const labels = [
  { __typename: 'Node', id: 'n1', title: 'One', secret: 's', note: 'from b' },
  { __typename: 'Node', id: 'n2', title: 'Two', secret: 's', note: 'from b' },
]
const CURRENCIES = ['EUR', 'USD']
/** Shops and their offers, whose price is told in the currency of the shop. */
const shopsWith = (priceIn: (currency: string) => Computed) =>
  CURRENCIES.map((currency, i) => ({
    __typename: 'Shop',
    id: `s${i}`,
    currency,
    offers: ['a', 'b'].map((id) => ({ __typename: 'Offer', id: `${i}${id}`, price: priceIn(currency), note: id })),
  }))
/** The world knows the shop of an offer; a subgraph that finds the offer by its key only what it is told. */
const shops = shopsWith((currency) => () => `12 ${currency}`)
const told = shopsWith(
  () =>
    ({ currency }) =>
      `12 ${currency}`,
)

/** Of the journal, what was done so far, in order. */
const journal = () => {
  const done: string[] = []
  return {
    note: ({ text }: Record<string, unknown>) => {
      done.push(String(text))
      return done.join()
    },
    mark: ({ text }: Record<string, unknown>) => {
      done.push(`marked ${String(text)}`)
      return { __typename: 'Node', id: 'n1', title: 'One', note: done.join() }
    },
  }
}

export const ROOTS: readonly Case[] = [
  {
    name: 'of the root is asked of each subgraph that has a part of its object (shared root)',
    subgraphs: {
      names: `type Query { product: Product @shareable products: [Product] @shareable } type Product @shareable { id: ID! name: Name! } type Name @shareable { id: ID! brand: String! model: String! }`,
      prices: `type Query { product: Product @shareable products: [Product] @shareable } type Product @shareable { id: ID! price: Price! } type Price @shareable { id: ID! amount: Int! currency: String! }`,
    },
    roots: { product: shared, products: [shared, { ...shared, id: 'p2' }] },
    queries: [
      '{ product { id name { id brand } price { amount } } }',
      '{ products { id name { model } price { id currency } } }',
      '{ a: product { id } b: product { price { id } } product { name { brand } } }',
    ],
  },
  {
    name: 'is left out or asked for by conditions, in fragments and out of them (include, skip)',
    subgraphs: {
      a: 'type Query { nodes: [Node] } type Node @key(fields: "id") { id: ID! title: String }',
      b: 'type Node @key(fields: "id") { id: ID! note: String title: String @external told: String @requires(fields: "title") }',
    },
    entities: labels.map((label) => ({
      ...label,
      told: (_: unknown, read: (f: string) => unknown) => `told ${read('title')}`,
    })),
    get roots() {
      return { nodes: this.entities }
    },
    queries: [true, false].flatMap((no) => [
      ['query ($no: Boolean!) { nodes { id note @skip(if: $no) told @include(if: $no) } }', { no }] as const,
      [
        'query ($no: Boolean = true) { nodes { ...F @include(if: $no) ... @skip(if: $no) { told } title } } fragment F on Node { note }',
        { no },
      ] as const,
      ['query ($no: Boolean!) { nodes @skip(if: $no) { told } __typename }', { no }] as const,
    ]),
  },
  {
    name: 'called __typename is answered at every level, under any name (typename)',
    subgraphs: {
      a: 'type Query { nodes: [Node] any: [Any] } union Any = Node | Leaf type Leaf { x: Int } type Node @key(fields: "id") { id: ID! title: String }',
      b: 'type Node @key(fields: "id") { id: ID! note: String }',
    },
    entities: labels,
    roots: { nodes: labels, any: [labels[0], { __typename: 'Leaf', x: 1 }] },
    queries: [
      '{ __typename root: __typename nodes { __typename t: __typename note } any { __typename ... on Node { k: __typename note } } }',
      '{ any { x: __typename } }',
    ],
  },
  {
    name: 'is hidden where it is inaccessible, and still joins (inaccessible)',
    subgraphs: {
      a: 'type Query { nodes: [Node] } type Node @key(fields: "id") { id: ID! @inaccessible title: String secret: String @inaccessible @tag(name: "x") }',
      b: 'type Node @key(fields: "id") { id: ID! note: String }',
    },
    entities: labels,
    roots: { nodes: labels },
    queries: ['{ nodes { note title } }'],
  },
  {
    name: 'stays with its subgraph while an override is in progress, whose label nobody has set',
    subgraphs: {
      a: 'type Query { nodes: [Node] } type Node @key(fields: "id") { id: ID! title: String @override(from: "b", label: "percent(0)") }',
      b: 'type Node @key(fields: "id") { id: ID! note: String title: String }',
    },
    entities: labels,
    roots: { nodes: labels },
    queries: ['{ nodes { title note } }', '{ nodes { title } }'],
  },
  {
    name: 'is asked of the subgraph that it has moved to, when an override in progress has come to its end',
    subgraphs: {
      a: 'type Query { nodes: [Node] } type Node @key(fields: "id") { id: ID! title: String @override(from: "b", label: "percent(100)") }',
      b: 'type Node @key(fields: "id") { id: ID! note: String title: String }',
    },
    entities: labels,
    roots: { nodes: labels },
    queries: ['{ nodes { title note } }', '{ nodes { title } }'],
  },
  {
    name: 'takes a value of the object around it as its argument (context)',
    subgraphs: {
      a: `type Query { shops: [Shop] } type Shop @key(fields: "id") @context(name: "money") { id: ID! currency: String! offers: [Offer!]! }
        type Offer @key(fields: "id") { id: ID! price(currency: String @fromContext(field: "$money { currency }")): String }`,
      b: 'type Offer @key(fields: "id") { id: ID! note: String }',
    },
    entities: told.flatMap(({ offers }) => offers),
    roots: { shops },
    queries: ['{ shops { id offers { id price } } }', '{ shops { currency: id offers { price note } } }'],
  },
  {
    name: 'takes a value that another subgraph has of the object around it (context over subgraphs)',
    subgraphs: {
      a: `type Query { shops: [Shop] } type Shop @key(fields: "id") { id: ID! currency: String! offers: [Offer!]! @shareable }
        type Offer @key(fields: "id") { id: ID! }`,
      b: `type Shop @key(fields: "id") @context(name: "money") { id: ID! currency: String! @external offers: [Offer!]! @shareable }
        type Offer @key(fields: "id") { id: ID! price(currency: String @fromContext(field: "$money { currency }")): String }`,
    },
    entities: [...told, ...told.flatMap(({ offers }) => offers)],
    roots: { shops },
    queries: ['{ shops { offers { price } } }', '{ shops { offers { id price } currency } }'],
  },
]

/** Mutations: one after another, in the order of the client, whichever subgraphs they are of. */
export const MUTATIONS: Case & { readonly newRoots: () => Case['roots'] } = {
  name: 'is done in the order of the client over subgraphs (mutations)',
  subgraphs: {
    a: 'type Query { a: Int } type Mutation { note(text: String!): String } type Node @key(fields: "id") { id: ID! title: String }',
    b: 'type Mutation { mark(text: String!): Node } type Node @key(fields: "id") { id: ID! note: String }',
  },
  entities: labels.map(({ note: _, ...label }) => label),
  roots: {},
  newRoots: journal,
  queries: [
    'mutation { one: note(text: "1") two: mark(text: "2") { note title } three: note(text: "3") four: mark(text: "4") { title note } }',
    ['mutation ($t: String!) { mark(text: $t) { title } note(text: "x") }', { t: 'y' }],
  ],
}
