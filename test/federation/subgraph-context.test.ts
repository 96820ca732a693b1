// A subgraph as a service answers the gateway that shares its secret, and nobody who comes past it.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { contextHeaders } from '../../gateway/auth/context-headers.ts'
import { PARTNERS } from '../../gateway/auth/partners-config.ts'
import { httpRequester } from '../../gateway/requesters/http-requester.ts'
import { systemClock as clock } from '../../infra/clock.ts'
import { CONTEXT_HEADER } from '../../infra/signed-context.ts'
import { CALLER_HEADERS, PROCESS, type Principal } from '../../schema/caller.ts'
import { type Service, serveSubgraph } from '../../subgraphs/shared/service.ts'
import type { Subgraph, SubgraphRequest } from '../../subgraphs/shared/subgraph.ts'

const secret = 'a secret of this test, long enough'
const principal: Principal = { subject: 'ann', proof: 'token', scopes: ['a'], roles: ['viewer'], tier: 'pro' }
const caller = { tenant: 'acme', requestId: 'r-1', principal }

let service: Service
let directory: string
let secretFile: string
const seen: SubgraphRequest[] = []

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'quesnay-context-'))
  secretFile = join(directory, 'secret')
  const subgraph = {
    name: 'economies',
    execute: async (request: SubgraphRequest) => {
      seen.push(request)
      return { data: { tenant: request.caller.tenant } }
    },
  } as unknown as Subgraph
  service = await serveSubgraph(subgraph, {
    ...{ host: '127.0.0.1', port: 0, contextSecret: secret },
    ready: async () => true,
    metrics: async () => ({ contentType: 'text/plain', body: '' }),
  })
})
afterAll(async () => {
  await service?.close()
  rmSync(directory, { recursive: true, force: true })
})

const headersOf = (name: string, given = secret) => contextHeaders({ secret: given, partners: {}, clock })(name)
const post = (headers: Record<string, string>, query = '{ _entities(representations: []) { __typename } }') =>
  fetch(service.url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ query }),
  })

describe('a subgraph', () => {
  it('is told by the gateway who asks, in full', async () => {
    const requester = httpRequester({ name: 'economies', url: service.url, callerHeaders: headersOf('economies') })
    seen.length = 0
    expect(await requester.request({ query: '{ tenant }', caller })).toEqual({ data: { tenant: 'acme' } })
    expect(seen[0]!.caller).toMatchObject({ tenant: 'acme', requestId: 'r-1', principal })
    await requester.close()
  })

  it('refuses whoever comes past the gateway, whatever they say of themselves', async () => {
    seen.length = 0
    const forTheOther = await headersOf('portfolios')(caller)
    const ofAnother = await headersOf('economies', `${secret}!`)(caller)
    for (const headers of [
      {},
      { [CALLER_HEADERS.tenant]: 'acme' },
      { authorization: 'Bearer anything' },
      { [CONTEXT_HEADER]: 'x.y.z' },
      forTheOther,
      ofAnother,
    ]) {
      const response = await post(headers as Record<string, string>)
      expect(response.status, JSON.stringify(headers)).toBe(401)
      expect(await response.json()).toMatchObject({ errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] })
    }
    expect(seen).toEqual([])
  })

  it('believes the signed tenant, not the one beside it', async () => {
    const headers = { ...(await headersOf('economies')(caller)), [CALLER_HEADERS.tenant]: 'other' }
    expect(await (await post(headers)).json()).toEqual({ data: { tenant: 'acme' } })
  })

  it('that does not know the gateway is as one that does not answer', async () => {
    const requester = httpRequester({
      name: 'economies',
      url: service.url,
      callerHeaders: headersOf('economies', `${secret}!`),
    })
    await expect(requester.request({ query: '{ tenant }', caller })).rejects.toMatchObject({
      code: 'SUBGRAPH_UNAVAILABLE',
    })
    await requester.close()
  })
})

describe('a subgraph of a partner', () => {
  const partnerSecret = 'the secret of a partner, long enough'
  const told = async (claims: object, who = caller) => {
    writeFileSync(secretFile, `${partnerSecret}\n`)
    const partners = PARTNERS.parse({ ratings: { secretFile, claims } })
    const headers = await contextHeaders({ secret, partners, clock })('ratings')(who)
    const [, body] = headers[CONTEXT_HEADER]!.split('.')
    return {
      token: headers[CONTEXT_HEADER]!,
      claims: JSON.parse(Buffer.from(body!, 'base64url').toString()) as Record<string, unknown>,
    }
  }

  it('is told a pseudonym of the tenant and nothing else, unless it was granted more', async () => {
    const { claims } = await told({})
    expect(JSON.stringify(claims)).not.toMatch(/acme|ann|viewer|"a"|pro"/)
    expect(claims['tenant']).toMatch(/^[0-9a-f]{32}$/)
    expect((await told({})).claims['tenant']).toBe(claims['tenant'])
    expect((await told({}, { ...caller, tenant: 'other' })).claims['tenant']).not.toBe(claims['tenant'])
    expect((await told({ tenant: 'none' })).claims['tenant']).toBeUndefined()
    expect((await told({ tenant: 'name', subject: true, scopes: true, roles: true })).claims).toMatchObject({
      ...{ tenant: 'acme', sub: 'ann', scopes: ['a'], roles: ['viewer'] },
    })
  })

  it('cannot forge with its secret what ours believe', async () => {
    const partners = PARTNERS.parse({ economies: { secretFile, claims: { tenant: 'name' } } })
    const forged = await contextHeaders({ secret: undefined, partners, clock })('economies')({
      ...caller,
      principal: PROCESS,
    })
    expect((await post(forged)).status).toBe(401)
    expect((await post({ [CONTEXT_HEADER]: (await told({ tenant: 'name' })).token })).status).toBe(401)
  })

  it('without a secret of its own is not served', () => {
    const without = () =>
      contextHeaders({ secret, partners: PARTNERS.parse({ ratings: { secretFile: join(directory, 'none') } }), clock })
    expect(without).toThrow(expect.objectContaining({ code: 'CONFIG_INVALID' }))
    writeFileSync(secretFile, 'short')
    expect(() => contextHeaders({ secret, partners: PARTNERS.parse({ ratings: { secretFile } }), clock })).toThrow(
      /fewer than 32/,
    )
  })
})
