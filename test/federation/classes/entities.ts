// Calls of entities: by one key, by several, nested, null, in circles, shared.
import type { Case, WorldObject } from '../../support/federation/case-graph.ts'

const products = [
  {
    __typename: 'Product',
    id: 'p1',
    sku: 's1',
    pid: 'x1',
    name: 'Chair',
    price: 10,
    category: { id: 'c1', tag: 't1' },
  },
  {
    __typename: 'Product',
    id: 'p2',
    sku: 's2',
    pid: 'x2',
    name: 'Table',
    price: 20,
    category: { id: 'c2', tag: 't2' },
  },
]

/** The products, and the list of them at the end. */
const withList = (all: readonly WorldObject[]): WorldObject[] => [
  ...all,
  { __typename: 'ProductList', products: all, first: all[0] },
]

const users = [
  { __typename: 'User', id: 'u1', email: 'a@example.org', name: 'Ann', nickname: 'A' },
  { __typename: 'User', id: 'u2', email: 'b@example.org', name: 'Ben', nickname: 'B' },
]

const PARENTS: Readonly<Record<string, string>> = { b: 'a' }
/** Each finds the other. */
const people: readonly WorldObject[] = ['a', 'b'].map((id) => ({
  __typename: 'Person',
  id,
  name: `Person ${id}`,
  age: id === 'a' ? 40 : 10,
  parent: () => people.find((one) => one['id'] === PARENTS[id]) ?? null,
  children: () => people.filter((one) => PARENTS[String(one['id'])] === id),
}))

const book = { __typename: 'Book', id: 'b1', upc: 'u1', title: 'One' }

export const ENTITIES: readonly Case[] = [
  {
    name: 'is found by a key that is not the one of another subgraph (simple entity call)',
    subgraphs: {
      email: 'type Query { user: User } type User @key(fields: "id") { id: ID! email: String! @shareable }',
      nickname: 'type User @key(fields: "email") { email: String! @shareable nickname: String! }',
    },
    entities: users,
    roots: { user: users[0] },
    queries: ['{ user { id nickname } }', '{ user { email: nickname id: email } }'],
  },
  {
    name: 'is found by composite keys through three subgraphs (complex entity call)',
    subgraphs: {
      products: `type Query { topProducts: ProductList! }
        type ProductList @key(fields: "products { id }") { products: [Product!]! @shareable }
        type Product @key(fields: "id") { id: String! category: Category @shareable }
        type Category @key(fields: "id") { id: String! tag: String @shareable }`,
      links: `type Product @key(fields: "id") @key(fields: "id pid") { id: String! pid: String! @shareable }`,
      prices: `type ProductList @key(fields: "products { id pid category { id tag } }") {
          products: [Product!]! @shareable first: Product @shareable }
        type Product @key(fields: "id pid category { id tag }") {
          id: String! pid: String @shareable category: Category @shareable price: Price }
        type Category @key(fields: "id tag") { id: String! tag: String @shareable }
        type Price { price: Float! }`,
    },
    entities: withList(products.map((product) => ({ ...product, price: { price: product.price } }))),
    get roots() {
      return { topProducts: this.entities!.at(-1) }
    },
    queries: [
      '{ topProducts { products { id pid price { price } category { id tag } } } }',
      '{ topProducts { first { id price { price } } products { price { price } } } }',
    ],
  },
  {
    name: 'is found by nested keys where each subgraph has other ones (keys mashup)',
    subgraphs: {
      a: `type A @key(fields: "id") @key(fields: "pId") { id: ID! pId: ID! name: Name! @shareable }
        type Name @shareable { value: String }`,
      b: `type Query { b: B }
        type B @key(fields: "id") { id: ID! a: [A!]! }
        type A @key(fields: "id") @key(fields: "compositeId { two three }") {
          id: ID! compositeId: CompositeID! name: Name! @external nameInB: String! @requires(fields: "name { value }") }
        type CompositeID { two: ID! three: ID! } type Name { value: String @external }`,
    },
    entities: [
      { __typename: 'B', id: 'b1' },
      {
        __typename: 'A',
        id: 'a1',
        pId: 'p1',
        compositeId: { two: '2', three: '3' },
        name: { value: 'Aha' },
        nameInB: (_: unknown, read: (field: string) => { value: string }) => `b.a.nameInB ${read('name').value}`,
      },
    ],
    get roots() {
      return { b: { __typename: 'B', id: 'b1', a: [this.entities![1]] } }
    },
    queries: [
      '{ b { id a { id name { value } nameInB } } }',
      '{ b { a { nameInB } } }',
      '{ b { a { name: nameInB } } }',
    ],
  },
  {
    name: 'is found by a key that only a third subgraph leads to (key to key)',
    subgraphs: {
      a: 'type Query { books: [BookContainer] } type BookContainer { book: Book } type Book @key(fields: "upc") { upc: ID }',
      b: 'type Book @key(fields: "id") @key(fields: "upc") { id: ID! upc: ID }',
      c: 'type Book @key(fields: "id") { id: ID! title: String }',
    },
    entities: [book],
    roots: { books: [{ book }, { book: null }] },
    queries: ['{ books { book { upc title id } } }'],
  },
  {
    name: 'is the same one when it is reached in a circle (circular reference)',
    subgraphs: {
      a: 'type Query { people: [Person!]! } type Person @key(fields: "id") { id: ID! name: String! children: [Person!]! }',
      b: 'type Person @key(fields: "id") { id: ID! age: Int parent: Person }',
    },
    entities: people,
    roots: { people },
    queries: [
      '{ people { name children { age parent { name children { id age parent { id } } } } parent { parent { id } } } }',
    ],
  },
  {
    name: 'is reached through its parent, which no subgraph finds by a key (parent entity call)',
    subgraphs: {
      a: `type Query { products: [Product!]! } type Product @key(fields: "id pid") { id: ID! pid: ID! }`,
      b: `type Product @key(fields: "id pid") { id: ID! pid: ID! category: Category @shareable }
        type Category { details: Details @shareable } type Details @shareable { products: Int }`,
      c: `type Product @key(fields: "id pid") { id: ID! pid: ID! category: Category @shareable }
        type Category { id: ID! @shareable name: String @shareable }`,
    },
    entities: products.map((product) => ({
      ...product,
      category: { id: product.id, name: 'C', details: { products: 2 } },
    })),
    get roots() {
      return { products: this.entities }
    },
    queries: ['{ products { id category { id name details { products } } } }'],
  },
  {
    name: 'is owned by nobody where federation 1 subgraphs extend it (fed1 and fed2 external, extends)',
    subgraphs: {
      a: `type Query { user: User randomUser: User } type User @key(fields: "id") { id: ID! rid: ID @shareable name: String! }`,
      b: `extend type User @key(fields: "id") { id: ID! @external email: String! rid: ID @shareable }
        extend type Query { userById(id: ID): User }`,
      c: `type User @extends @key(fields: "id") { id: ID! @external nickname: String }`,
    },
    entities: users,
    roots: {
      user: users[0],
      randomUser: users[1],
      userById: ({ id }: { id: string }) => users.find((user) => user.id === id) ?? null,
    },
    queries: [
      '{ user { id rid name email nickname } randomUser { nickname } }',
      '{ userById(id: "u2") { name email } gone: userById(id: "nobody") { name } }',
    ],
  },
  {
    name: 'is joined where the subgraphs are of federation 1 throughout',
    version: '',
    subgraphs: {
      a: 'type Query { user: User } type User @key(fields: "id") { id: ID! name: String! }',
      b: 'extend type User @key(fields: "id") { id: ID! @external email: String! }',
    },
    entities: users,
    roots: { user: users[0] },
    queries: ['{ user { email name } }'],
  },
]

const half = { ...book, upc: null }
/** An entity whose key is null in the one subgraph that lists it: nobody else finds it. */
export const NULL_KEYS: Case = {
  name: 'whose key is null has null in what others know, and no error (null keys)',
  subgraphs: {
    a: 'type Query { books: [Book] } type Book @key(fields: "upc") { upc: ID }',
    b: 'type Book @key(fields: "id") @key(fields: "upc") { id: ID upc: ID }',
    c: 'type Book @key(fields: "id") { id: ID title: String }',
  },
  entities: [book],
  roots: { books: [book, half] },
  queries: ['{ books { upc id title } }'],
}
