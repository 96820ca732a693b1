// What each tier may: the figures of one economy or of all, models of one's own, and so many scenarios at a time.
import { readFileSync } from 'node:fs'
import type { ExecutionResult } from 'graphql'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { packageFile } from '../../infra/paths.ts'
import type { Principal, Tier } from '../../schema/caller.ts'
import { openGraph, type TestGraph } from '../support/graph.ts'

const SUPERGRAPH = packageFile('schema', 'sdl', 'supergraph.graphql')

let graph: TestGraph
beforeAll(async () => {
  graph = await openGraph()
})
afterAll(() => graph?.close())

const principal = (tier: Tier, scopes: readonly string[] = ['*']): Principal => ({
  ...{ subject: 'ann', proof: 'token', scopes, roles: [], tier },
})
async function ask(query: string, who: Principal, variables: Record<string, unknown> = {}) {
  const caller = { tenant: 'local', requestId: 'test', principal: who }
  return JSON.parse(
    JSON.stringify(await graph.embedded.gateway.execute({ query, variables, caller })),
  ) as ExecutionResult<Record<string, never>>
}
const codesOf = ({ errors = [] }: ExecutionResult) => errors.map(({ extensions }) => extensions?.['code'])

describe('the tier free', () => {
  it('reads the figures of the United States, and is told which tier has the others', async () => {
    expect((await ask('{ economy(id: "USA") { circularFlow { Y } } }', principal('free'))).errors).toBeUndefined()
    for (const query of [
      '{ economy(id: "AUS") { name } }',
      '{ economies { edges { node { id circularFlow { Y } } } } }',
      '{ datasets { edges { node { id series { values { values } } } } } }',
    ]) {
      const answer = await ask(query, principal('free'))
      expect(codesOf(answer), query).toContain('FORBIDDEN')
      expect(answer.errors![0]!.extensions?.['detail'], query).toMatchObject({ tier: 'pro', geographies: ['USA'] })
    }
    const { data } = await ask('{ economies { edges { node { id name } } } }', principal('free'))
    expect(JSON.stringify(data)).toContain('AUS')
  })

  it('simulates one scenario at a time', async () => {
    const create = `mutation ($id: ID!, $seed: String!) { createScenario(input: { id: $id, title: "T", bankId: "us-health@1.0.0", horizonYears: 50, draws: 5000, seed: $seed, shocks: [] }) { scenario { run { id status } } } }`
    const runs = await Promise.all(
      ['a', 'b', 'c'].map((id, i) => ask(create, principal('free'), { id: `tier-${id}`, seed: String(i + 1) })),
    )
    const ids = runs.flatMap((run) => {
      const found = (run.data as { createScenario?: { scenario: { run: { id: string } | null } } } | null)
        ?.createScenario?.scenario.run
      return found ? [found.id] : []
    })
    expect(ids, JSON.stringify(runs)).toHaveLength(1)
    expect(runs.flatMap(codesOf)).toEqual(['OVERLOADED', 'OVERLOADED'])
    await ask('mutation ($id: ID!) { cancelRun(input: { id: $id }) { run { status } } }', principal('pro'), {
      id: ids[0],
    })
  })
})

describe('the tier pro', () => {
  it('reads the figures of every economy', async () => {
    const answer = await ask('{ economies { edges { node { id circularFlow { Y } } } } }', principal('pro'))
    expect(answer.errors).toBeUndefined()
  })

  it('brings no mechanisms and models of its own: those are for the tier enterprise', async () => {
    for (const query of [
      'mutation { uploadModel(input: { id: "own", title: "Own", text: "x", dryRun: true }) { findings { code } } }',
      'mutation { importMechanismBank(input: { files: [], dryRun: true }) { findings { code } } }',
    ]) {
      for (const tier of ['free', 'pro'] as const) {
        const answer = await ask(query, principal(tier))
        expect([answer.data, codesOf(answer)], query).toEqual([undefined, ['FORBIDDEN']])
        expect(answer.errors![0]!.extensions?.['detail'], query).toMatchObject({ policies: [['tier:enterprise']] })
      }
      expect(codesOf(await ask(query, principal('enterprise'))), query).not.toContain('FORBIDDEN')
    }
  })
})

describe('scopes', () => {
  it('are asked for by what writes, and by the state of the fleet', async () => {
    const tried: [string, string][] = [
      ['mutation { createReform(input: { title: "x", changes: [] }) { findings { code } } }', 'parameters:write'],
      ['mutation { createReform(input: { title: "x", changes: [] }) { findings { code } } }', 'scenarios:write'],
      [
        'mutation { createPortfolio(input: { id: "p", title: "x", currency: "USD", positions: [] }) { findings { code } } }',
        'portfolios:write',
      ],
      ['mutation { cancelRun(input: { id: "x" }) { run { id } } }', 'scenarios:write'],
      ['{ fleet { __typename } }', 'admin'],
    ]
    for (const [query, scope] of tried) {
      expect(codesOf(await ask(query, principal('enterprise', ['other:write']))), query).toEqual(['FORBIDDEN'])
      expect(codesOf(await ask(query, principal('enterprise', [scope]))), `${query} ${scope}`).not.toContain(
        'FORBIDDEN',
      )
    }
  })

  it('are asked for where reading has something computed that was not before, and not by reading what there is', async () => {
    const create =
      'mutation { createScenario(input: { id: "first-run", title: "T", bankId: "us-health@1.0.0", economyId: "USA", horizonYears: 2, draws: 100 }) { scenario { id } } }'
    expect((await ask(create, principal('enterprise'))).errors).toBeUndefined()
    const read = '{ scenario(id: "first-run") { title run { id } } }'
    const before = await ask(read, principal('pro', ['parameters:write']))
    expect(before.data).toEqual({ scenario: { title: 'T', run: null } })
    expect(before.errors).toMatchObject([
      {
        path: ['scenario', 'run'],
        extensions: { code: 'FORBIDDEN', detail: { scopes: [['scenarios:write']], suggestion: expect.any(String) } },
      },
    ])
    const made = await ask(read, principal('pro', ['scenarios:write']))
    expect(made.errors).toBeUndefined()
    const after = await ask(read, principal('pro', []))
    expect(after).toEqual(made)
  })

  it('are asked for by the risk of a portfolio likewise, and not by the taxes of a unit', async () => {
    const risk = '{ portfolio(id: "balanced-demo") { riskRun { id } } }'
    expect(codesOf(await ask(risk, principal('pro', [])))).toEqual(['FORBIDDEN'])
    expect((await ask(risk, principal('pro', ['portfolios:write']))).errors).toBeUndefined()
    expect((await ask(risk, principal('pro', []))).errors).toBeUndefined()
    const all = readFileSync(packageFile('examples', 'household.graphql'), 'utf8')
    const [unit = ''] = /^query Family.*?^}/ms.exec(all) ?? []
    expect((await ask(unit, principal('pro', []))).errors).toBeUndefined()
  })

  it('are asked for by every mutation, so that none is open by mistake', () => {
    const [, mutation = ''] = /^type Mutation$(.*?)^}/ms.exec(readFileSync(SUPERGRAPH, 'utf8')) ?? []
    const fields = mutation.match(/^ {2}\)?.*: \w+!? @join__field.*$/gm) ?? []
    expect(fields.length).toBeGreaterThan(20)
    for (const field of fields) expect(field).toContain('@requiresScopes')
  })

  it('are not asked for by reading, which takes an identity for what a tenant keeps for itself', async () => {
    const own = '{ scenarios { totalCount } runs { totalCount } portfolios { totalCount } }'
    expect((await ask(own, principal('free', []))).errors).toBeUndefined()
    const nobody: Principal = { ...principal('free', []), proof: 'demo' }
    expect(codesOf(await ask(own, nobody))).toEqual(['UNAUTHENTICATED', 'UNAUTHENTICATED', 'UNAUTHENTICATED'])
    expect(
      (await ask('{ economies { totalCount } parameterTrees { id } mechanismBanks { totalCount } }', nobody)).errors,
    ).toBeUndefined()
  })
})
