// The workload of the public benchmark of federation gateways, made anew: users, products and their reviews in four subgraphs.
// https://github.com/the-guild-org/gateways-benchmark has the original; the answer is as long as its one, 87 kB.

const USERS = 6
const PRODUCTS = 9
const REVIEWS_OF_USER = 3
const REVIEWS_OF_PRODUCT = 4
const TOP_PRODUCTS = 5

export const LINK =
  'extend schema @link(url: "https://specs.apollo.dev/federation/v2.5", import: ["@key", "@external", "@requires"])'

/** All ids end in the view that was asked for: operations with different views have no fetch in common. */
interface Reference {
  readonly id: string
}

export interface WorkloadSubgraph {
  readonly sdl: string
  readonly resolvers: Readonly<Record<string, Readonly<Record<string, unknown>>>>
}

const idOf = (kind: string, n: number, view: string) => `${kind}${n}-${view}`
const numbered = (kind: string, count: number, view: string): Reference[] =>
  Array.from({ length: count }, (_, i) => ({ id: idOf(kind, i, view) }))
const numberOf = ({ id }: Reference) => Number(/\d+/.exec(id)![0])
const viewOf = ({ id }: Reference) => id.slice(id.lastIndexOf('-') + 1)
const same = (reference: Reference) => reference

/** Reviews of one user or product, always the same ones. */
const reviewsBy = (salt: number, of: Reference, count: number) =>
  Array.from({ length: count }, (_, i) => ({ id: idOf('r', salt + numberOf(of) * 10 + i, viewOf(of)) }))

export const SUBGRAPHS: Readonly<Record<string, WorkloadSubgraph>> = {
  accounts: {
    sdl: `type Query { users(view: String!): [User!]! me: User! }
      type User @key(fields: "id") { id: ID! name: String! username: String! }`,
    resolvers: {
      Query: {
        users: (_: unknown, { view }: { view: string }) => numbered('u', USERS, view),
        me: () => ({ id: 'u0-me' }),
      },
      User: {
        __resolveReference: same,
        name: (user: Reference) => `The name of user number ${numberOf(user)}`,
        username: (user: Reference) => `user_${numberOf(user)}`,
      },
    },
  },
  products: {
    sdl: `type Query { topProducts(view: String!): [Product!]! }
      type Product @key(fields: "id") { id: ID! name: String! price: Int! weight: Int! }`,
    resolvers: {
      Query: { topProducts: (_: unknown, { view }: { view: string }) => numbered('p', TOP_PRODUCTS, view) },
      Product: {
        __resolveReference: same,
        name: (product: Reference) => `Product number ${numberOf(product)}`,
        price: (product: Reference) => numberOf(product) * 100,
        weight: (product: Reference) => numberOf(product),
      },
    },
  },
  inventory: {
    sdl: `type Query { stocked: Int }
      type Product @key(fields: "id") { id: ID! price: Int! @external weight: Int! @external inStock: Boolean!
        shippingEstimate: Int @requires(fields: "price weight") }`,
    resolvers: {
      Product: {
        inStock: (product: Reference) => numberOf(product) % 2 === 0,
        shippingEstimate: ({ price, weight }: { price: number; weight: number }) => (price > 500 ? 0 : weight * 10),
      },
    },
  },
  reviews: {
    sdl: `type Query { reviewed: Int }
      type Review @key(fields: "id") { id: ID! body: String! author: User! product: Product! }
      type User @key(fields: "id") { id: ID! reviews: [Review!]! }
      type Product @key(fields: "id") { id: ID! reviews: [Review!]! }`,
    resolvers: {
      User: { reviews: (user: Reference) => reviewsBy(100, user, REVIEWS_OF_USER) },
      Product: { reviews: (product: Reference) => reviewsBy(200, product, REVIEWS_OF_PRODUCT) },
      Review: {
        __resolveReference: same,
        body: (review: Reference) =>
          `This is review number ${numberOf(review)}: it does what it says, and it has lasted so far.`,
        author: (review: Reference) => ({ id: idOf('u', (numberOf(review) * 7) % USERS, viewOf(review)) }),
        product: (review: Reference) => ({ id: idOf('p', (numberOf(review) * 5) % PRODUCTS, viewOf(review)) }),
      },
    },
  },
}

export const QUERY = `
  fragment User on User { id username name }
  fragment Review on Review { id body }
  fragment Product on Product { inStock name price shippingEstimate id weight }
  query Workload($view: String!) {
    users(view: $view) { ...User reviews { ...Review product { ...Product reviews { ...Review author { ...User reviews { ...Review product { ...Product } } } } } } }
    topProducts(view: $view) { ...Product reviews { ...Review author { ...User reviews { ...Review product { ...Product } } } } }
  }`

/** Answered by one subgraph with one fetch. */
export const TRIVIAL_QUERY = '{ me { id name } }'

/** Views are all of one length, so that answers are. */
export const viewNumber = (n: number): string => `v${String(n).padStart(7, '0')}`
export const VIEW = /v\d{7}/
