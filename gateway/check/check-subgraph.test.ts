// The check of a subgraph: what composes, what breaks, what is not in style, and how it would be planned.
import { parse } from 'graphql'
import { describe, expect, it } from 'vitest'
import { faultOf } from '../../test/support/faults.ts'
import { grantFaults } from '../authorise/grants.ts'
import { composeSupergraph } from '../compose.ts'
import { checkSubgraph } from './check-subgraph.ts'
import { subgraphsOf } from './subgraphs-of.ts'

const LINK = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.5", import: ["@key", "@external", "@requires", "@shareable"])`
const url = 'http://127.0.0.1:1/graphql'
const part = (name: string, sdl: string) => ({ name, url, sdl: `${LINK}\n${sdl}` })

const BANKS = part(
  'banks',
  `type Query { bank(id: ID!): Bank banks(first: Int = 20): [Bank!]! }
   type Bank @key(fields: "id") { id: ID! name: String! assets: Float home: Country }
   type Country @key(fields: "code") { code: ID! }`,
)
const RATINGS = `
"""What we think of a bank."""
type Rating {
  """The grade."""
  grade(
    """On which scale."""
    scale: Scale = LETTERS
  ): String!
}
"""How grades are written."""
enum Scale {
  """A, B, C."""
  LETTERS
  """1, 2, 3."""
  NUMBERS
}
type Bank @key(fields: "id") {
  id: ID!
  assets: Float @external
  """Our rating."""
  rating: Rating @requires(fields: "assets")
}`
const check = (sdl: string, options = {}, current = [BANKS]) => checkSubgraph(part('ratings', sdl), current, options)
const codes = (found: { findings: readonly { severity: string; code: string; path: string | null }[] }) =>
  found.findings
    .filter(({ severity }) => severity !== 'INFO')
    .map(({ severity, code, path }) => `${severity} ${code} ${path}`)

describe('a subgraph that adds to an entity', () => {
  it('passes, with what it adds and a plan for each field of an entity', async () => {
    const found = await check(RATINGS)
    expect(codes(found)).toEqual([])
    expect(found.passed).toBe(true)
    expect(found.findings.map(({ path }) => path)).toContain('Bank.rating')
    expect(found.plans).toEqual([
      {
        path: 'Bank.rating',
        operation: '{ bank(id: "sample") { rating { grade } } }',
        plan: 'banks > ratings',
        depth: 2,
        fetches: 2,
      },
    ])
  })

  it('may be the first of all', async () => {
    const found = await checkSubgraph(BANKS, [])
    expect(found.passed).toBe(true)
    expect(found.plans.map(({ path, plan }) => `${path} ${plan}`)).toContain('Query.bank banks')
  })

  it('may be checked against a composed supergraph alone', async () => {
    const current = subgraphsOf(composeSupergraph([BANKS]))
    expect(current.map(({ name }) => name)).toEqual(['banks'])
    expect(current[0]?.url).toBe(url)
    expect(codes(await check(RATINGS, {}, current))).toEqual([])
    expect(faultOf(() => subgraphsOf('type Query { a: Int }'))).toMatchObject({ code: 'BAD_INPUT' })
  })
})

describe('a subgraph that does not compose', () => {
  it.each([
    ['a syntax error', 'type Bank {\n', 'SYNTAX', 3],
    ['a type that there is not', 'type Bank @key(fields: "id") {\n id: ID!\n rating: Nothing\n}', 'INVALID_GRAPHQL', 4],
    ['a field of another type', 'type Bank @key(fields: "id") {\n id: ID!\n name: Int! }', 'FIELD_TYPE_MISMATCH', 4],
    ['a key of fields that it lacks', '\ntype Bank @key(fields: "code") { id: ID! }', 'KEY_INVALID_FIELDS', 3],
  ])('is told where for %s', async (_, sdl, code, line) => {
    const found = await check(sdl)
    expect(found.passed).toBe(false)
    expect(found.supergraphSdl).toBeUndefined()
    expect(found.findings).toContainEqual(expect.objectContaining({ severity: 'ERROR', code, line }))
  })
})

describe('a change of a subgraph', () => {
  const before = part('ratings', RATINGS)
  const change = (from: string | RegExp, to: string, options = {}) =>
    check(RATINGS.replace(from, to), options, [BANKS, before])

  it.each([
    ['takes a field away', 'rating: Rating @requires', 'grade: Rating @requires', 'FIELD_REMOVED Bank.rating'],
    [
      'makes an argument mandatory',
      'scale: Scale = LETTERS',
      'scale: Scale!',
      'FIELD_ARGUMENT_TYPE_CHANGED Rating.grade.scale',
    ],
    ['lets be null what was not', '): String!', '): String', 'FIELD_TYPE_CHANGED Rating.grade'],
    ['takes a value away', /"""1, 2, 3."""\s+NUMBERS/, '', 'ENUM_VALUE_REMOVED Scale.NUMBERS'],
  ])('breaks clients where it %s', async (_, from, to, finding) => {
    const found = await change(from, to)
    expect(found.passed).toBe(false)
    expect(codes(found)).toContain(`ERROR ${finding}`)
    expect(found.findings.find(({ severity }) => severity === 'ERROR')?.suggestion).toBeTruthy()
    const allowed = await change(from, to, { allowBreaking: true })
    expect(allowed.passed).toBe(true)
    expect(codes(allowed)).toContain(`WARNING ${finding}`)
  })

  it('is dangerous where it adds a value that clients do not know', async () => {
    const found = await change('NUMBERS\n', 'NUMBERS\n"""One to five."""\nSTARS\n')
    expect(codes(found)).toEqual(['WARNING ENUM_VALUE_ADDED Scale.STARS'])
    expect(found.passed).toBe(true)
  })

  it('breaks other subgraphs where it takes a key away', async () => {
    const [old, young] = ['@key(fields: "id") @key(fields: "code")', '@key(fields: "id")'].map((keys) =>
      part('banks', `type Query { bank: Bank } type Bank ${keys} { id: ID! code: ID! name: String home: String }`),
    )
    const found = await checkSubgraph(young!, [old!])
    expect(codes(found)).toContain('ERROR KEY_REMOVED Bank')
  })

  it('that only rewrites a description is none', async () => {
    expect((await change('The grade.', 'A grade.')).findings).toEqual([])
  })
})

describe('style', () => {
  it.each([
    [
      'a type in snake case',
      '"""X."""\ntype bad_name { """X.""" a: Int } type Query { """X.""" x: bad_name }',
      'NAME_STYLE bad_name',
    ],
    ['a field in capitals', 'type Query { """X.""" Loud: Int }', 'NAME_STYLE Query.Loud'],
    [
      'a value in small letters',
      '"""X."""\nenum E { """X.""" small } type Query { """X.""" e: E }',
      'NAME_STYLE E.small',
    ],
    ['a field without a description', 'type Query { x: Int }', 'DESCRIPTION_MISSING Query.x'],
    ['an argument without a description', 'type Query { """X.""" x(a: Int): Int }', 'DESCRIPTION_MISSING Query.x(a:)'],
    [
      'a deprecation without a reason',
      'type Query { """X.""" x: Int @deprecated }',
      'DEPRECATED_WITHOUT_REASON Query.x',
    ],
    ['an id that is a number', 'type Query { """X.""" bankId: Int }', 'ID_TYPE Query.bankId'],
    [
      'an endless list',
      'type Query { """X.""" all: [Bank!] } type Bank @key(fields: "id") { id: ID! }',
      'LIST_UNBOUNDED Query.all',
    ],
    [
      'an object with an id and no key',
      '"""X."""\ntype Own { """X.""" id: ID! } type Query { """X.""" o: Own }',
      'ENTITY_WITHOUT_KEY Own',
    ],
    [
      'a directive of its own',
      'extend schema @link(url: "https://acme.example/own/v1.0", import: ["@own"]) directive @own on OBJECT type Query { """X.""" x: Int }',
      'PRIVATE_DIRECTIVE https://acme.example/own/v1.0',
    ],
  ])('warns of %s, with its line', async (_, sdl, finding) => {
    const found = await check(sdl)
    expect(codes(found)).toContain(`WARNING ${finding}`)
    expect(found.passed).toBe(true)
    expect(found.findings.find(({ severity }) => severity === 'WARNING')?.line).toBeGreaterThan(1)
  })

  it('refuses an object of another subgraph without a key', async () => {
    expect(codes(await check('type Country { code: ID! @shareable }'))).toContain('ERROR ENTITY_WITHOUT_KEY Country')
  })
})

it('warns of a field that takes many requests in a row', async () => {
  const chain = ['a', 'b', 'c'].map((name, i, all) =>
    part(
      name,
      `type Bank @key(fields: "id") { id: ID! ${i === 0 ? '' : `${all[i - 1]}: Int @external `}${name}: Int ${i === 0 ? '' : `@requires(fields: "${all[i - 1]}")`} }`,
    ),
  )
  const found = await check(
    'type Bank @key(fields: "id") { id: ID! c: Int @external """X.""" d: Int @requires(fields: "c") }',
    {},
    [BANKS, ...chain],
  )
  expect(codes(found)).toEqual(['WARNING SEQUENTIAL_FETCHES Bank.d'])
  expect(found.plans[0]).toMatchObject({ plan: 'banks > a > b > c > ratings', depth: 5 })
})

describe('a subgraph of a partner', () => {
  const guarded = (sdl: string) => ({
    ...BANKS,
    sdl: sdl
      .replace('"@shareable"', '"@shareable", "@authenticated"')
      .replace('type Bank @key', 'type Bank @authenticated @key'),
  })
  const message = 'the partner ratings requires Bank.assets, which it is not granted'
  const suggestion = expect.stringContaining('partners.ratings.entities: { Bank: [assets] }')
  const asked = ({ findings }: { findings: readonly { code: string }[] }) =>
    findings.filter(({ code }) => code === 'NOT_GRANTED')

  it('does not pass where it asks for more than it is granted, in the words of the gateway', async () => {
    const grants = { ratings: { entities: { Bank: ['id'] } } }
    const found = await check(RATINGS, { grants })
    expect(found.passed).toBe(false)
    expect(asked(found)).toEqual([{ severity: 'ERROR', code: 'NOT_GRANTED', path: 'Bank.assets', message, suggestion }])
    expect(grantFaults(parse(found.supergraphSdl!), grants)).toContain(message)
  })

  it('passes with all that it asks for granted', async () => {
    const found = await check(RATINGS, { grants: { ratings: { entities: { Bank: ['id', 'assets'] } } } })
    expect(asked(found)).toEqual([])
    expect(found.passed).toBe(true)
  })

  it('of which the configuration knows nothing is told what it will be sent, and warned of what not everybody may see', async () => {
    const open = await check(RATINGS, { grants: {} })
    expect(asked(open)).toMatchObject([{ severity: 'INFO', path: 'Bank.assets', message }])
    const closed = await check(RATINGS, { grants: {} }, [guarded(BANKS.sdl)])
    expect(asked(closed)).toMatchObject([{ severity: 'WARNING', path: 'Bank.assets', message }])
    expect(closed.passed).toBe(true)
  })

  it('is not asked for grants where it is none', async () => {
    expect(asked(await check(RATINGS))).toEqual([])
  })
})
