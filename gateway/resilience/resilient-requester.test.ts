// Subgraphs that fail, over HTTP: asked again, left alone, tried again; never a mutation twice, never more at once than may be.
import { createServer, type RequestListener, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { silentLog } from '../../infra/log.ts'
import { createMetrics } from '../../infra/metrics.ts'
import { PROCESS } from '../../schema/caller.ts'
import { manualClock } from '../../test/support/manual-clock.ts'
import { httpRequesters } from '../requesters/http-requesters.ts'
import type { SubgraphRequester } from '../requesters/requester.ts'
import { RESILIENCE } from './resilience-config.ts'

const caller = { tenant: 'acme', requestId: 'r-1', principal: PROCESS }
const query = '{ a }'
const turn = () => new Promise(setImmediate)

let server: Server | undefined
let requester: SubgraphRequester | undefined
afterEach(async () => {
  await requester?.close()
  server?.closeAllConnections()
  await new Promise((resolve) => (server ? server.close(resolve) : resolve(undefined)))
})

async function against(answer: RequestListener, config: object = {}) {
  let asked = 0
  server = createServer((request, response) => {
    asked++
    request.resume()
    answer(request, response)
  })
  await new Promise<void>((resolve) => server!.listen(0, '127.0.0.1', resolve))
  const clock = manualClock()
  const metrics = createMetrics('test')
  const resilience = RESILIENCE.parse(config)
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`
  const opened = httpRequesters({ resilience, clock, log: silentLog, metrics })('economies', url)
  requester = opened
  const ask = (text = query, signal?: AbortSignal) => opened.request({ query: text, caller: { ...caller, signal } })
  /** Moves the clock on until the answer is there. */
  async function settled<T>(answered: Promise<T>, stepMs = 50): Promise<T> {
    let done = false
    const end = answered.finally(() => {
      done = true
    })
    end.catch(() => undefined)
    while (!done) {
      await turn()
      await clock.advance(stepMs)
    }
    return end
  }
  const sample = async (name: string) => {
    const metric = await metrics.registry.getSingleMetric(name)!.get()
    return Object.fromEntries(metric.values.map(({ labels, value }) => [Object.values(labels).join(), value]))
  }
  return { opened, ask, settled, clock, sample, asked: () => asked }
}

const good = (response: ServerResponse) => response.writeHead(200).end('{"data":{"a":1}}')
const unavailable = (reason: string, more: object = {}) =>
  expect.objectContaining({
    code: 'SUBGRAPH_UNAVAILABLE',
    detail: expect.objectContaining({ subgraph: 'economies', reason, ...more }),
  })

describe('a subgraph that is busy', () => {
  it('is asked a query again, after a while that grows', async () => {
    let busy = 2
    const { ask, settled, asked, sample, clock } = await against((_, response) =>
      busy-- > 0 ? response.writeHead(503).end() : good(response),
    )
    const start = clock.now()
    expect(await settled(ask(), 10)).toEqual({ data: { a: 1 } })
    // Half of 100 ms and half of 200 ms, by the jitter of the test's clock.
    expect(clock.now() - start).toBeGreaterThanOrEqual(150)
    expect(asked()).toBe(3)
    expect(await sample('quesnay_subgraph_retries_total')).toMatchObject({ economies: 2 })
  })

  it('is asked no more often than configured', async () => {
    const { ask, settled, asked } = await against((_, response) => response.writeHead(503).end(), { retries: 1 })
    await expect(settled(ask())).rejects.toEqual(unavailable('busy'))
    expect(asked()).toBe(2)
  })

  it('is never asked a mutation again', async () => {
    const { ask, asked } = await against((_, response) => response.writeHead(503).end())
    await expect(ask('mutation { b }')).rejects.toEqual(unavailable('busy'))
    expect(asked()).toBe(1)
  })

  it('is not asked again when the time for the answer would be over', async () => {
    const { ask, asked } = await against((_, response) => response.writeHead(503).end(), { timeoutMs: 50 })
    await expect(ask()).rejects.toEqual(unavailable('busy'))
    expect(asked()).toBe(1)
  })

  it('is not asked again by somebody who has gone', async () => {
    const { ask, asked } = await against((_, response) => response.writeHead(503).end())
    const life = new AbortController()
    const answer = ask(query, life.signal)
    answer.catch(() => undefined)
    while (asked() === 0) await turn()
    life.abort()
    await expect(answer).rejects.toEqual(unavailable('aborted'))
    expect(asked()).toBe(1)
  })
})

describe('a subgraph that does not answer in its time', () => {
  it('is given up, and not asked again', async () => {
    const { ask, settled, asked } = await against(() => {}, { subgraphs: { economies: { timeoutMs: 1_000 } } })
    await expect(settled(ask(), 100)).rejects.toEqual(unavailable('timeout', { timeoutMs: 1_000 }))
    expect(asked()).toBe(1)
  })
})

describe('a subgraph that fails too often', () => {
  const BREAKER = { retries: 0, breaker: { minimumRequests: 3, openMs: 2_000 } }

  it('is left alone and then tried with one request', async () => {
    let status = 503
    const { opened, ask, asked, clock, sample } = await against((_, response) => {
      if (status === 200) good(response)
      else response.writeHead(status).end()
    }, BREAKER)
    for (let i = 0; i < 3; i++) await expect(ask()).rejects.toEqual(unavailable('busy'))
    expect(opened.health!()).toEqual({ breaker: 'open', reason: 'busy', retryAfterMs: 2_000 })
    await expect(ask()).rejects.toEqual(unavailable('breaker', { retryAfterMs: 2_000 }))
    expect(asked()).toBe(3)
    expect(await sample('quesnay_subgraph_breaker')).toEqual({
      'economies,closed': 0,
      'economies,open': 1,
      'economies,halfOpen': 0,
    })
    expect(await sample('quesnay_subgraph_refusals_total')).toEqual({ 'economies,breaker': 1 })

    await clock.advance(2_000)
    status = 200
    const tried = ask()
    await expect(ask()).rejects.toEqual(unavailable('breaker'))
    expect(await tried).toEqual({ data: { a: 1 } })
    expect(opened.health!()).toEqual({ breaker: 'closed', retryAfterMs: 0 })
    expect(await ask()).toEqual({ data: { a: 1 } })
  })

  it('is not blamed for requests that were aborted', async () => {
    const { opened, ask } = await against(() => {}, BREAKER)
    for (let i = 0; i < 5; i++) {
      const life = new AbortController()
      const answer = ask(query, life.signal)
      life.abort()
      await expect(answer).rejects.toEqual(unavailable('aborted'))
    }
    expect(opened.health!().breaker).toBe('closed')
  })
})

describe('a subgraph that is slow', () => {
  it('is asked no more at once than configured; what cannot even wait is refused', async () => {
    const waiting: ServerResponse[] = []
    const { ask, asked } = await against((_, response) => void waiting.push(response), { maxInFlight: 2, maxQueued: 1 })
    const answers = [ask(), ask(), ask()]
    await expect(ask()).rejects.toEqual(unavailable('queue'))
    while (waiting.length < 2) await turn()
    expect(asked()).toBe(2)
    good(waiting.shift()!)
    while (asked() < 3) await turn()
    for (const response of waiting) good(response)
    expect(await Promise.all(answers)).toEqual([{ data: { a: 1 } }, { data: { a: 1 } }, { data: { a: 1 } }])
  })
})
