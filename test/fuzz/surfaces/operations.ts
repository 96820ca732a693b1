// Operations: noise, valid ones that were damaged, and shapes that are large, deep or go round in a circle.
import fc from 'fast-check'
import { assertAnswer } from '../assert-answer.ts'
import { type Fuzz, settings } from '../surface.ts'

const VALID: readonly string[] = [
  '{ thing(id: "a") { id label(size: S) price other { things { id price } } } }',
  'query Q($id: ID!, $no: Boolean = false) { thing(id: $id) { ...F @skip(if: $no) } } fragment F on Thing { price label }',
  'mutation { rename(id: "a", label: "b") { label price } }',
  'subscription { thingChanged(id: "a") { label } }',
  '{ things(filter: { text: "x", size: L, and: [{ min: 1, max: 2.5e3 }], ids: ["a"] }) { __typename fails } }',
  '{ __schema { types { name fields { name args { name type { name ofType { name } } } } } } }',
  'query { echo(any: { a: [1, "two", null, true, ENUM, { b: 1.0 }] }) }',
]

const noise = fc.string({ unit: 'binary', maxLength: 300 })
const piece = fc.oneof(
  fc.constantFrom(
    '{',
    '}',
    '(',
    ')',
    '...',
    '@',
    '$',
    '"',
    '"""',
    '\u0000',
    '\ud800',
    '#',
    '!',
    ':',
    '[',
    '1e999',
    '-0',
    '\\u0000',
  ),
  fc.constantFrom(
    '__proto__',
    'constructor',
    '__typename',
    'fragment',
    'on',
    'query',
    'thing',
    '@defer',
    '@include(if: true)',
  ),
  fc.string({ unit: 'grapheme', maxLength: 5 }),
)

/** A valid operation with parts of it taken out, doubled or put in. */
const damaged = fc
  .tuple(
    fc.constantFrom(...VALID),
    fc.array(fc.tuple(fc.nat(400), fc.nat(30), fc.constantFrom('cut', 'double', 'put'), piece), {
      minLength: 1,
      maxLength: 6,
    }),
  )
  .map(([text, changes]) =>
    changes.reduce((now, [at, length, how, put]) => {
      const from = at % (now.length + 1)
      const middle = now.slice(from, from + length)
      const kept = { cut: '', double: middle + middle, put: put + middle }[how]
      return now.slice(0, from) + kept + now.slice(from + length)
    }, text),
  )

const times = (max: number) => fc.integer({ min: 1, max })
const large = fc.oneof(
  times(6000).map((n) => `${'{ other'.repeat(n)}${'}'.repeat(n)}`),
  times(40).map((n) => `{ thing(id: "a") ${'{ other '.repeat(n)}{ id }${' }'.repeat(n)} }`),
  times(3000).map((n) => `{ ${Array.from({ length: n }, (_, i) => `a${i}: thing(id: "${i}") { price }`).join(' ')} }`),
  times(20_000).map((n) => `{ echo(any: ${'['.repeat(n)}${']'.repeat(n)}) }`),
  times(200_000).map((n) => `{ thing(id: "${'x'.repeat(n)}") { id } }`),
  times(5000).map((n) => `{ ${'...'.repeat(n)} }`),
  times(3000).map((n) => `{ thing(id: "a") ${'@include(if: true) '.repeat(n)} { id } }`),
  times(20).map((n) => {
    const fragments = Array.from(
      { length: n },
      (_, i) => `fragment F${i} on Thing { ...F${(i + 1) % n} ...F${(i * 7) % n} id }`,
    )
    return `{ thing(id: "a") { ...F0 } } ${fragments.join(' ')}`
  }),
  times(30).map((n) => {
    const doubled = Array.from(
      { length: n },
      (_, i) => `fragment F${i} on Thing { a: other { ...F${i + 1} } b: other { ...F${i + 1} } }`,
    )
    return `{ thing(id: "a") { ...F0 } } ${doubled.join(' ')} fragment F${n} on Thing { id }`
  }),
)

export const operations: Fuzz = async (options) => {
  const { target } = options
  await fc.assert(
    fc.asyncProperty(
      fc.oneof({ weight: 2, arbitrary: noise }, { weight: 6, arbitrary: damaged }, { weight: 1, arbitrary: large }),
      async (query) => assertAnswer(await target.post(JSON.stringify({ query }))),
    ),
    settings(options),
  )
}
