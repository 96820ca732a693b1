// Every way to an object of another tenant: by each entity of each subgraph, by each field of the graph that takes an id, by link, by
// subscription. Each answers as if the object did not exist. Ways are read from the graph, so that a new one fails until it is tried.
import 'reflect-metadata'
import {
  type ExecutionResult,
  type GraphQLField,
  type GraphQLInputType,
  type GraphQLObjectType,
  type GraphQLSchema,
  getNamedType,
  isInputObjectType,
  isLeafType,
  isObjectType,
  isRequiredArgument,
  Kind,
  parse,
} from 'graphql'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { SUBGRAPHS } from '../../cli/subgraphs.ts'
import { openDispatch } from '../../compute/dispatch/dispatch.ts'
import { openMemoryBus } from '../../infra/bus/memory.ts'
import { systemClock as clock } from '../../infra/clock.ts'
import { linkKey, nameInLink } from '../../infra/links.ts'
import { silentLog } from '../../infra/log.ts'
import { createMetrics } from '../../infra/metrics.ts'
import { openStore } from '../../infra/store/open.ts'
import type { Store } from '../../infra/store/port.ts'
import { PROCESS } from '../../schema/caller.ts'
import { openSubgraph, type Subgraph } from '../../subgraphs/shared/subgraph.ts'
import { freshDatabase, type TestDatabase } from '../support/database.ts'
import { openGraph, type TestGraph } from '../support/graph.ts'

let database: TestDatabase
let graph: TestGraph
let store: Store
const subgraphs: Subgraph[] = []
const closers: (() => Promise<unknown>)[] = []
/** Ids that the tenant `local` has, by type. */
let owned: Record<string, string>

interface Known {
  readonly id: string
}

/** Rules come with the product and are the same for every tenant. */
const SHARED_TYPES = new Set(['RuleSet'])
/** Entities that a subgraph only adds fields to: it repeats the id that it is given, whoever asks and whether there is such an object. */
const ECHOED = new Set([
  ...['Scenario@economies', 'Economy@mechanisms', 'Scenario@mechanisms', 'Run@parameters', 'Scenario@parameters'],
  ...['Economy@portfolios', 'Run@portfolios', 'Scenario@portfolios', 'Reform@scenarios'],
])

const caller = (tenant: string) => ({ tenant, requestId: 'test', principal: PROCESS })
const plain = (result: object) =>
  JSON.parse(JSON.stringify(result)) as ExecutionResult<Record<string, Record<string, unknown> | null>>
const askAs = async (tenant: string, query: string, variables: Record<string, unknown> = {}) =>
  plain(await graph.embedded.gateway.execute({ query, variables, caller: caller(tenant) }))
const codesOf = ({ errors = [] }: ExecutionResult) => errors.map(({ extensions }) => extensions?.['code'])
/** Of the same form, and nobody's. */
const missing = (id: string) => id.replace(/.$/, (last) => (/[A-Z]/.test(last) ? 'Q' : /\d/.test(last) ? '7' : 'q'))
/** An answer without the id that was asked for. */
const without = (answer: object, id: string) => JSON.stringify(answer).replaceAll(id, 'ID')

beforeAll(async () => {
  database = await freshDatabase()
  graph = await openGraph({ DATABASE_URL: database.url })
  const made = await graph.ask<{
    commitChanges: { commit: { id: string } }
    createScenario: { scenario: { run: { id: string } } }
  }>(`mutation {
    createBranch(input: { tree: "us-federal", name: "mine" }) { branch { name } }
    commitChanges(input: { tree: "us-federal", branch: "mine", message: "m", author: "me", changes: [{ parameter: "us.federal.income_tax.brackets.7.rate", from: "2026", value: 40, unit: "percent" }] }) { commit { id } }
    importPopulation(input: { id: "own-units", title: "Mine", year: 2024, preset: "taxcalc", csv: "RECID,MARS,e00200p,e00200s,s006\\n1,1,50000,0,100.5\\n" }) { imported }
    createReform(input: { id: "mine", title: "Mine", changes: [{ parameter: "us.federal.income_tax.brackets.7.rate", from: "2025", value: 50, unit: "percent" }] }) { findings { code } }
    createScenario(input: { id: "mine", title: "Mine", economyId: "USA", reformId: "mine", bankId: "us-health@1.0.0", portfolioId: "balanced-demo", horizonYears: 1, draws: 64 }) {
      scenario { run { id } }
    }
  }`)
  const found = await graph.ask<{
    mechanismBank: { mechanisms: { edges: [{ node: Known & { from: Known; citations: [{ study: Known }] } }] } }
  }>(`{
    mechanismBank(id: "us-health@1.0.0") { mechanisms(first: 1) { edges { node { id from { id } citations { study { id } } } } } }
  }`)
  const [{ node }] = found.mechanismBank.mechanisms.edges
  owned = {
    Dataset: 'us-circular-flow@2024-q4',
    Economy: 'USA',
    Series: 'us-circular-flow@2024-q4/gdp',
    Mechanism: node.id,
    MechanismBank: 'us-health@1.0.0',
    Node: node.from.id,
    Study: node.citations[0].study.id,
    Parameter: 'us.federal.income_tax.brackets.7.rate',
    ParameterTree: 'us-federal',
    Population: 'own-units',
    Reform: 'mine',
    ReformCommit: made.commitChanges.commit.id,
    Run: made.createScenario.scenario.run.id,
    Scenario: 'mine',
    Instrument: 'us-equity',
    Portfolio: 'balanced-demo',
  }
  store = await openStore(database.url, { log: silentLog })
  const bus = openMemoryBus(clock)
  const metrics = createMetrics('test')
  const dispatch = openDispatch({ store, bus, clock, log: silentLog, metrics, sweeps: false })
  closers.push(
    () => dispatch.close(),
    () => bus.close(),
    () => store.close(),
  )
  for (const definition of Object.values(SUBGRAPHS))
    subgraphs.push(await openSubgraph(definition, { store, dispatch, clock, log: silentLog }))
})
afterAll(async () => {
  for (const close of closers) await close()
  await graph?.close()
  await database?.drop()
})

/** Everything of a type that needs no arguments, so many levels deep; `external` fields and what another subgraph must give left out. */
function selectionOf(type: GraphQLObjectType, depth: number): string {
  const fields = Object.values(type.getFields()).flatMap((field: GraphQLField<unknown, unknown>) => {
    if (field.args.some(isRequiredArgument)) return []
    const inner = getNamedType(field.type)
    if (isLeafType(inner)) return [field.name]
    if (!isObjectType(inner) || depth === 0) return []
    return [`${field.name} { ${selectionOf(inner, depth - 1)} }`]
  })
  return ['__typename', ...fields].join(' ')
}

/** Types with a key that a subgraph resolves, from its own text. */
const entitiesOf = ({ sdl }: Subgraph) =>
  parse(sdl).definitions.flatMap((node) => {
    if (node.kind !== Kind.OBJECT_TYPE_DEFINITION) return []
    const keys = (node.directives ?? []).filter(({ name }) => name.value === 'key')
    return keys.flatMap(({ arguments: given = [] }) => {
      const argument = (name: string) => given.find((one) => one.name.value === name)?.value
      const [fields, resolvable] = [argument('fields'), argument('resolvable')]
      if (fields?.kind !== Kind.STRING || (resolvable?.kind === Kind.BOOLEAN && !resolvable.value)) return []
      return [{ type: node.name.value, key: fields.value }]
    })
  })

describe('an entity of another tenant', () => {
  it('is known by its id alone, and there is one of each type to try', () => {
    const types = new Set(subgraphs.flatMap(entitiesOf).map(({ type, key }) => `${type} ${key}`))
    const tried = Object.keys(owned).map((type) => `${type} id`)
    expect([...types].sort()).toEqual([...tried, ...[...SHARED_TYPES].map((type) => `${type} id`)].sort())
  })

  it('is at each subgraph, by _entities, as if it did not exist', async () => {
    for (const subgraph of subgraphs)
      for (const { type } of entitiesOf(subgraph)) {
        if (SHARED_TYPES.has(type)) continue
        const id = owned[type]!
        const place = `${type}@${subgraph.name}`
        const query = `query ($of: [_Any!]!) { _entities(representations: $of) { ... on ${type} { ${selectionOf(subgraph.schema.getType(type) as GraphQLObjectType, 1)} } } }`
        const ask = async (tenant: string, one: string) => {
          const variables = { of: [{ __typename: type, id: one }] }
          return plain(await subgraph.execute({ query, variables, caller: caller(tenant) }))
        }
        const theirs = without(await ask('stranger', id), id)
        expect(theirs, place).toBe(without(await ask('stranger', missing(id)), missing(id)))
        // The same question of its owner is answered, so that it could have told something.
        if (!ECHOED.has(place)) expect(without(await ask('local', id), id), place).not.toBe(theirs)
      }
  })
})

const ID_FIELDS = /^id:ID!$/

/** Paths of arguments, and of members of their inputs, that are ids. */
function idsIn(type: GraphQLInputType, path: string, seen: readonly string[] = []): string[] {
  const named = getNamedType(type)
  if (named.name === 'ID') return [path]
  if (!isInputObjectType(named) || seen.includes(named.name)) return []
  return Object.values(named.getFields()).flatMap((field) =>
    idsIn(field.type, `${path}.${field.name}`, [...seen, named.name]),
  )
}
const waysOf = (schema: GraphQLSchema, root: 'Query' | 'Mutation' | 'Subscription') =>
  Object.values((schema.getType(root) as GraphQLObjectType).getFields()).filter((field) =>
    field.args.some((argument) => idsIn(argument.type, argument.name).length > 0),
  )

const PARAMETER = 'us.federal.income_tax.brackets.7.rate'
const CHANGE = `{ parameter: "${PARAMETER}", from: "2025", value: 50, unit: "percent" }`
const LAW = { tree: 'us-federal', date: '2025-01-01' }
const RULES = { ruleSet: 'us-federal', year: 2025 }

describe('an object of another tenant', () => {
  it('is by no field with an id as if it existed', async () => {
    const { schema } = graph.embedded.gateway
    const byId = waysOf(schema, 'Query').filter(
      ({ args }) => args.length === 1 && ID_FIELDS.test(`${args[0]!.name}:${args[0]!.type}`),
    )
    for (const field of byId) {
      const type = getNamedType(field.type) as GraphQLObjectType
      if (SHARED_TYPES.has(type.name)) continue
      const id = owned[type.name]!
      const query = `query ($id: ID!) { ${field.name}(id: $id) { ${selectionOf(type, 1)} } }`
      const theirs = await askAs('stranger', query, { id })
      expect(theirs.data?.[field.name] ?? null, field.name).toBeNull()
      for (const code of codesOf(theirs)) expect(code, field.name).toBe('NOT_FOUND')
      const nothing = await askAs('stranger', query, { id: missing(id) })
      expect(without(theirs, id), field.name).toBe(without(nothing, missing(id)))
      const own = await graph.ask<Record<string, unknown>>(
        `query ($id: ID!) { ${field.name}(id: $id) { __typename } }`,
        { id },
      )
      expect(own[field.name], field.name).not.toBeNull()
    }
    const others = waysOf(schema, 'Query').filter((field) => !byId.includes(field))
    expect(others.map(({ name }) => name).sort()).toEqual([
      'auditLog',
      'calculate',
      'compareTrees',
      'diff',
      'exportParameters',
      'household',
      'mechanisms',
    ])
  })

  it('is not read by way of a list, an export, a comparison or a calculation', async () => {
    const tried: [string, Record<string, unknown>, string][] = [
      ['query ($id: ID!) { mechanisms(bank: $id) { totalCount } }', { id: owned['MechanismBank'] }, 'MechanismBank'],
      [
        'query ($id: ID!) { exportParameters(tree: $id, dialect: OPENFISCA) { __typename files { __typename } } }',
        { id: 'us-federal' },
        'ParameterTree',
      ],
      [
        'query ($here: ComparedTreeInput!, $there: ComparedTreeInput!) { compareTrees(here: $here, there: $there) { __typename } }',
        { here: { tree: 'us-federal' }, there: { tree: 'us-federal' } },
        'ParameterTree',
      ],
      [
        'query ($a: LawInput!, $b: LawInput!) { diff(base: $a, changed: $b) { parameters(first: 1) { totalCount } } }',
        { a: LAW, b: { ...LAW, reform: 'mine' } },
        'ParameterTree',
      ],
      [
        'query ($in: HouseholdInput!) { household(input: $in) { reform { id title } variables { name value } } }',
        { in: { ...RULES, reform: 'mine', values: [] } },
        'Reform',
      ],
      [
        'query ($in: CalculateInput!) { calculate(input: $in) { reform { id title } } }',
        { in: { ...RULES, reform: 'mine', units: [{ values: [] }] } },
        'Reform',
      ],
    ]
    for (const [query, variables, type] of tried) {
      const id = owned[type]!
      const replaced = JSON.parse(
        JSON.stringify(variables).replaceAll(JSON.stringify(id), JSON.stringify(missing(id))),
      ) as Record<string, unknown>
      const theirs = await askAs('stranger', query, variables)
      for (const code of codesOf(theirs)) expect(['NOT_FOUND', 'INPUT_FAILED'], query).toContain(code)
      // Of several things that are not there, whichever was looked for first is told.
      const nothing = await askAs('stranger', query, replaced)
      expect([theirs.data, codesOf(theirs)], query).toEqual([nothing.data, codesOf(nothing)])
      expect(JSON.stringify(theirs), query).not.toContain('Mine')
      expect(without(await askAs('local', query, variables), id), query).not.toBe(without(theirs, id))
    }
  })

  it('is not in the audit of another', async () => {
    type Log = { auditLog: { edges: { node: { id: string } }[] } }
    const query = 'query ($id: ID) { auditLog(first: 1, filter: { id: $id }) { edges { node { id } } } }'
    const own = async () => (await graph.ask<Log>(query)).auditLog.edges
    await expect.poll(own, { timeout: 10_000 }).not.toEqual([])
    const [{ node } = { node: { id: '' } }] = await own()
    expect((await graph.ask<Log>(query, { id: node.id })).auditLog.edges).toEqual([{ node }])
    expect(await askAs('stranger', query, { id: node.id })).toEqual({ data: { auditLog: { edges: [] } } })
  })

  it('is changed by no mutation, and those that could name one are all tried', async () => {
    const run = owned['Run']!
    const head = { tree: 'us-federal', author: 'x', message: 'x' }
    /** What each is given; where it makes something, of the stranger's own. */
    const refused: Record<string, Record<string, unknown>> = {
      createBranch: { tree: 'us-federal', name: 'theirs', from: 'mine' },
      deleteBranch: { tree: 'us-federal', name: 'mine' },
      commitChanges: { ...head, branch: 'mine', changes: [] },
      tagCommit: { tree: 'us-federal', name: 'theirs', commit: 'mine' },
      mergeBranches: { ...head, into: 'mine', from: 'mine' },
      deletePopulation: { id: owned['Population'] },
      runPopulation: { ruleSet: RULES.ruleSet, population: owned['Population'], reforms: ['mine'] },
      saveParameters: { ...head, parameters: [], scales: [] },
      createParameterTree: { id: 'theirs', title: 'x', copyOf: 'us-federal', licence: 'x', author: 'x' },
      cancelRun: { id: run },
      verifyRun: { id: run },
      redriveShard: { id: run },
      runScenario: { scenarioId: 'mine' },
    }
    /** These make an object under an id, of the tenant that asks, and look at nobody else's: see tenants.test.ts for what they are built on. */
    const making = [
      'importSeries',
      'importMechanismBank',
      'importParameters',
      'uploadPart',
      'importPopulation',
      'createReform',
      'setParameter',
      'importPrices',
      'createPortfolio',
      'createScenario',
      'uploadModel',
    ]
    const { schema } = graph.embedded.gateway
    const all = waysOf(schema, 'Mutation')
    expect(all.map(({ name }) => name).sort()).toEqual([...Object.keys(refused), ...making].sort())
    const before = await contents()
    for (const [name, input] of Object.entries(refused)) {
      const type = String(all.find((field) => field.name === name)!.args[0]!.type)
      const answer = await askAs('stranger', `mutation ($input: ${type}) { ${name}(input: $input) { __typename } }`, {
        input,
      })
      expect(codesOf(answer), `${name}: ${JSON.stringify(answer)}`).toEqual(['NOT_FOUND'])
    }
    const reform = await askAs(
      'stranger',
      `mutation { createReform(input: { id: "mine", title: "Theirs", changes: [${CHANGE}] }) { reform { id title } findings { code } } }`,
    )
    expect(JSON.stringify(reform)).not.toContain('"Mine"')
    expect(await contents()).toEqual(before)
  })

  it('is not pushed, and every subscription is tried', async () => {
    const pushed: Record<string, string> = {
      parameterChanged: owned['Parameter']!,
      runPartialResults: owned['Run']!,
      runUpdated: owned['Run']!,
    }
    const ways = waysOf(graph.embedded.gateway.schema, 'Subscription')
    expect(ways.map(({ name }) => name).sort()).toEqual(Object.keys(pushed))
    for (const [field, id] of Object.entries(pushed)) {
      const query = `subscription ($id: ID!) { ${field}(id: $id) { id __typename } }`
      const asked = { query, variables: { id }, caller: caller('stranger') }
      const results = await graph.embedded.gateway.subscribe(asked)
      const seen: ExecutionResult[] = []
      if (Symbol.asyncIterator in results) for await (const result of results) seen.push(plain(result))
      else seen.push(plain(results))
      expect(seen.flatMap(codesOf), field).toEqual(['NOT_FOUND'])
      expect(JSON.stringify(seen.map(({ data }) => data)), field).not.toContain(id)
    }
  })

  it('is not downloaded by the link of its owner', async () => {
    const { run } = await graph.ask<{ run: { download: { url: string } } }>(
      'query ($id: ID!) { run(id: $id) { download(format: CSV) { url } } }',
      { id: await finished() },
    )
    const key = await linkKey(graph.embedded.gateway.bus)
    const { pathname, search } = new URL(run.download.url, 'http://gateway')
    expect(nameInLink(key, pathname + search, 'local', clock.now())).toBeTruthy()
    expect(() => nameInLink(key, pathname + search, 'stranger', clock.now())).toThrow(
      expect.objectContaining({ code: 'NOT_FOUND' }),
    )
  })
})

/** Waits for the run by its subscription. */
async function finished(): Promise<string> {
  const query = 'subscription ($id: ID!) { runUpdated(id: $id) { status } }'
  const results = await graph.embedded.gateway.subscribe({
    query,
    variables: { id: owned['Run'] },
    caller: caller('local'),
  })
  if (!(Symbol.asyncIterator in results)) throw new Error(JSON.stringify(results))
  for await (const { errors } of results) expect(errors).toBeUndefined()
  return owned['Run']!
}

/** What the first tenant has, as it reads it. */
const contents = () =>
  graph.ask(`{
    reforms { totalCount } reform(id: "mine") { title changes { parameter { id } } } scenarios { totalCount } populations { id }
    parameterTree(id: "us-federal") { branch(name: "mine") { head { id } } } portfolios { totalCount } runs { totalCount }
  }`)
