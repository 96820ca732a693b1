// What `quesnay top` shows, as the graph gives it.
import { ask, type GraphClient } from '../client.ts'

export interface Load {
  readonly waiting: number
  readonly running: number
  readonly costSeconds: number
}

export interface TopWorker {
  readonly id: string
  readonly version: string
  readonly host: string
  readonly slots: number
  readonly busy: number
  readonly draining: boolean
  readonly kernels: readonly string[]
  readonly nsPerOperation: number | null
  readonly rssBytes: number
  readonly startedAt: string
  readonly heartbeatSeconds: number
}

export interface TopRun {
  readonly id: string
  readonly kind: string
  readonly status: string
  readonly cached: boolean
  readonly subject: { readonly type: string; readonly id: string }
  readonly progress: { readonly shardsDone: number; readonly shardsTotal: number; readonly fraction: number }
  readonly computeSeconds: number
  readonly createdAt: string
  readonly finishedAt: string | null
  readonly error: { readonly code: string; readonly message: string } | null
}

export interface TopShard {
  readonly index: number
  readonly status: string
  readonly from: number
  readonly to: number
  readonly sent: number
  readonly deaths: number
  readonly workerId: string | null
  readonly computeSeconds: number | null
}

export interface TopData {
  readonly at: string
  readonly backlogSeconds: number | null
  readonly workers: readonly TopWorker[] | null
  readonly queues: readonly { readonly class: string; readonly own: Load; readonly total: Load }[]
  readonly runs: readonly TopRun[]
}

const LOAD = '{ waiting running costSeconds }'
const FLEET = `query Top($runs: Int!) {
  fleet(runs: $runs) {
    at backlogSeconds
    workers { id version host slots busy draining kernels nsPerOperation rssBytes startedAt heartbeatSeconds }
    queues { class own ${LOAD} total ${LOAD} }
    runs {
      id kind status cached subject { type id } progress { shardsDone shardsTotal fraction }
      computeSeconds createdAt finishedAt error { code message }
    }
  }
}`
const SHARDS = `query TopShards($id: ID!) {
  run(id: $id) { shards { index status from to sent deaths workerId computeSeconds } }
}`
const CANCEL = 'mutation TopCancel($id: ID!) { cancelRun(input: { id: $id }) { run { status } } }'

export async function loadTop(client: GraphClient, runs: number): Promise<TopData> {
  return (await ask<{ fleet: TopData }>(client, FLEET, { runs })).fleet
}

/** Of a run; none where it has gone. */
export async function loadShards(client: GraphClient, runId: string): Promise<readonly TopShard[]> {
  return (await ask<{ run: { shards: TopShard[] } | null }>(client, SHARDS, { id: runId })).run?.shards ?? []
}

/** The status of the run after it. */
export async function cancelRun(client: GraphClient, runId: string): Promise<string> {
  return (await ask<{ cancelRun: { run: { status: string } } }>(client, CANCEL, { id: runId })).cancelRun.run.status
}
