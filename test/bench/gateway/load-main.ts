// The load: asks as fast as it is answered, over connections that are kept, and notes how long each answer took.
import { Pool } from 'undici'
import { viewNumber } from './workload.ts'

export interface LoadOrder {
  readonly url: string
  readonly query: string
  readonly connections: number
  readonly ms: number
  /** Ends it before its time. */
  readonly maxOperations?: number
  /** Whether each operation has a view of its own; otherwise all have the same one; absent: there is no view. */
  readonly views?: 'varying' | 'equal'
}

export interface Load {
  readonly operationsPerSecond: number
  readonly p50Ms: number
  readonly p95Ms: number
  readonly p99Ms: number
  /** Of one answer. */
  readonly bytes: number
  readonly operations: number
  /** With those that ended after the time. */
  readonly asked: number
}

const MARK = 'v-------'
let asked = 0

async function load({
  url,
  query,
  connections,
  ms,
  maxOperations = Number.POSITIVE_INFINITY,
  views,
}: LoadOrder): Promise<Load> {
  const { origin, pathname } = new URL(url)
  const pool = new Pool(origin, { connections, pipelining: 1 })
  const variables = views ? { view: MARK } : {}
  const template = JSON.stringify({ query, variables })
  const times: number[] = []
  const end = performance.now() + ms
  let bytes = 0
  let all = 0
  async function client(): Promise<void> {
    for (;;) {
      const began = performance.now()
      if (began >= end || all >= maxOperations) return
      const body = views ? template.replace(MARK, viewNumber(views === 'varying' ? ++asked : 0)) : template
      const response = await pool.request({
        path: pathname,
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body,
      })
      const answer = Buffer.from(await response.body.arrayBuffer())
      if (response.statusCode !== 200 || answer.includes('"errors"'))
        throw new Error(`no good answer: ${answer.toString('utf8', 0, 500)}`)
      if (bytes !== 0 && answer.length !== bytes) throw new Error(`answers of ${bytes} and ${answer.length} bytes`)
      bytes = answer.length
      const ended = performance.now()
      all++
      if (ended <= end) times.push(ended - began)
    }
  }
  await Promise.all(Array.from({ length: connections }, client))
  await pool.close()
  times.sort((a, b) => a - b)
  const at = (share: number) => times[Math.min(times.length - 1, Math.floor(share * times.length))] ?? 0
  const rate = times.length / (ms / 1000)
  return {
    operationsPerSecond: rate,
    p50Ms: at(0.5),
    p95Ms: at(0.95),
    p99Ms: at(0.99),
    bytes,
    operations: times.length,
    asked: all,
  }
}

process.on('message', async (order: LoadOrder) => process.send!(await load(order)))
process.once('disconnect', () => process.exit())
process.send!('ready')
