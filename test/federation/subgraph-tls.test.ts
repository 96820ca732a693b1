// Gateway and subgraphs by TLS, each with a certificate of its own: who shows none, or one of another authority, is not spoken to.
import { mkdtempSync, rmSync } from 'node:fs'
import { request as httpsRequest } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { contextHeaders } from '../../gateway/auth/context-headers.ts'
import { httpRequesters } from '../../gateway/requesters/http-requesters.ts'
import type { SubgraphRequester } from '../../gateway/requesters/requester.ts'
import { RESILIENCE } from '../../gateway/resilience/resilience-config.ts'
import { systemClock as clock } from '../../infra/clock.ts'
import { silentLog as log } from '../../infra/log.ts'
import { createMetrics } from '../../infra/metrics.ts'
import { readSubgraphTls, type SubgraphTlsFiles, servingTls } from '../../infra/subgraph-tls.ts'
import { PROCESS } from '../../schema/caller.ts'
import { type Service, serveSubgraph } from '../../subgraphs/shared/service.ts'
import type { Subgraph } from '../../subgraphs/shared/subgraph.ts'
import { type Authority, newAuthority } from '../support/certificates.ts'

const contextSecret = 'a secret of this test, long enough'
const caller = { tenant: 'acme', requestId: 'r-1', principal: PROCESS }
const query = '{ tenant }'
const silence = { code: 'SUBGRAPH_UNAVAILABLE', detail: { subgraph: 'economies' } }

let directory: string
let authority: Authority
let stranger: Authority
let own: SubgraphTlsFiles
let service: Service
let asked = 0
const requesters: SubgraphRequester[] = []

const withCa = async (from: Authority, name: string, hosts: readonly string[] = [], ca = authority) => ({
  ...(await from.issue(name, hosts)),
  caFile: ca.caFile,
})

const serve = (files: SubgraphTlsFiles) =>
  serveSubgraph(
    {
      name: 'economies',
      execute: async ({ caller: { tenant } }: { caller: { tenant: string } }) => {
        asked++
        return { data: { tenant } }
      },
    } as unknown as Subgraph,
    {
      ...{ host: '127.0.0.1', port: 0, contextSecret, tls: servingTls(files) },
      ready: async () => true,
      metrics: async () => ({ contentType: 'text/plain', body: '' }),
    },
  )

/** The gateway's side, with these files. */
function gatewayWith(files: SubgraphTlsFiles, url = service.url, isOurs = true): SubgraphRequester {
  const requester = httpRequesters({
    ...{ resilience: RESILIENCE.parse({ retries: 0 }), urls: { economies: url }, isOurs: () => isOurs },
    callerHeaders: contextHeaders({ secret: contextSecret, partners: {}, clock }),
    tls: readSubgraphTls(files),
    ...{ clock, log, metrics: createMetrics('gateway') },
  })('economies', undefined)
  requesters.push(requester)
  return requester
}

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'quesnay-subgraph-tls-'))
  authority = await newAuthority(directory, 'authority')
  stranger = await newAuthority(directory, 'stranger')
  own = await withCa(authority, 'gateway')
  service = await serve(await withCa(authority, 'economies', ['127.0.0.1']))
})
afterEach(async () => {
  for (const requester of requesters.splice(0)) await requester.close()
})
afterAll(async () => {
  await service?.close()
  rmSync(directory, { recursive: true, force: true })
})

describe('a subgraph with a certificate', () => {
  it('answers the gateway that shows one of the same authority', async () => {
    expect(service.url).toMatch(/^https:/)
    const requester = gatewayWith(own)
    expect(await requester.request({ query, caller })).toEqual({ data: { tenant: 'acme' } })
    expect(await requester.ready()).toBe(true)
  })

  it.each([
    ['shows none', async () => ({ caFile: authority.caFile })],
    ['shows one of another authority', () => withCa(stranger, 'gateway')],
  ])('does not hear who %s', async (_, files) => {
    const before = asked
    const requester = gatewayWith(await files())
    await expect(requester.request({ query, caller })).rejects.toMatchObject(silence)
    expect(await requester.ready()).toBe(false)
    expect(asked).toBe(before)
  })

  it('speaks TLS 1.3 alone', async () => {
    const { ca, cert, key } = readSubgraphTls(own)!
    const get = (maxVersion: 'TLSv1.2' | 'TLSv1.3') =>
      new Promise((resolve, reject) => {
        const url = new URL('/health', service.url)
        httpsRequest(url, { ...{ ca: ca!, cert: cert!, key: key! }, maxVersion }, (response) => {
          response.resume()
          resolve(response.statusCode)
        })
          .on('error', reject)
          .end()
      })
    expect(await get('TLSv1.3')).toBe(200)
    await expect(get('TLSv1.2')).rejects.toThrow('protocol version')
  })
})

describe('the gateway', () => {
  it.each([
    ['of another authority', () => withCa(stranger, 'economies', ['127.0.0.1'])],
    ['of another host', () => withCa(authority, 'elsewhere', ['economies.example.org'])],
  ])('asks no subgraph that shows a certificate %s', async (_, files) => {
    const other = await serve(await files())
    const before = asked
    await expect(gatewayWith(own, other.url).request({ query, caller })).rejects.toMatchObject(silence)
    expect(asked).toBe(before)
    await other.close()
  })

  it('trusts no private authority unless it is told to', async () => {
    const files = await authority.issue('gateway')
    await expect(gatewayWith(files, service.url, false).request({ query, caller })).rejects.toMatchObject(silence)
  })

  it('asks a subgraph of any supergraph whose authority is private', async () => {
    // It is none of ours and told nothing, so that it refuses: by then the connection stands.
    await expect(gatewayWith(own, service.url, false).request({ query, caller })).rejects.toMatchObject({
      detail: { reason: 'refused' },
    })
  })

  it('does not ask its own subgraphs without encryption once it has a certificate', () => {
    expect(() => gatewayWith(own, 'http://127.0.0.1:4001/graphql')).toThrow(
      expect.objectContaining({
        code: 'CONFIG_INVALID',
        detail: expect.objectContaining({ path: 'QUESNAY_SUBGRAPH_ECONOMIES_URL' }),
      }),
    )
  })
})

describe('files that are of no use', () => {
  const refusal = (read: () => unknown) => {
    try {
      return read()
    } catch (error) {
      return error
    }
  }

  it('are told at the start, each with its variable', async () => {
    const [one, other] = [await authority.issue('one'), await authority.issue('other')]
    const cases: [string, SubgraphTlsFiles][] = [
      ['QUESNAY_SUBGRAPH_CA', { ...one }],
      ['QUESNAY_SUBGRAPH_CA', { ...one, caFile: join(directory, 'missing.pem') }],
      ['QUESNAY_SUBGRAPH_CA', { ...one, caFile: import.meta.filename }],
      ['QUESNAY_SUBGRAPH_CERT', { ...one, keyFile: other.keyFile, caFile: authority.caFile }],
    ]
    for (const [path, files] of cases)
      expect(
        refusal(() => servingTls(files)),
        path,
      ).toMatchObject({ code: 'CONFIG_INVALID', detail: { path } })
    expect(servingTls({})).toBeUndefined()
    expect(servingTls({ caFile: authority.caFile })).toBeUndefined()
  })
})
