// Looks at a broker without changing anything: is it there, has it JetStream, and is in it what Quesnay keeps there.
import { JetStreamApiCodes, JetStreamApiError, type JetStreamManager, jetstreamManager } from '@nats-io/jetstream'
import { connect, type NatsConnection } from '@nats-io/transport-node'
import type { BusAccess } from '../access.ts'
import { BUS_LIMITS, type BusLimits, unavailable } from '../limits.ts'
import { connectionOptions } from './connection.ts'
import { differs, QUEUE, queueConsumers, REQUEST_TIMEOUT_MS, streamsOf } from './topology.ts'

export interface StreamReport {
  readonly name: string
  /** `differs`: another configuration than this version's, replicas left out. */
  readonly state: 'right' | 'missing' | 'differs'
  /** Copies, 0 where it is missing; and how many of them follow. */
  readonly replicas: number
  readonly current: number
  readonly messages: number
}

export interface BrokerReport {
  readonly version: string
  /** Name of its cluster; undefined where it is one alone. */
  readonly cluster: string | undefined
  readonly jetStream: boolean
  /** Empty without JetStream. */
  readonly streams: readonly StreamReport[]
  /** Names of the queue's consumers that are missing. */
  readonly missingConsumers: readonly string[]
}

/** Asks once. BUS_UNAVAILABLE where the broker does not answer. */
export async function inspectNats(
  url: string,
  access: BusAccess = {},
  limits: BusLimits = BUS_LIMITS,
): Promise<BrokerReport> {
  let nc: NatsConnection | undefined
  try {
    nc = await connect({ ...connectionOptions(url, access), reconnect: false })
    const { version = 'unknown', jetstream: jetStream = false, cluster } = nc.info ?? {}
    const server = { version, cluster }
    if (!jetStream) return { ...server, jetStream, streams: [], missingConsumers: [] }
    const jsm = await jetstreamManager(nc, { timeout: REQUEST_TIMEOUT_MS })
    const streams = await Promise.all(streamsOf(limits).map((want) => inspectStream(jsm, want)))
    const there = streams.some(({ name, state }) => name === QUEUE && state !== 'missing')
    return { ...server, jetStream, streams, missingConsumers: there ? await consumersLeftOut(nc, limits) : [] }
  } catch (cause) {
    throw unavailable(`does not answer: ${cause instanceof Error ? cause.message : String(cause)}`, cause)
  } finally {
    await nc?.close()
  }
}

type Wanted = ReturnType<typeof streamsOf>[number]

async function inspectStream(jsm: JetStreamManager, want: Wanted): Promise<StreamReport> {
  const { name } = want
  const have = await jsm.streams.info(name).catch((error: unknown) => {
    if (error instanceof JetStreamApiError && error.code === JetStreamApiCodes.StreamNotFound) return undefined
    throw error
  })
  if (!have) return { name, state: 'missing', replicas: 0, current: 0, messages: 0 }
  // Everything but the number of copies, which the size of the cluster decides.
  const { num_replicas: replicas } = have.config
  const state = differs({ ...want, num_replicas: replicas }, have.config) ? 'differs' : 'right'
  // Followers alone are listed; the leader has answered.
  const current = 1 + (have.cluster?.replicas ?? []).filter((one) => one.current && !one.offline).length
  return { name, state, replicas, current, messages: have.state.messages }
}

/** The names alone: a listing with state costs the server a count over the whole stream for each consumer. */
async function consumersLeftOut(nc: NatsConnection, limits: BusLimits): Promise<string[]> {
  const answer = await nc.request(`$JS.API.CONSUMER.NAMES.${QUEUE}`, '{}', { timeout: REQUEST_TIMEOUT_MS })
  const have = new Set(answer.json<{ consumers?: string[] | null }>().consumers)
  return queueConsumers(limits).flatMap(({ durable_name: name = '' }) => (have.has(name) ? [] : [name]))
}
