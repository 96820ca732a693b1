// Keys of every kind, and interfaces that are found by keys, as interfaces and as objects.
import type { Case, Read, WorldObject } from '../../support/federation/case-graph.ts'

const products: (WorldObject & { grid: unknown })[] = [1, 2].map((i) => ({
  __typename: 'Product',
  id: i,
  ids: [`x${i}`, `y${i}`],
  color: i === 1 ? 'RED' : 'BLUE',
  stamp: { t: i },
  parts: [
    { n: 1, m: `a${i}` },
    { n: 2, m: `b${i}` },
  ],
  name: `Product ${i}`,
  price: i * 10,
  stock: i === 1 ? null : 5,
  note: `note ${i}`,
  grid: null,
}))
products[0]!.grid = [[products[0], null], [], null, [products[1], products[0]]]

const owner = { __typename: 'User', id: 'u1', name: 'Ann' }
const heading = (_: unknown, read: Read) => `heading ${read('title')}`
const media = (): readonly WorldObject[] => MEDIA
const MEDIA: readonly WorldObject[] = [
  {
    __typename: 'Book',
    id: 'b',
    sku: 'k1',
    title: 'One',
    owner,
    likes: 3,
    rank: 1,
    pages: 10,
    heading,
    related: media,
    cover: 'red',
  },
  {
    __typename: 'Film',
    id: 'f',
    sku: 'k2',
    title: 'Two',
    owner: { __typename: 'Firm', id: 'o1', label: 'Acme' },
    likes: 4,
    rank: 2,
    heading,
    related: media,
    cover: 7,
  },
]

export const KEYS: readonly Case[] = [
  {
    name: 'is found by lists, enums, custom scalars and objects in lists (keys of every kind)',
    subgraphs: {
      a: `enum Color { RED BLUE } scalar Stamp type Query { products: [Product] grid: [[Product]] }
        type Product @key(fields: "ids") @key(fields: "id color") @key(fields: "stamp") @key(fields: "parts { n m }") {
          id: Int! ids: [ID!]! color: Color! stamp: Stamp! parts: [Part!]! grid: [[Product]] }
        type Part @shareable { n: Int m: String }`,
      b: 'type Product @key(fields: "ids") { ids: [ID!]! name: String }',
      c: 'enum Color { RED BLUE } type Product @key(fields: "id color") { id: Int! color: Color! price: Int }',
      d: 'type Product @key(fields: "parts { n m }") { parts: [Part!]! stock: Int } type Part @shareable { n: Int m: String }',
      e: 'scalar Stamp type Product @key(fields: "stamp") { stamp: Stamp! note: String }',
    },
    entities: products,
    roots: { products, grid: [[products[0], products[1]], null, [null, products[1]]] },
    queries: [
      '{ products { name price stock note } }',
      '{ products { id: name color: price parts: stock ids: note stamp: id } }',
      '{ grid { name price stock grid { name stock note color } } }',
      '{ products { parts { x: n n: m } stock __typename: name } }',
    ],
  },
  {
    name: 'of an interface is found by several keys, by subgraphs that know it as an object (interface object with several keys)',
    subgraphs: {
      a: `type Query { media: [Media] } interface Media @key(fields: "id") @key(fields: "sku") { id: ID! sku: ID! title: String owner: Owner }
        type Book implements Media @key(fields: "id") @key(fields: "sku") { id: ID! sku: ID! title: String owner: Owner cover: String }
        type Film implements Media @key(fields: "id") @key(fields: "sku") { id: ID! sku: ID! title: String owner: Owner cover: Int }
        union Owner = User | Firm type User @key(fields: "id") { id: ID! } type Firm @key(fields: "id") { id: ID! label: String }`,
      b: 'type Query { liked: [Media!] } type Media @interfaceObject @key(fields: "id") { id: ID! likes: Int }',
      c: `type Query { ranked: [Media] best: Media } type Media @interfaceObject @key(fields: "sku") { sku: ID! rank: Int related: [Media!]!
          title: String @external heading: String @requires(fields: "title") }`,
      d: 'type User @key(fields: "id") { id: ID! name: String } type Book @key(fields: "id") { id: ID! pages: Int }',
    },
    entities: [...MEDIA, owner],
    roots: { media: MEDIA, liked: MEDIA, ranked: [...MEDIA, null], best: MEDIA[1] },
    queries: [
      '{ media { id likes rank } }',
      '{ liked { __typename likes rank title } ranked { rank } }',
      '{ ranked { rank likes sku id t: __typename } }',
      '{ best { heading related { heading likes __typename ... on Book { cover pages } ... on Film { n: cover } } } }',
      '{ liked { ... on Book { cover pages } ... on Film { w: cover rank } } }',
      '{ media { owner { __typename ... on User { name } ... on Firm { label } } related { owner { ... on User { id: name } } } } }',
      '{ best { title: likes likes: title sku: rank } }',
      '{ liked { id ... on Film { id rank } ...X } } fragment X on Media { rank related { id } }',
    ],
  },
]
