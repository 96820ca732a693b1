// Interfaces, unions, enums and inputs of which subgraphs know different parts, and interfaces that a subgraph knows as objects.
import type { Case } from '../../support/federation/case-graph.ts'

const media = [
  { __typename: 'Book', id: 'b1', title: 'Zoo', isbn: 'i1', sku: 'k1', reviews: 2, color: 'RED' },
  { __typename: 'Movie', id: 'm1', title: 'Bees', minutes: 90, sku: 'k2', reviews: 5, color: 'BLUE' },
]

/** Each tells what it was asked with. */
const described = media.map((one) => ({ ...one, about: (args: unknown) => JSON.stringify(args) }))

const nodes = [
  { __typename: 'Oven', id: 'o1', hot: true, name: 'Oven', isNew: true },
  { __typename: 'Toaster', id: 't1', slots: 2, name: 'Toaster', isNew: false },
]

const accounts = [
  { __typename: 'Admin', id: 'u1', name: 'Ann', isMain: false, username: 'ann', isActive: true },
  { __typename: 'Regular', id: 'u2', name: 'Ben', isMain: true, username: 'ben', isActive: false },
].map((account) => ({
  ...account,
  greeting: (_: unknown, read: (f: string) => unknown) => `hello ${read('username')}`,
}))

const ACCOUNTS = `interface NodeWithName @key(fields: "id") { id: ID! name: String username: String }
  type Admin implements NodeWithName @key(fields: "id") { id: ID! name: String username: String isMain: Boolean! }
  type Regular implements NodeWithName @key(fields: "id") { id: ID! name: String username: String isMain: Boolean! }`

export const ABSTRACT_TYPES: readonly Case[] = [
  {
    name: 'is asked of the subgraphs that know each type (abstract types)',
    subgraphs: {
      products: `type Query { media: [Media] similar(id: ID!): [Media] }
        interface Media { id: ID! sku: String } 
        type Book implements Media @key(fields: "id") { id: ID! sku: String isbn: String }
        type Movie implements Media @key(fields: "id") { id: ID! sku: String minutes: Int }`,
      reviews: `interface Reviewed { id: ID! reviews: Int }
        type Book implements Reviewed @key(fields: "id") { id: ID! reviews: Int title: String }
        type Movie implements Reviewed @key(fields: "id") { id: ID! reviews: Int title: String }`,
    },
    entities: media,
    roots: { media, similar: ({ id }: { id: string }) => media.filter((one) => one.id !== id) },
    queries: [
      '{ media { __typename id sku ... on Book { title isbn reviews } ... on Movie { minutes } } }',
      '{ media { ... on Reviewed { reviews } } similar(id: "b1") { ... on Reviewed { id reviews } ... on Movie { title } } }',
      '{ media { id ...M } } fragment M on Media { ... on Reviewed { __typename r: reviews } sku }',
    ],
  },
  {
    name: 'has the members that each subgraph knows (union intersection)',
    subgraphs: {
      a: `type Query { media: Media book: Media viewer: Viewer @shareable } union Media = Book
        type Viewer { media: ViewerMedia @shareable book: Book @shareable } union ViewerMedia = Book
        type Book { title: String! @shareable }`,
      b: `type Query { viewer: Viewer @shareable } type Viewer { media: ViewerMedia @shareable song: ViewerMedia }
        union ViewerMedia = Book | Movie
        type Book { title: String! @shareable } type Movie { title: String! minutes: Int }`,
    },
    roots: { media: media[0], book: media[0], viewer: { media: media[0], book: media[0], song: media[1] } },
    queries: [
      '{ media { __typename ... on Book { title } } viewer { media { __typename ... on Book { title } ... on Movie { title } } } }',
      '{ viewer { song { __typename ... on Movie { minutes } } book { title } } }',
    ],
  },
  {
    name: 'has the values that all subgraphs know, as an argument and as a result (enum intersection)',
    subgraphs: {
      a: `type Query { media: [Media] byColor(color: Color): [Media] } interface Media { id: ID! color: Color }
        enum Color { RED BLUE GREEN }
        type Book implements Media @key(fields: "id") { id: ID! color: Color @shareable } type Movie implements Media @key(fields: "id") { id: ID! color: Color @shareable }`,
      b: `enum Color { RED BLUE GREEN } type Book @key(fields: "id") { id: ID! color: Color @shareable title(in: Color = RED): String } type Movie @key(fields: "id") { id: ID! title: String }`,
    },
    entities: media,
    roots: { media, byColor: ({ color }: { color: string }) => media.filter((one) => one.color === color) },
    queries: [
      '{ media { color ... on Book { title(in: BLUE) } ... on Movie { name: title } } byColor(color: RED) { id } }',
      ['query ($c: Color) { byColor(color: $c) { id color } }', { c: 'BLUE' }],
    ],
  },
  {
    name: 'has the fields that all subgraphs know, as an argument (input object intersection)',
    subgraphs: {
      a: `type Query { media(filter: Filter): [Media] } input Filter { first: Int skip: Int = 0 only: [ID!] }
        interface Media { id: ID! } type Book implements Media @key(fields: "id") { id: ID! } type Movie implements Media @key(fields: "id") { id: ID! }`,
      b: `input Filter { first: Int only: [ID!] } type Book @key(fields: "id") { id: ID! about(filter: Filter): String } type Movie @key(fields: "id") { id: ID! about(filter: Filter): String }`,
    },
    entities: described,
    roots: { media: ({ filter }: { filter?: { first?: number } }) => described.slice(0, filter?.first ?? 9) },
    queries: [
      '{ media(filter: { first: 1 }) { id } }',
      [
        'query ($f: Filter) { media(filter: $f) { id ... on Movie { about(filter: $f) } } }',
        { f: { first: 2, only: ['x'] } },
      ],
    ],
  },
  {
    name: 'may be null here and not there, and has one answer (child type mismatch)',
    subgraphs: {
      a: `type Query { users: [User!]! } union Account = User | Admin
        type User { id: ID @shareable name: String @shareable }
        type Admin { id: ID @shareable name: String @shareable }`,
      b: `type Query { accounts: [Account!]! } union Account = User | Admin
        type User { id: ID! @shareable name: String @shareable }
        type Admin { id: ID @shareable name: String @shareable }`,
    },
    roots: {
      users: [{ id: 'u1', name: 'Ann' }],
      accounts: [
        { __typename: 'User', id: 'u1', name: 'Ann' },
        { __typename: 'Admin', id: null, name: 'Root' },
      ],
    },
    queries: ['{ users { id name } accounts { ... on User { id name } ... on Admin { id photo: name } } }'],
  },
  {
    name: 'is extended as an object by a subgraph that knows none of its types (simple interface object)',
    subgraphs: {
      a: `type Query { users: [NodeWithName!]! } ${ACCOUNTS}`,
      b: `type Query { anotherUsers: [NodeWithName] } type NodeWithName @interfaceObject @key(fields: "id") { id: ID! isActive: Boolean }`,
    },
    entities: accounts,
    roots: { users: accounts, anotherUsers: accounts },
    queries: [
      '{ users { id name isActive __typename } }',
      '{ anotherUsers { id name username } }',
      '{ anotherUsers { __typename isActive ... on Regular { isMain } } }',
      '{ users { ... on Admin { isActive name } } }',
    ],
  },
  {
    name: 'as an object is told what it requires of the interface (interface object with requires)',
    subgraphs: {
      a: `type Query { users: [NodeWithName!]! } ${ACCOUNTS}`,
      b: `type Query { anotherUsers: [NodeWithName] } type NodeWithName @interfaceObject @key(fields: "id") { id: ID!
          username: String @external greeting: String @requires(fields: "username") isActive: Boolean }`,
    },
    entities: accounts,
    roots: { users: accounts, anotherUsers: accounts },
    queries: [
      '{ users { greeting __typename } }',
      '{ anotherUsers { greeting username __typename } }',
      '{ anotherUsers { ... on Admin { greeting isMain } isActive } }',
    ],
  },
  {
    name: 'as an object is not found by a key that is not to be resolved (non resolvable interface object)',
    subgraphs: {
      a: `type Query { product: Node } interface Node @key(fields: "id") { id: ID! }
        type Oven implements Node @key(fields: "id") { id: ID! hot: Boolean } type Toaster implements Node @key(fields: "id") { id: ID! slots: Int }`,
      b: `type Node @interfaceObject @key(fields: "id", resolvable: false) { id: ID! } type Query { b: Node }`,
      c: `type Node @interfaceObject @key(fields: "id") { id: ID! isNew: Boolean }`,
    },
    entities: nodes,
    roots: { product: nodes[0], b: nodes[1] },
    queries: [
      '{ product { id isNew __typename } }',
      '{ b { id } }',
      '{ b { id __typename isNew ... on Toaster { slots } } }',
    ],
  },
  {
    name: 'has a field that one of its types overrides (override of a type of an interface)',
    subgraphs: {
      a: `type Query { feed: [Post] } interface Post { id: ID! createdAt: String! }
        type ImagePost implements Post @key(fields: "id") { id: ID! createdAt: String! @override(from: "b") }
        type TextPost implements Post @key(fields: "id") { id: ID! createdAt: String! body: String }`,
      b: `type Query { anotherFeed: [AnotherPost] } interface AnotherPost { id: ID! createdAt: String! }
        type ImagePost implements AnotherPost @key(fields: "id") { id: ID! createdAt: String! }`,
    },
    get entities() {
      return [
        { __typename: 'ImagePost', id: 'i1', createdAt: 'then' },
        { __typename: 'TextPost', id: 't1', createdAt: 'now', body: 'text' },
      ]
    },
    get roots() {
      return { feed: this.entities, anotherFeed: [this.entities![0]] }
    },
    queries: [
      '{ feed { id createdAt } }',
      '{ anotherFeed { createdAt __typename } }',
      '{ feed { __typename ... on TextPost { body } } anotherFeed { id } }',
    ],
  },
]
