// Values: of types that differ between subgraphs, of one name and several types, as arguments of every kind, and behind payloads.
import type { Case, WorldObject } from '../../support/federation/case-graph.ts'

const echo = (given: unknown) => JSON.stringify(given)
const echoing = ['1', '2'].map((id) => ({
  __typename: 'Node',
  id,
  echo,
  json: { a: [1, { b: null }] },
  other: [1, 'x', null],
}))
const F = 'input F { a: Int = 5 b: [F!] c: JSON e: E = ON } enum E { ON OFF } scalar JSON'

const mixed = [
  { __typename: 'Book', id: 'b', value: 's', deep: { x: 1 }, note: ['n'] },
  { __typename: 'Film', id: 'f', value: 4, deep: [{ x: 'y' }], note: 1.5 },
]

const whole = { id: '1', both: 'b', inner: { x: 1, y: 2, w: 'w', least: { m: 1, n: 2 } }, more: { q: 1 } }

const dog: Record<string, unknown> & WorldObject = {
  __typename: 'Dog',
  id: 'd',
  name: 'Rex',
  age: 1,
  friend: () => cat,
}
const cat: WorldObject = { __typename: 'Cat', id: 'c', name: 'Tom', age: 2, friend: () => fish }
const fish: WorldObject = { __typename: 'Fish', id: 'f', name: 'Wanda', age: 3, friend: () => dog }

const nodes: readonly WorldObject[] = ['1', '2'].map((id) => ({
  __typename: 'Node',
  id,
  title: `Node ${id}`,
  mark: Number(id),
  query: () => QUERY,
}))
const QUERY = { nodes, me: nodes[0], you: nodes[1], other: 3 }

export const VALUES: readonly Case[] = [
  {
    name: 'of an argument may be a list, an object, a custom scalar, a default or a variable in any of them (input objects)',
    subgraphs: {
      a: `${F} type Query { echo(j: JSON, f: F, ids: [ID!], n: [[Int]]): String nodes: [Node] } type Node @key(fields: "id") { id: ID! json: JSON }`,
      b: `${F} type Node @key(fields: "id") { id: ID! echo(j: JSON, f: F, ids: [ID!] = ["x"], n: [[Int]]): String other: JSON }`,
    },
    entities: echoing,
    roots: { nodes: echoing, echo },
    queries: [
      '{ echo(j: {a: [1, "x", null, 1.5, true]}, f: {b: [{a: 1}], c: {x: 1}}, ids: "1", n: [1, [2, null]]) nodes { json other echo(j: [1], f: {e: OFF}) } }',
      [
        'query ($x: Int, $f: F!, $j: JSON, $id: ID!) { echo(j: {v: $x, w: [$j]}, f: {a: $x, b: [$f, {a: $x}]}, ids: [$id, "z"]) nodes { echo(j: {v: $x}, f: {b: [$f]}, ids: [$id], n: [[$x]]) } }',
        { x: 3, f: { a: 1, e: 'OFF' }, j: { q: [null] }, id: 'i' },
      ],
      [
        'query ($x: Int, $f: F! = {a: 9}, $j: JSON = {d: 1}, $ids: [ID!] = ["d", "e"]) { echo(j: $j, f: {a: $x, b: [$f]}, ids: $ids) nodes { echo(j: $j, f: $f, ids: $ids) } }',
        {},
      ],
      [
        'query ($x: Int, $ids: [ID!]) { echo(f: {a: $x}, ids: $ids) nodes { echo(f: {a: $x}, ids: $ids) e2: echo } }',
        { x: null },
      ],
      [
        'query ($ids: [ID!], $n: [[Int]]) { echo(ids: $ids, n: $n) nodes { echo(ids: $ids, n: $n) } }',
        { ids: 'one', n: 3 },
      ],
    ],
  },
  {
    name: 'may have one name and several types in the members of a union',
    subgraphs: {
      a: `type Query { any: [Any] } union Any = Book | Film type Book @key(fields: "id") { id: ID! value: String! deep: Deep }
        type Film @key(fields: "id") { id: ID! value: Int deep: [Deep2] } type Deep { x: Int } type Deep2 { x: String }`,
      b: 'type Book @key(fields: "id") { id: ID! note: [String] } type Film @key(fields: "id") { id: ID! note: Float }',
    },
    entities: mixed,
    roots: { any: mixed },
    queries: [
      '{ any { ... on Book { a: value n: note } ... on Film { b: value m: note } } }',
      '{ any { ... on Book { deep { x } n: note } ... on Film { d: deep { y: x } m: note } } }',
    ],
  },
  {
    name: 'is put together of what each subgraph has of its type, nullable here and not there (shared value types)',
    subgraphs: {
      a: `type Query { whole: Whole @shareable all: [Whole!] @shareable } type Whole @shareable { id: ID inner: Inner both: String! }
        type Inner @shareable { x: Int y: Int! least: Least } type Least @shareable { m: Int }`,
      b: `type Query { whole: Whole @shareable all: [Whole!] @shareable } type Whole @shareable { id: ID! inner: Inner both: String more: More }
        type Inner @shareable { x: Int! w: String least: Least } type Least @shareable { n: Int } type More { q: Int }`,
    },
    roots: { whole, all: [whole, { ...whole, id: '2', inner: null }] },
    queries: [
      '{ whole { id both inner { x y w least { m n } } more { q } } }',
      '{ all { inner { least { n } y } both id } a: all { more { q } inner { x: w w: y } } }',
    ],
  },
  {
    name: 'of an interface is asked by fragments on another interface, which other subgraphs have (interfaces over subgraphs)',
    subgraphs: {
      a: `type Query { pets: [Pet] pet: Pet any: [Any] } interface Pet { id: ID! name: String } union Any = Dog | Cat | Rock
        type Dog implements Pet @key(fields: "id") { id: ID! name: String } type Cat implements Pet @key(fields: "id") { id: ID! name: String @shareable } type Rock { w: Int }`,
      b: `interface Aged { age: Int friend: Aged } type Dog implements Aged @key(fields: "id") { id: ID! age: Int friend: Aged }
        type Cat implements Aged @key(fields: "id") { id: ID! age: Int friend: Aged }
        type Fish implements Aged @key(fields: "id") { id: ID! age: Int friend: Aged name: String }`,
    },
    entities: [dog, cat, fish],
    roots: { pets: [dog, cat, null], pet: cat, any: [dog, { __typename: 'Rock', w: 1 }, cat] },
    queries: [
      '{ pets { __typename t: __typename ... on Aged { age __typename friend { t: __typename age ... on Pet { name } ... on Fish { name } friend { ... on Pet { id name } } } } } }',
      '{ any { __typename ... on Pet { name ... on Aged { age } } ... on Rock { w } ... on Dog { friend { ... on Cat { name } } } } }',
      '{ pet { ...P } } fragment P on Pet { id ... on Dog { age } ... on Cat { years: age name: age } }',
      'query { pets { ... on Cat @include(if: false) { age } ... on Dog @skip(if: false) { age } id } }',
      '{ pets { ... { ... on Aged { ... on Dog { age } } } } }',
    ],
  },
  {
    name: 'may lead back to the root, from an entity and from what a mutation gives (payloads)',
    subgraphs: {
      a: `type Query { nodes: [Node] me: Node } type Mutation { add(x: Int!): Payload! } type Payload { ok: Boolean query: Query node: Node list: [Node!]! }
        type Node @key(fields: "id") { id: ID! title: String }`,
      b: 'type Query { other: Int you: Node } type Node @key(fields: "id") { id: ID! mark: Int query: Query } type Mutation { less(x: Int!): Int }',
    },
    entities: nodes,
    roots: {
      ...QUERY,
      add: () => ({ ok: true, query: QUERY, node: nodes[0], list: nodes }),
      less: ({ x }: { x: number }) => -x,
    },
    queries: [
      'mutation { add(x: 1) { ok query { other me { mark } nodes { mark } __typename } node { mark title } list { mark } } s: less(x: 3) }',
      '{ me { query { me { title mark } other } } you { query { you { title } nodes { mark title } } } }',
      'mutation M { a: add(x: 1) { list { title } } b: less(x: 2) c: add(x: 2) { node { mark } } __typename }',
    ],
  },
]

const fails = (message: string) => () => {
  throw new Error(message)
}
const hard: readonly WorldObject[] = [
  { __typename: 'Node', id: 'n1', title: 'One', must: 'm', tags: ['a'], deep: { must: 'd', may: fails('deep') } },
  {
    __typename: 'Node',
    id: 'n2',
    title: 'Two',
    must: fails('no must'),
    tags: fails('no tags'),
    deep: { must: fails('none'), may: 1 },
  },
]

/** What fails takes along what may not be null, over the joins of subgraphs as within one; each error has its place. */
export const FAILURES: Case = {
  name: 'takes along what may not be null, and has its place (null bubbling)',
  subgraphs: {
    a: `type Query { nodes: [Node] all: [Node!]! node: Node! maybe: Node byId(id: ID!): Node } type Node @key(fields: "id") { id: ID! title: String }`,
    b: 'type Node @key(fields: "id") { id: ID! must: String! tags: [String!]! deep: Deep! } type Deep { must: String! may: Int }',
  },
  entities: hard,
  roots: {
    ...{ nodes: hard, all: hard, node: hard[1], maybe: hard[1] },
    byId: ({ id }: { id: string }) => hard.find((node) => node['id'] === id) ?? null,
  },
  queries: [
    '{ nodes { title must } }',
    '{ nodes { title tags } }',
    '{ all { title must } }',
    '{ node { title must } }',
    '{ maybe { title must } nodes { title } }',
    '{ nodes { title deep { must } } }',
    '{ nodes { t: title d: deep { o: may } } }',
    '{ a: byId(id: "n1") { must } b: byId(id: "n2") { must } c: byId(id: "n3") { must } }',
  ],
}
