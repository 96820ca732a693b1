// The rules of operations: each at its limit and one beyond it, and against counting in the plainest way.

import { readFileSync } from 'node:fs'
import * as fc from 'fast-check'
import { type DocumentNode, getIntrospectionQuery, Kind, parse, type SelectionSetNode } from 'graphql'
import { describe, expect, it } from 'vitest'
import { packageFile } from '../../infra/paths.ts'
import { checkOperation } from './check-operation.ts'
import { fragmentsOf } from './fragments.ts'
import { DEFAULT_LIMITS, type OperationLimits } from './limits-config.ts'

const check = (query: string, limits: Partial<OperationLimits> = {}) =>
  checkOperation(parse(query), { ...DEFAULT_LIMITS, ...limits })?.extensions
const times = (count: number, text: (i: number) => string) => Array.from({ length: count }, (_, i) => text(i)).join(' ')
const nested = (count: number, name: (i: number) => string) =>
  `{ ${times(count, (i) => `${name(i)} {`)} leaf ${'}'.repeat(count)} }`

const AT_ITS_LIMIT: readonly [keyof OperationLimits, number, (count: number) => string][] = [
  ['fields', 7, (n) => `{ ${times(n, (i) => `f${i}`)} }`],
  ['fields', 7, (n) => `{ ...F } fragment F on Q { ${times(n - 1, (i) => `f${i}`)} }`],
  ['depth', 6, (n) => nested(n - 1, (i) => `f${i}`)],
  [
    'depth',
    6,
    (n) => `{ ...F } fragment F on Q { a { ... on A { ...G } } } fragment G on A ${nested(n - 2, (i) => `f${i}`)}`,
  ],
  ['aliases', 5, (n) => `{ ${times(n, (i) => `a${i}: f`)} }`],
  ['aliases', 5, (n) => `{ ${times(n, (i) => `a${i}: __typename`)} }`],
  ['aliases', 6, (n) => `{ a { ...F } b { ...F } } fragment F on A { ${times(n / 2, (i) => `a${i}: f`)} }`],
  ['directives', 8, (n) => `{ ${times(n, (i) => `f${i} @skip(if: true)`)} }`],
  [
    'directives',
    8,
    (n) => `query ($v: Int ${'@a '.repeat(n - 4)}) @a { f(v: $v) ...F @a } fragment F on Q @a { g @a }`,
  ],
  ['directivesPerPlace', 3, (n) => `{ a { b ${'@x '.repeat(n)} } }`],
  ['directivesPerPlace', 3, (n) => `query ${'@x '.repeat(n)} { a }`],
  ['rootFields', 4, (n) => `{ a ... on Q { b } ...F } fragment F on Q { ${times(n - 2, (i) => `f${i} { g h }`)} }`],
  ['repeats', 5, (n) => `{ a { ${'b '.repeat(n)} } }`],
  ['repeats', 5, (n) => `{ a { b ...F ... on A { b } } } fragment F on A { ${'b '.repeat(n - 2)} }`],
  ['recursion', 4, (n) => nested(n, () => 'parent')],
  ['recursion', 4, (n) => nested(2 * n, (i) => (i % 2 ? 'parent' : 'children'))],
  [
    'introspectionLists',
    2,
    (n) => `{ __schema { types { ${times(n, () => 'fields { type {')} name ${'} } '.repeat(n)}} } }`,
  ],
  [
    'introspectionLists',
    2,
    (n) =>
      `{ __type(name: "Q") { ${times(n, (i) => (i % 2 ? 'possibleTypes {' : 'interfaces {'))} name ${'}'.repeat(n)} } }`,
  ],
]

describe('an operation', () => {
  it.each(AT_ITS_LIMIT)('may have as many %s as the limit says (%i), and not one more', (rule, limit, query) => {
    const step = rule === 'aliases' && query(6).includes('...F') ? 2 : 1
    expect(check(query(limit), { [rule]: limit })).toBeUndefined()
    expect(check(query(limit + step), { [rule]: limit })).toMatchObject({
      code: 'LIMIT_EXCEEDED',
      detail: { path: 'query', rule, limit, found: limit + step, suggestion: expect.stringMatching(/\w/) },
    })
  })

  it('is within every default limit where it is the introspection of GraphiQL', () => {
    const query = getIntrospectionQuery({ specifiedByUrl: true, directiveIsRepeatable: true, schemaDescription: true })
    expect(check(query)).toBeUndefined()
  })

  it.each(['first-query', 'flagship', 'household', 'population'])(
    'is within every default limit in %s.graphql',
    (name) => {
      expect(check(readFileSync(packageFile('examples', `${name}.graphql`), 'utf8'))).toBeUndefined()
    },
  )

  it('with a fragment in a circle is BAD_INPUT before anything is counted', () => {
    const query = '{ ...A } fragment A on Q { b { ...B } } fragment B on Q { a { ...A } }'
    expect(check(query, { fields: 1 })).toMatchObject({ code: 'BAD_INPUT', detail: { path: 'query' } })
  })

  it('is counted with the fragments that it does not use, which are validated too', () => {
    expect(check(`{ a } fragment F on Q { ${times(9, (i) => `a${i}: f`)} }`, { aliases: 8 })).toMatchObject({
      detail: { rule: 'aliases', found: 9 },
    })
  })

  it('whose fragments double themselves sixty times is counted in less than 2 ms', () => {
    const doubling = times(60, (i) => `fragment F${i + 1} on Q { ...F${i} ...F${i} }`)
    const document = parse(`{ ...F60 } fragment F0 on Q { a } ${doubling}`)
    // The least of some tries is what it takes; the rest is what else the machine does.
    const tries = Array.from({ length: 20 }, () => {
      const begin = performance.now()
      expect(checkOperation(document, DEFAULT_LIMITS)?.extensions).toMatchObject({ detail: { rule: 'fields' } })
      return performance.now() - begin
    })
    expect(Math.min(...tries)).toBeLessThan(2)
  })
})

/** What stands where a spread stood, until nothing is spread. */
function expanded(document: DocumentNode): SelectionSetNode {
  const fragments = fragmentsOf(document)
  const expand = ({ selections }: SelectionSetNode): SelectionSetNode => ({
    kind: Kind.SELECTION_SET,
    selections: selections.flatMap((node) => {
      if (node.kind === Kind.FRAGMENT_SPREAD) return expand(fragments.get(node.name.value)!.selectionSet).selections
      if (node.kind === Kind.INLINE_FRAGMENT) return expand(node.selectionSet).selections
      return [{ ...node, ...(node.selectionSet ? { selectionSet: expand(node.selectionSet) } : {}) }]
    }),
  })
  const operation = document.definitions.find((node) => node.kind === Kind.OPERATION_DEFINITION)!
  return expand(operation.selectionSet)
}

interface Counts {
  aliases: number
  depth: number
  recursion: number
}

function naive(set: SelectionSetNode, path: readonly string[] = []): Counts {
  const counts = { aliases: 0, depth: 0, recursion: 0 }
  for (const node of set.selections) {
    if (node.kind !== Kind.FIELD) throw new Error('not expanded')
    const here = [...path, node.name.value]
    const within = node.selectionSet ? naive(node.selectionSet, here) : { aliases: 0, depth: 0, recursion: 0 }
    const same = node.selectionSet ? here.filter((name) => name === node.name.value).length : 0
    counts.aliases += within.aliases + (node.alias ? 1 : 0)
    counts.depth = Math.max(counts.depth, 1 + within.depth)
    counts.recursion = Math.max(counts.recursion, same, within.recursion)
  }
  return counts
}

/** Documents of up to six fragments, each spreading only those after it; all are reached from the operation. */
const documents = fc
  .array(
    fc.array(
      fc.record({
        name: fc.constantFrom('a', 'b', 'c'),
        alias: fc.boolean(),
        spread: fc.nat(5),
        how: fc.constantFrom('leaf', 'object', 'spread', 'inline', 'within'),
      }),
      { minLength: 1, maxLength: 4 },
    ),
    { minLength: 1, maxLength: 6 },
  )
  .map((sets) => {
    const text = (at: number): string => {
      const parts = sets[at]!.map(({ name, alias, spread, how }, i) => {
        const field = alias ? `x${i}: ${name}` : name
        const next = at + 1 + (spread % Math.max(1, sets.length - at - 1))
        if (next >= sets.length || how === 'leaf') return field
        if (how === 'object') return `${field} { ${name} { leaf } }`
        if (how === 'inline') return `... on Q { ${field} ...F${next} }`
        return how === 'spread' ? `...F${next}` : `${field} { ...F${next} }`
      })
      return `{ ${parts.join(' ')} ${at + 1 < sets.length ? `...F${at + 1}` : ''} }`
    }
    return parse(`query ${text(0)} ${sets.map((_, i) => (i ? `fragment F${i} on Q ${text(i)}` : '')).join(' ')}`)
  })

describe('any document', () => {
  it('is counted as its naive expansion is, fragment by fragment', () => {
    const unlimited = Object.fromEntries(Object.keys(DEFAULT_LIMITS).map((name) => [name, Number.MAX_SAFE_INTEGER]))
    fc.assert(
      fc.property(documents, (document) => {
        const counts = naive(expanded(document))
        for (const rule of ['aliases', 'depth', 'recursion'] as const) {
          const limits = { ...unlimited, [rule]: counts[rule] } as unknown as OperationLimits
          expect(checkOperation(document, limits)).toBeUndefined()
          if (counts[rule] === 0) continue
          expect(checkOperation(document, { ...limits, [rule]: counts[rule] - 1 })?.extensions).toMatchObject({
            detail: { rule, found: counts[rule] },
          })
        }
      }),
      { numRuns: 500 },
    )
  })
})
