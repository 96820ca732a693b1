// @requires and @provides: nested, with arguments, of interfaces, with fragments, in a chain.
import type { Case, Computed } from '../../support/federation/case-graph.ts'

const shipping: Computed = (_, read) => (read('price') as number) * 10 + (read('weight') as number)
const items = [
  {
    __typename: 'Product',
    upc: 'p1',
    name: 'Chair',
    weight: 1,
    price: ({ currency }: Record<string, unknown>) => (currency === 'EUR' ? 11 : 12),
    inStock: true,
    dimensions: { size: 2, unit: 'm' },
    // Each subgraph knows of the fields only what it was told.
    shippingEstimate: (_: unknown, read: (f: string, a?: object) => unknown) =>
      (read('price', { currency: 'EUR' }) as number) * (read('weight') as number),
    tag: (_: unknown, read: (f: string) => { size: number }) => `size ${read('dimensions').size}`,
    label: (_: unknown, read: (f: string) => unknown) => `${read('shippingEstimate')} ${read('tag')}`,
  },
]

const posts = [
  {
    __typename: 'Post',
    id: 'p1',
    author: { __typename: 'Author', id: 'a1', name: 'Ann', yearsOfExperience: 5 },
    byNovice: (_: unknown, read: (f: string) => { yearsOfExperience: number }) => read('author').yearsOfExperience < 10,
    byExpert: (_: unknown, read: (f: string) => unknown) => !read('byNovice'),
  },
]

const animals = [
  { __typename: 'Dog', id: 'd1', name: 'Rex', age: 3 },
  { __typename: 'Cat', id: 'c1', name: 'Tom', age: 7 },
]
const owners = [
  {
    __typename: 'Owner',
    id: 'o1',
    pet: animals[0],
    note: (_: unknown, read: (f: string) => { __typename: string; name: string }) => `has ${read('pet').name}`,
  },
  {
    __typename: 'Owner',
    id: 'o2',
    pet: animals[1],
    note: (_: unknown, read: (f: string) => { __typename: string; name: string }) => `has ${read('pet').name}`,
  },
]

const entity = {
  __typename: 'Entity',
  id: 'e1',
  data: { __typename: 'Qux', foo: 'foo', bar: 'bar', qux: 'qux' },
  told: (_: unknown, read: (f: string) => Record<string, string>) => `${read('data').foo} ${read('data').qux ?? ''}`,
}

export const REQUIREMENTS: readonly Case[] = [
  {
    name: 'is told what it requires with arguments, also when the client asks for other ones (requires with argument)',
    subgraphs: {
      a: 'type Query { products: [Product] } type Product @key(fields: "upc") { upc: String! name: String }',
      b: `type Product @key(fields: "upc") { upc: String! weight: Int @external price(currency: String!): Int @external
          shippingEstimate: Int @requires(fields: "price(currency: \\"EUR\\") weight") inStock: Boolean }`,
      c: 'type Product @key(fields: "upc") { upc: String! weight: Int price(currency: String!): Int }',
    },
    entities: items,
    roots: { products: items },
    queries: [
      '{ products { shippingEstimate } }',
      '{ products { price(currency: "USD") shippingEstimate weight } }',
      ['query ($c: String!) { products { price(currency: $c) shippingEstimate inStock } }', { c: 'USD' }],
    ],
  },
  {
    name: 'is told what others have computed of what they were told (requires of requires)',
    subgraphs: {
      a: `type Query { products: [Product] } type Product @key(fields: "upc") { upc: String! dimensions: Dimensions }
        type Dimensions @shareable { size: Int unit: String }`,
      b: `type Product @key(fields: "upc") { upc: String! dimensions: Dimensions @external tag: String @requires(fields: "dimensions { size }") }
        type Dimensions @shareable { size: Int unit: String }`,
      c: `type Product @key(fields: "upc") { upc: String! weight: Int price(currency: String!): Int shippingEstimate: Int }`,
      d: `type Product @key(fields: "upc") { upc: String! tag: String @external shippingEstimate: Int @external
          label: String @requires(fields: "tag shippingEstimate") }`,
    },
    entities: items,
    roots: { products: items },
    queries: ['{ products { label } }', '{ products { dimensions { unit } label tag: upc } }'],
  },
  {
    name: 'requires a field of the subgraph that requires another one of it (requires circular)',
    subgraphs: {
      a: `type Query { feed: [Post] } type Post @key(fields: "id") { id: ID! byNovice: Boolean! @external
          byExpert: Boolean! @requires(fields: "byNovice") author: Author! @shareable }
        type Author @key(fields: "id") { id: ID! }`,
      b: `type Post @key(fields: "id") { id: ID! author: Author! @external byNovice: Boolean! @requires(fields: "author { yearsOfExperience }") }
        type Author @key(fields: "id") { id: ID! yearsOfExperience: Int! @shareable name: String }`,
    },
    entities: [...posts, posts[0]!.author],
    roots: { feed: posts },
    queries: ['{ feed { byNovice } }', '{ feed { byExpert } }', '{ feed { byExpert byNovice author { name } } }'],
  },
  {
    name: 'requires fields of an interface (requires interface)',
    subgraphs: {
      a: `type Query { owners: [Owner] } type Owner @key(fields: "id") { id: ID! pet: Pet @shareable }
        interface Pet { id: ID! } type Dog implements Pet @key(fields: "id") { id: ID! } type Cat implements Pet @key(fields: "id") { id: ID! }`,
      b: `type Owner @key(fields: "id") { id: ID! pet: Pet @external note: String @requires(fields: "pet { name }") }
        interface Pet { id: ID! name: String }
        type Dog implements Pet @key(fields: "id") { id: ID! name: String @external }
        type Cat implements Pet @key(fields: "id") { id: ID! name: String @external }`,
      c: `type Dog @key(fields: "id") { id: ID! name: String age: Int } type Cat @key(fields: "id") { id: ID! name: String age: Int }`,
    },
    entities: [...owners, ...animals],
    roots: { owners },
    queries: ['{ owners { note } }', '{ owners { note pet { __typename id ... on Dog { age } } } }'],
  },
  {
    name: 'requires by fragments on what an interface may be (requires with fragments)',
    subgraphs: {
      a: `type Query { entity: Entity } type Entity @key(fields: "id") { id: ID! data: Foo }
        interface Foo { foo: String! } interface Bar implements Foo { foo: String! bar: String! }
        type Baz implements Foo & Bar @shareable { foo: String! bar: String! baz: String! }
        type Qux implements Foo & Bar @shareable { foo: String! bar: String! qux: String! }`,
      b: `type Entity @key(fields: "id") { id: ID! data: Foo @external
          told: String! @requires(fields: "data { foo ... on Bar { bar ... on Baz { baz } ... on Qux { qux } } }") }
        interface Foo { foo: String! } interface Bar implements Foo { foo: String! bar: String! }
        type Baz implements Foo & Bar @shareable @inaccessible { foo: String! bar: String! baz: String! }
        type Qux implements Foo & Bar @shareable { foo: String! bar: String! qux: String! }`,
    },
    entities: [entity],
    roots: { entity },
    queries: ['{ entity { id told } }', '{ entity { told data { foo ... on Qux { qux } } } }'],
  },
  {
    name: 'is given on a path what another subgraph owns (simple requires, provides)',
    subgraphs: {
      accounts: 'type User @key(fields: "id") { id: ID! name: String username: String! @shareable }',
      inventory: `type Product @key(fields: "upc") { upc: String! weight: Int @external price: Int @external inStock: Boolean
          shippingEstimate: Int @requires(fields: "price weight") }`,
      products: `type Query { products: [Product] } type Product @key(fields: "upc") { upc: String! name: String price: Int weight: Int }`,
      reviews: `type Review @key(fields: "id") { id: ID! body: String author: User @provides(fields: "username") product: Product }
        type User @key(fields: "id") { id: ID! username: String! @external reviews: [Review] }
        type Product @key(fields: "upc") { upc: String! reviews: [Review] }`,
    },
    get entities() {
      const user: Record<string, unknown> = { __typename: 'User', id: 'u1', name: 'Ann', username: 'ann' }
      const product: Record<string, unknown> = {
        __typename: 'Product',
        upc: 'p1',
        name: 'Chair',
        price: 5,
        weight: 2,
        inStock: true,
      }
      const review = { __typename: 'Review', id: 'r1', body: 'Good', author: user, product }
      Object.assign(user, { reviews: () => [review] })
      Object.assign(product, { reviews: () => [review], shippingEstimate: shipping })
      return [user, product, review] as unknown as NonNullable<Case['entities']>
    },
    get roots() {
      return { products: [this.entities![1]] }
    },
    queries: [
      '{ products { name inStock shippingEstimate reviews { author { username name } product { upc } } } }',
      '{ products { shippingEstimate reviews { body author { username reviews { product { price shippingEstimate } } } } } }',
    ],
  },
  {
    name: 'is given on a path through objects (nested provides)',
    subgraphs: {
      a: `type Query { products: [Product] @provides(fields: "categories { id name }") }
        type Product @key(fields: "id") { id: ID! categories: [Category] @external }
        type Category @key(fields: "id") { id: ID! name: String @external }`,
      b: `type Product @key(fields: "id") { id: ID! categories: [Category] @shareable subCategories: [Category] }
        type Category @key(fields: "id") { id: ID! name: String @shareable }`,
    },
    get entities() {
      const category = { __typename: 'Category', id: 'c1', name: 'Chairs' }
      return [category, { __typename: 'Product', id: 'p1', categories: [category], subCategories: [category] }]
    },
    get roots() {
      return { products: [this.entities![1]] }
    },
    queries: ['{ products { id categories { id name } subCategories { name } } }'],
  },
  {
    name: 'is given of what an interface or a union may be (provides on interface, provides on union)',
    subgraphs: {
      a: `type Query { media: Media @provides(fields: "animals { id name }") any: Any @provides(fields: "... on Book { title }") }
        interface Media { id: ID! animals: [Animal] } interface Animal { id: ID! name: String }
        union Any = Book
        type Book implements Media @key(fields: "id") { id: ID! title: String @external animals: [Animal] @external }
        type Dog implements Animal @key(fields: "id") { id: ID! @external name: String @external }
        type Cat implements Animal @key(fields: "id") { id: ID! @external name: String @external }`,
      b: `type Book implements Media @key(fields: "id") { id: ID! title: String @shareable animals: [Animal] @shareable }
        interface Media { id: ID! animals: [Animal] } interface Animal { id: ID! name: String }
        type Dog implements Animal @key(fields: "id") { id: ID! name: String @shareable age: Int }
        type Cat implements Animal @key(fields: "id") { id: ID! name: String @shareable age: Int }`,
    },
    entities: [{ __typename: 'Book', id: 'm1', title: 'Zoo', animals }, ...animals],
    roots: {
      media: { __typename: 'Book', id: 'm1', title: 'Zoo', animals },
      any: { __typename: 'Book', id: 'm1', title: 'Zoo', animals },
    },
    queries: [
      '{ media { id animals { id name } } any { ... on Book { title } } }',
      '{ media { animals { name ... on Dog { age } } ... on Book { title } } any { __typename ... on Book { animals { name ... on Cat { age } } } } }',
    ],
  },
]
