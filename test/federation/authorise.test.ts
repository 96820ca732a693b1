// @authenticated, @requiresScopes and @policy: on fields, types, interfaces, unions, scalars and enums, in every shape of operation.
import type { ExecutionResult, GraphQLError } from 'graphql'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Results } from '../../gateway/gateway.ts'
import { PROCESS, type Principal } from '../../schema/caller.ts'
import { subjects } from '../../schema/jobs.ts'
import { type GuardedGraph, guardedSupergraph, openGuarded, somebody } from './guarded-graph.ts'

const policies = { owners: { roles: ['owner'], tenants: ['acme'] } }
const anonymous: Principal = somebody({ proof: 'demo', subject: 'anonymous' })

describe.each(['compiled', 'apollo'] as const)('authorisation over the executor %s', (executor) => {
  let graph: GuardedGraph
  beforeAll(async () => {
    graph = await openGuarded(policies, executor)
  })
  afterAll(() => graph?.close())

  const caller = (principal: Principal, tenant = 'acme') => ({ tenant, requestId: 'r', principal })
  async function ask(query: string, principal: Principal, variables: Record<string, unknown> = {}, tenant = 'acme') {
    graph.asked()
    const result = await graph.gateway.execute({ query, variables, caller: caller(principal, tenant) })
    return plain(result)
  }
  const plain = (result: ExecutionResult) =>
    JSON.parse(JSON.stringify(result)) as { data?: Record<string, never> | null; errors?: GraphQLError[] }
  const told = ({ errors = [] }: { errors?: GraphQLError[] }) =>
    errors.map(({ extensions, path }) => `${extensions['code']} ${path?.join('.')}`)

  it('gives everything to whom everything is granted, and asks the subgraphs as if nothing were guarded', async () => {
    const query = '{ person(id: "1") { email salary code notes rank bonus } vault { gold } secret payday }'
    const { data, errors } = await ask(query, { ...PROCESS, subject: 'anonymous', proof: 'demo' })
    expect(errors).toBeUndefined()
    expect(data).toEqual({
      person: { email: '1@x', salary: 7, code: 'code', notes: 'notes', rank: 'HIGH', bonus: 3 },
      vault: { gold: 9 },
      secret: 'secret',
      payday: 'friday',
    })
  })

  it('leaves a field that needs an identity out of what is asked, and answers null with UNAUTHENTICATED on its path', async () => {
    const answer = await ask('{ person(id: "1") { name mail: email } payday }', anonymous)
    expect(answer.data).toEqual({ person: { name: 'name 1', mail: null }, payday: null })
    expect(told(answer)).toEqual(['UNAUTHENTICATED person.mail', 'UNAUTHENTICATED payday'])
    expect(graph.asked().join()).not.toMatch(/email|payday/)
    expect((await ask('{ person(id: "1") { email } }', somebody())).data).toEqual({ person: { email: '1@x' } })
  })

  it('takes all scopes of one group, and says which are missing', async () => {
    const query = '{ person(id: "1") { notes } }'
    for (const scopes of [['admin'], ['notes:read', 'staff'], ['*']])
      expect((await ask(query, somebody({ scopes }))).data, String(scopes)).toEqual({ person: { notes: 'notes' } })
    for (const scopes of [[], ['notes:read'], ['staff']]) {
      const answer = await ask(query, somebody({ scopes }))
      expect(answer.data, String(scopes)).toEqual({ person: { notes: null } })
      expect(told(answer)).toEqual(['FORBIDDEN person.notes'])
      const groups = (answer.errors![0]!.extensions['detail'] as { scopes: string[][] }).scopes
      expect(groups.map((group) => [...group].sort())).toEqual(
        expect.arrayContaining([['admin'], ['notes:read', 'staff']]),
      )
    }
  })

  it('guards whatever field returns a guarded scalar or enum', async () => {
    const answer = await ask('{ person(id: "1") { name salary rank } }', anonymous)
    expect(answer.data).toEqual({ person: { name: 'name 1', salary: null, rank: null } })
    expect(told(answer)).toEqual(['FORBIDDEN person.salary', 'UNAUTHENTICATED person.rank'])
  })

  it('guards a type wherever it is returned; a tier includes those below it', async () => {
    const query = '{ vault { __typename gold } open }'
    expect((await ask(query, somebody({ tier: 'free' }))).data).toEqual({ vault: null, open: 'open' })
    for (const tier of ['pro', 'enterprise'] as const)
      expect((await ask(query, somebody({ tier }))).data?.['vault']).toEqual({ __typename: 'Vault', gold: 9 })
  })

  it('holds a policy to each of its members, and one that nobody defined against everybody', async () => {
    const query = '{ robot { name model } }'
    const owner = somebody({ roles: ['owner'] })
    expect((await ask(query, owner)).data).toEqual({ robot: { name: 'robot', model: 'm' } })
    expect((await ask(query, owner, {}, 'other')).data).toEqual({ robot: { name: null, model: 'm' } })
    expect((await ask(query, somebody())).data).toEqual({ robot: { name: null, model: 'm' } })
    const unknown = await ask('{ unknown open }', PROCESS)
    expect([unknown.data, told(unknown)]).toEqual([{ unknown: null, open: 'open' }, ['FORBIDDEN unknown']])
  })

  it('asks of an interface what any that implement it asks, and of a member of a union what that asks', async () => {
    const answer = await ask('{ being { __typename id name } }', somebody())
    expect(answer.data).toEqual({ being: { __typename: 'Robot', id: 'r', name: null } })
    const found = await ask(
      '{ found { __typename ... on Person { name code } ... on Robot { name model } ... on Being { id } } }',
      somebody({ scopes: ['code:read'] }),
    )
    expect(found.data).toEqual({
      found: [
        { __typename: 'Person', name: 'name 1', code: 'code', id: '1' },
        { __typename: 'Robot', name: null, model: 'm', id: 'r' },
      ],
    })
    expect(told(found)).toEqual(['FORBIDDEN found.name'])
  })

  it('puts a null where each guarded field stands in a list, and beside what one key means for another type', async () => {
    const { data } = await ask(
      '{ people { id x: email } found { ... on Person { x: notes } ... on Robot { x: model } } }',
      anonymous,
    )
    expect(data).toEqual({
      people: [
        { id: '1', x: null },
        { id: '2', x: null },
      ],
      found: [{ x: null }, { x: 'm' }],
    })
  })

  it('carries the null of a field that cannot be null to the nearest that can', async () => {
    const nearest: [string, unknown][] = [
      ['{ person(id: "1") { id code } open }', { person: null, open: 'open' }],
      ['{ person(id: "1") { id must { must { code } } } }', { person: null }],
      ['{ person(id: "1") { id boss { must { code } } } }', { person: { id: '1', boss: null } }],
      ['{ person(id: "1") { id team { code } } }', { person: null }],
      ['{ person(id: "1") { id peers { code } } }', { person: { id: '1', peers: [null, null] } }],
      ['{ people { boss { id code } } }', { people: [{ boss: null }, { boss: null }] }],
    ]
    for (const [query, data] of nearest) {
      const answer = await ask(query, somebody())
      expect(answer.data, query).toEqual(data)
      expect(told(answer)[0], query).toMatch(/^FORBIDDEN .*code$/)
      expect(graph.asked().join(), query).not.toMatch(/\bcode\b/)
    }
    expect((await ask('{ people { id code } }', somebody())).data).toBeNull()
  })

  it('refuses the operation where the null would be the whole answer, before anything of it runs', async () => {
    for (const query of ['{ secret open }', 'mutation { touch rename(id: "1", name: "x") { id } }']) {
      const answer = await ask(query, somebody())
      expect('data' in answer, query).toBe(false)
      expect(told(answer)[0]).toMatch(/^FORBIDDEN (secret|rename)$/)
      expect(graph.asked()).toEqual([])
    }
    expect(
      (await ask('mutation { rename(id: "1", name: "x") { id } }', somebody({ scopes: ['people:write'] }))).data,
    ).toEqual({
      rename: { id: '1' },
    })
  })

  it('finds what is guarded in fragments, behind aliases, and only where conditions let it be', async () => {
    const query = `query ($mail: Boolean!) { person(id: "1") { ...F boss { ...F } } secret @include(if: false) }
      fragment F on Person { id ...G } fragment G on Person { a: email @include(if: $mail) ... on Being { name } }`
    const asked = await ask(query, anonymous, { mail: true })
    expect(asked.data).toEqual({
      person: { id: '1', a: null, name: null, boss: { id: '2', a: null, name: null } },
    })
    expect(told(asked)).toContain('UNAUTHENTICATED person.boss.a')
    const skipped = await ask(query, anonymous, { mail: false })
    expect(skipped.data).toEqual({ person: { id: '1', name: null, boss: { id: '2', name: null } } })
    expect(told(skipped)).toEqual(['FORBIDDEN person.name', 'FORBIDDEN person.boss.name'])
    expect((await ask('query ($s: Boolean!) { secret @skip(if: $s) open }', somebody(), { s: true })).data).toEqual({
      open: 'open',
    })
  })

  it('leaves out a variable that only a guarded field used', async () => {
    const query = 'query ($id: ID!) { vault { id } person(id: $id) { name email } }'
    expect((await ask(query, anonymous, { id: '2' })).data).toEqual({
      vault: null,
      person: { name: 'name 2', email: null },
    })
    const mutation = 'mutation ($id: ID!, $open: Boolean!) { touch @include(if: $open) }'
    expect((await ask(mutation, anonymous, { id: '2', open: true })).errors?.[0]?.extensions['code']).toBe('BAD_INPUT')
  })

  it('guards fields that another subgraph adds to an entity, and fetches what they require for whom they are allowed', async () => {
    const query = '{ person(id: "1") { bonus greeting grade } }'
    const answer = await ask(query, anonymous)
    expect(answer.data).toEqual({ person: { bonus: null, greeting: null, grade: 'A' } })
    expect(told(answer)).toEqual(['FORBIDDEN person.bonus', 'UNAUTHENTICATED person.greeting'])
    expect(graph.asked().join()).not.toContain('email')
    expect((await ask(query, somebody())).data).toEqual({ person: { bonus: null, greeting: 'hello 1@x', grade: 'A' } })
  })

  it('still answers introspection and __typename', async () => {
    const answer = await ask('{ __typename __type(name: "Vault") { name } vault { id } }', anonymous)
    expect(answer.data).toEqual({ __typename: 'Query', __type: { name: 'Vault' }, vault: null })
  })

  it('narrows an operation to one object for all who lack the same, so that it is planned once', async () => {
    const query = '{ person(id: "1") { name email notes } }'
    graph.admitted()
    await ask(query, anonymous)
    await ask(query, { ...anonymous, subject: 'other' })
    await ask(query, somebody())
    const [first, second, third] = graph.admitted()
    expect(second!.operation).toBe(first!.operation)
    expect(third!.operation).not.toBe(first!.operation)
    expect(third!.query).toMatch(/\bemail\b/)
  })

  it('narrows a subscription as a query, and refuses one whose field may not be asked for', async () => {
    const subscribe = (query: string, principal: Principal) =>
      graph.gateway.subscribe({ query, caller: caller(principal) })
    const results = (await subscribe('subscription { runUpdated(id: "1") { name email } }', anonymous)) as Results
    const first = plain((await results.next()).value as ExecutionResult)
    await results.return()
    expect(first.data).toEqual({ runUpdated: { name: 'name 1', email: null } })
    expect(told(first)).toEqual(['UNAUTHENTICATED runUpdated.email'])
    const query = 'subscription { guarded(id: "1") { name } }'
    expect(told(plain((await subscribe(query, anonymous)) as ExecutionResult))).toEqual(['UNAUTHENTICATED guarded'])
    const allowed = (await subscribe(query, somebody())) as Results
    expect(plain((await allowed.next()).value as ExecutionResult).data).toEqual({ guarded: { name: 'name 1' } })
    await allowed.return()
  })

  it('narrows a subscription anew when the graph is replaced', async () => {
    const query = 'subscription { runUpdated(id: "1") { name email notes } }'
    const results = (await graph.gateway.subscribe({ query, caller: caller(anonymous) })) as Results
    const next = async () => plain((await results.next()).value as ExecutionResult)
    const asked = { name: 'name 1', email: null, notes: null }
    const first = await next()
    expect([first.data, told(first)]).toEqual([
      { runUpdated: asked },
      ['UNAUTHENTICATED runUpdated.email', 'FORBIDDEN runUpdated.notes'],
    ])
    await graph.gateway.reload(
      guardedSupergraph((sdl) =>
        sdl.replace('notes: String @requiresScopes(scopes: [["notes:read", "staff"], ["admin"]])', 'notes: String'),
      ),
    )
    const event = new TextEncoder().encode(JSON.stringify({ runId: '1', status: 'RUNNING' }))
    const second = next()
    await graph.bus.emit(subjects.event('acme', '1', 'state'), event)
    expect([(await second).data, told(await second)]).toEqual([
      { runUpdated: { ...asked, notes: 'notes' } },
      ['UNAUTHENTICATED runUpdated.email'],
    ])
    await results.return()
    await graph.gateway.reload(guardedSupergraph())
  })
})
