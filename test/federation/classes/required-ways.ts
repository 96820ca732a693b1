// Fields that are required in different ways: with other arguments by other fields, of one subgraph and of several.
import type { Case, Computed, Read } from '../../support/federation/case-graph.ts'

type Given = Readonly<Record<string, unknown>>

/** A field that says what it read of another one, and of the value what it has by a name. */
const of =
  (field: string, given: Given = {}, ...below: readonly (readonly [name: string, given?: Given])[]): Computed =>
  (_, read) => {
    let value = read(field, given)
    // A subgraph was told the values, the world computes them.
    for (const [name, args = {}] of below) {
      const inner = (value as Record<string, unknown> | null)?.[name]
      value = typeof inner === 'function' ? inner(args) : inner
    }
    return `${field} ${JSON.stringify(value ?? null)}`
  }

const RATES: Readonly<Record<string, number>> = { USD: 12, EUR: 11, GBP: 9 }
const currencyOf = ({ currency = 'USD' }: Given) => String(currency)
const priceIn: Computed = (given) => RATES[currencyOf(given)] ?? null
const costIn: Computed = (given) => ({
  __typename: 'Money',
  currency: currencyOf(given),
  amount: ({ cents = false }: Given) => (RATES[currencyOf(given)] ?? 0) * (cents ? 100 : 1),
})

const SIMILAR: Readonly<Record<string, string>> = { p1: 'p2', p2: 'p1' }
const products: readonly (Given & { readonly __typename: string })[] = ['p1', 'p2'].map((upc, i) => ({
  __typename: 'Product',
  upc,
  name: `Product ${upc}`,
  weight: i + 1,
  price: priceIn,
  cost: costIn,
  shippingUS: of('price', { currency: 'USD' }),
  shippingEU: of('price', { currency: 'EUR' }),
  shipping: of('price'),
  both: (_: unknown, read: Read) => `${read('shippingUS')} ${read('shippingEU')}`,
  tax: (_: unknown, read: Read) => `${read('weight')} ${read('price', { currency: 'GBP' })}`,
  amountUS: of('cost', { currency: 'USD' }, ['amount']),
  centsUS: of('cost', { currency: 'USD' }, ['amount', { cents: true }]),
  centsEU: of('cost', { currency: 'EUR' }, ['amount', { cents: true }]),
  nameEU: of('cost', { currency: 'EUR' }, ['currency']),
  similar: () => products.find((one) => one['upc'] === SIMILAR[upc]),
}))

const CATALOGUE =
  'type Query { products: [Product] } type Product @key(fields: "upc") { upc: ID! name: String weight: Int }'
const PRICES = `type Product @key(fields: "upc") { upc: ID! price(currency: String = "USD"): Int similar: Product }`

const boxes = [
  {
    __typename: 'Box',
    id: 'b1',
    dimensions: { __typename: 'Dimensions', size: ({ unit = 'M' }: Given) => `2 ${unit}`, colour: 'red' },
    inCm: of('dimensions', {}, ['size', { unit: 'CM' }]),
    inInches: of('dimensions', {}, ['size', { unit: 'INCH' }]),
    painted: of('dimensions', {}, ['colour']),
  },
]

const animals = [
  { __typename: 'Dog', id: 'd1', called: ({ loud = false }: Given) => (loud ? 'REX' : 'rex'), age: 3 },
  { __typename: 'Cat', id: 'c1', called: ({ loud = false }: Given) => (loud ? 'TOM' : 'tom'), age: 7 },
]
const owners = animals.map((pet, i) => ({
  __typename: 'Owner',
  id: `o${i}`,
  pet,
  shouts: of('pet', {}, ['called', { loud: true }]),
  whispers: of('pet', {}, ['called', { loud: false }]),
  // Of a cat nobody asks.
  dog: (given: Given, read: Read) =>
    (read('pet') as Given)['__typename'] === 'Dog' ? of('pet', {}, ['called'])(given, read) : null,
  mixed: of('pet', {}, ['called', { loud: pet.__typename === 'Dog' }]),
}))

const accounts = ['Admin', 'Regular'].map((__typename, i) => ({
  __typename,
  id: `u${i}`,
  title: ({ long = false }: Given) => `${__typename} ${long ? 'of all' : ''}`,
  greeting: of('title', { long: true }),
  badge: of('title', { long: false }),
}))

/** Each is computed of the one before, with other arguments. */
const steps = [
  {
    __typename: 'Step',
    id: 's1',
    base: ({ x = 1 }: Given) => Number(x) * 10,
    next: ({ x = 1 }: Given, read: Read) => Number(read('base', { x: 2 })) + Number(x),
    far: of('next', { x: 3 }),
    near: of('next', { x: 4 }),
    plain: of('base', { x: 5 }),
  },
]

export const REQUIRED_WAYS: readonly Case[] = [
  {
    name: 'is told each way by one subgraph that requires several, whatever the client asks for beside',
    subgraphs: {
      catalogue: CATALOGUE,
      prices: PRICES,
      shipping: `type Product @key(fields: "upc") { upc: ID! price(currency: String = "USD"): Int @external weight: Int @external
        shippingUS: String @requires(fields: "price(currency: \\"USD\\")") shippingEU: String @requires(fields: "price(currency: \\"EUR\\")")
        shipping: String @requires(fields: "price") tax: String @requires(fields: "weight price(currency: \\"GBP\\")") }`,
    },
    entities: products,
    roots: { products },
    queries: [
      '{ products { shippingUS } }',
      '{ products { shippingUS shippingEU } }',
      '{ products { price(currency: "GBP") shippingUS shippingEU shipping tax } }',
      '{ products { a: shippingUS b: shippingUS price: shippingEU shippingEU: price(currency: "EUR") } }',
      '{ products { price shippingEU price__required1: name name__required9: weight } }',
      '{ products { ...F ... on Product { shippingEU tax } } } fragment F on Product { shippingUS shippingEU similar { ...G } } fragment G on Product { shippingEU tax upc }',
      [
        'query ($c: String, $no: Boolean!) { products { price(currency: $c) shippingUS @skip(if: $no) shippingEU similar @include(if: $no) { shippingUS p: price(currency: $c) shipping } } }',
        { c: 'GBP', no: true },
      ],
      ['query ($c: String = "EUR") { products { c: price(currency: $c) shippingUS shippingEU weight } }', {}],
      '{ products { similar { shippingUS similar { shippingEU shippingUS similar { tax } } } } }',
    ],
  },
  {
    name: 'is told by several subgraphs each in its way, and what they have computed of it',
    subgraphs: {
      catalogue: CATALOGUE,
      prices: PRICES,
      us: `type Product @key(fields: "upc") { upc: ID! price(currency: String = "USD"): Int @external
        shippingUS: String @requires(fields: "price(currency: \\"USD\\")") }`,
      eu: `type Product @key(fields: "upc") { upc: ID! price(currency: String = "USD"): Int @external
        shippingEU: String @requires(fields: "price(currency: \\"EUR\\")") }`,
      sum: `type Product @key(fields: "upc") { upc: ID! shippingUS: String @external shippingEU: String @external
        both: String @requires(fields: "shippingUS shippingEU") }`,
    },
    entities: products,
    roots: { products },
    queries: [
      '{ products { shippingUS shippingEU } }',
      '{ products { both } }',
      '{ products { both shippingEU price(currency: "GBP") similar { both price } } }',
    ],
  },
  {
    name: 'is told of objects that arguments choose, and of their fields with arguments',
    subgraphs: {
      catalogue: CATALOGUE,
      prices: `type Product @key(fields: "upc") { upc: ID! cost(currency: String): Money } type Money { currency: String amount(cents: Boolean = false): Int }`,
      shipping: `type Product @key(fields: "upc") { upc: ID! cost(currency: String): Money @external
        amountUS: String @requires(fields: "cost(currency: \\"USD\\") { amount }")
        centsUS: String @requires(fields: "cost(currency: \\"USD\\") { amount(cents: true) }")
        centsEU: String @requires(fields: "cost(currency: \\"EUR\\") { amount(cents: true) }")
        nameEU: String @requires(fields: "cost(currency: \\"EUR\\") { currency }") }
        type Money { currency: String @external amount(cents: Boolean = false): Int @external }`,
    },
    entities: products,
    roots: { products },
    queries: [
      '{ products { amountUS centsUS centsEU nameEU } }',
      '{ products { nameEU amountUS cost(currency: "GBP") { amount cents: amount(cents: true) } } }',
      '{ products { centsEU centsUS cost { currency } } }',
    ],
  },
  {
    name: 'is told of what lies in an object, where only that has arguments (nested)',
    subgraphs: {
      a: `type Query { boxes: [Box] } type Box @key(fields: "id") { id: ID! dimensions: Dimensions }
        type Dimensions { size(unit: Unit = M): String colour: String } enum Unit { M CM INCH }`,
      b: `type Box @key(fields: "id") { id: ID! dimensions: Dimensions @external painted: String @requires(fields: "dimensions { colour }")
          inCm: String @requires(fields: "dimensions { size(unit: CM) }") inInches: String @requires(fields: "dimensions { size(unit: INCH) }") }
        type Dimensions { size(unit: Unit = M): String @external colour: String @external } enum Unit { M CM INCH }`,
    },
    entities: boxes,
    roots: { boxes },
    queries: [
      '{ boxes { inCm inInches painted } }',
      '{ boxes { painted inInches dimensions { size colour inch: size(unit: INCH) } } }',
      '{ boxes { inCm dimensions { size: colour } inInches } }',
    ],
  },
  {
    name: 'is told of an interface and of one of its types in different ways',
    subgraphs: {
      a: `type Query { owners: [Owner] } type Owner @key(fields: "id") { id: ID! pet: Pet @shareable }
        interface Pet { id: ID! } type Dog implements Pet @key(fields: "id") { id: ID! } type Cat implements Pet @key(fields: "id") { id: ID! }`,
      b: `type Owner @key(fields: "id") { id: ID! pet: Pet @external shouts: String @requires(fields: "pet { called(loud: true) }")
          whispers: String @requires(fields: "pet { called(loud: false) }") dog: String @requires(fields: "pet { __typename ... on Dog { called } }")
          mixed: String @requires(fields: "pet { ... on Dog { called(loud: true) } ... on Cat { called(loud: false) } }") }
        interface Pet { id: ID! called(loud: Boolean = false): String }
        type Dog implements Pet @key(fields: "id") { id: ID! called(loud: Boolean = false): String @external }
        type Cat implements Pet @key(fields: "id") { id: ID! called(loud: Boolean = false): String @external }`,
      c: `type Dog @key(fields: "id") { id: ID! called(loud: Boolean = false): String age: Int }
        type Cat @key(fields: "id") { id: ID! called(loud: Boolean = false): String age: Int }`,
    },
    entities: [...owners, ...animals],
    roots: { owners },
    queries: [
      '{ owners { shouts whispers dog mixed } }',
      '{ owners { mixed } }',
      '{ owners { dog whispers pet { __typename called ... on Dog { age loud: called(loud: true) } } } }',
    ],
  },
  {
    name: 'is told of an interface that it knows as an object, in each way',
    subgraphs: {
      a: `type Query { accounts: [Account!]! } interface Account @key(fields: "id") { id: ID! title(long: Boolean): String }
        type Admin implements Account @key(fields: "id") { id: ID! title(long: Boolean): String }
        type Regular implements Account @key(fields: "id") { id: ID! title(long: Boolean): String }`,
      b: `type Query { others: [Account] } type Account @interfaceObject @key(fields: "id") { id: ID! title(long: Boolean): String @external
          greeting: String @requires(fields: "title(long: true)") badge: String @requires(fields: "title(long: false)") }`,
    },
    entities: accounts,
    roots: { accounts, others: accounts },
    queries: [
      '{ accounts { __typename greeting badge title } }',
      '{ others { badge greeting ... on Admin { title(long: true) } } }',
      '{ accounts { ... on Regular { greeting } ... on Admin { badge greeting } } }',
    ],
  },
  {
    name: 'is told what was computed, in its own way, of what is required in another one (chain)',
    subgraphs: {
      a: 'type Query { steps: [Step] } type Step @key(fields: "id") { id: ID! base(x: Int): Int }',
      b: `type Step @key(fields: "id") { id: ID! base(x: Int): Int @external next(x: Int): Int @requires(fields: "base(x: 2)")
        plain: String @requires(fields: "base(x: 5)") }`,
      c: `type Step @key(fields: "id") { id: ID! next(x: Int): Int @external far: String @requires(fields: "next(x: 3)")
        near: String @requires(fields: "next(x: 4)") }`,
    },
    entities: steps,
    roots: { steps },
    queries: ['{ steps { far near plain } }', '{ steps { plain next(x: 7) base near base9: base(x: 9) } }'],
  },
]
