// The partner of examples/partner: a process of its own, checked, published, joined, gone and taken out again.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { buildSubgraphSchema } from '@apollo/subgraph'
import { parse } from 'graphql'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { packageFile } from '../../infra/paths.ts'
import { startCommand } from '../support/command.ts'
import { openGraph, type TestGraph } from '../support/graph.ts'

const FILE = packageFile('examples', 'partner', 'ratings.graphql')
const QUERY = `{
  ratingScale
  economy(id: "USA") { name countryRating { grade because } }
  portfolio(id: "balanced-demo") { title currency esgScore }
}`

describe('the partner of the examples', () => {
  const directory = mkdtempSync(join(tmpdir(), 'quesnay-partner-'))
  let partner: ChildProcess
  let url: string
  let graph: TestGraph

  beforeAll(async () => {
    partner = spawn(process.execPath, [packageFile('examples', 'partner', 'server.mjs'), '0'], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    const [line] = await once(createInterface(partner.stdout!), 'line')
    url = String(line)
    graph = await openGraph({ QUESNAY_DATA: directory, QUESNAY_LOG: 'silent' })
  }, 90_000)
  afterAll(async () => {
    partner?.kill('SIGKILL')
    await graph?.close()
    rmSync(directory, { recursive: true, force: true })
  })

  const quesnay = (...args: string[]) => startCommand(['subgraph', ...args], { QUESNAY_DATA: directory }).ended
  const execute = (query: string) => graph.client.execute(query) as Promise<{ data?: unknown; errors?: unknown[] }>

  it('passes the check against the graph as it is', async () => {
    const { code, out } = await quesnay('check', FILE, '--name', 'ratings', '--json')
    expect(code).toBe(0)
    const { findings, plans } = JSON.parse(out) as {
      findings: { severity: string }[]
      plans: { path: string; plan: string }[]
    }
    expect(findings.filter(({ severity }) => severity !== 'INFO')).toEqual([])
    // Nothing is configured for this partner: it is told what it would be sent.
    expect(findings).toContainEqual(expect.objectContaining({ code: 'NOT_GRANTED', path: 'Portfolio.currency' }))
    expect(plans.map(({ path, plan }) => [path, plan])).toEqual([
      ['Query.ratingScale', 'ratings'],
      ['Economy.countryRating', 'economies > ratings'],
      ['Portfolio.esgScore', 'portfolios > ratings'],
    ])
  })

  it('passes without a word where the configuration grants what it asks for, and not where it grants less', async () => {
    const secretFile = join(directory, 'ratings.secret')
    const config = join(directory, 'gateway.yaml')
    const check = (entities: object) => {
      writeFileSync(config, JSON.stringify({ partners: { ratings: { secretFile, entities } } }))
      return quesnay('check', FILE, '--name', 'ratings', '--config', config)
    }
    const whole = await check({ Economy: ['id'], Portfolio: ['id', 'currency'] })
    expect([whole.code, whole.out.includes('granted')]).toEqual([0, false])
    const less = await check({ Economy: ['id'], Portfolio: ['id'] })
    expect(less.code).toBe(1)
    expect(less.out).toContain('requires Portfolio.currency, which it is not granted')
  })

  it('is no part of the graph before it is published', async () => {
    const { errors } = await execute(QUERY)
    expect(errors).toHaveLength(3)
  })

  it('is joined with ours in one query, once it is published, by the server that runs', async () => {
    const published = await quesnay('publish', FILE, '--name', 'ratings', '--url', url)
    expect(published.err).toBe('')
    expect(published.code).toBe(0)
    const answer = await vi.waitFor(
      async () => {
        const got = await execute(QUERY)
        expect(got.errors).toBeUndefined()
        return got
      },
      { timeout: 20_000, interval: 200 },
    )
    expect(answer).toEqual({
      data: {
        ratingScale: ['A', 'B', 'C'],
        economy: { name: 'United States', countryRating: { grade: 'A', because: 'deep markets' } },
        portfolio: { title: expect.any(String), currency: 'USD', esgScore: 61.5 },
      },
    })
    expect((await quesnay('list')).out).toContain(url)
  })

  it('leaves null and a typed error where it is down, and the rest of the answer', async () => {
    partner.kill('SIGKILL')
    await once(partner, 'exit')
    const { data, errors } = await execute('{ economy(id: "USA") { name countryRating { grade } } }')
    expect(data).toEqual({ economy: { name: 'United States', countryRating: null } })
    expect(errors).toMatchObject([
      {
        path: ['economy'],
        extensions: { code: 'SUBGRAPH_UNAVAILABLE', detail: { subgraph: 'ratings' } },
      },
    ])
  })

  it('may not take a field away that clients may ask for, nor call itself as one of ours', async () => {
    const without = readFileSync(FILE, 'utf8').replace('countryRating:', 'rating:')
    const refused = await startCommand(
      ['subgraph', 'publish', '-', '--name', 'ratings', '--url', url, '--json'],
      { QUESNAY_DATA: directory },
      without,
    ).ended
    expect(refused.code).toBe(1)
    expect(JSON.parse(refused.err)).toMatchObject({
      error: { code: 'BAD_INPUT', detail: { findings: [{ code: 'FIELD_REMOVED', path: 'Economy.countryRating' }] } },
    })
    const named = await quesnay('publish', FILE, '--name', 'economies', '--url', url, '--allow-breaking')
    expect(named.code).toBe(1)
    expect((await quesnay('publish', FILE, '--name', 'ratings', '--url', 'nowhere')).err).toContain('no URL')
  })

  it('is out of the graph again when it is removed', async () => {
    expect((await quesnay('remove', 'ratings')).code).toBe(0)
    await vi.waitFor(async () => expect((await execute('{ ratingScale }')).errors).toHaveLength(1), {
      timeout: 20_000,
      interval: 200,
    })
    expect((await execute('{ economy(id: "USA") { name } }')).errors).toBeUndefined()
    expect((await quesnay('remove', 'ratings')).err).toContain('NOT_FOUND')
  })

  it('has an SDL that any server of Federation 2 can build', () => {
    expect(() => buildSubgraphSchema(parse(readFileSync(FILE, 'utf8')))).not.toThrow()
  })
})
