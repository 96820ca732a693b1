// Whether the broker is there and holds what Quesnay keeps in it.
import type { BrokerReport } from '../../infra/bus/nats/inspect.ts'
import { count, type Finding, findings } from './finding.ts'

const { ok, warn, fail } = findings('bus')
/** Each service makes and mends streams and consumers at its start. */
const RESTART = 'start a worker or another service: each start brings them into line'
const LOWEST = [2, 9] as const
/** So many copies outlive the loss of one node. */
const COPIES = 3

/** Several where several things are wrong. */
export function checkBus(report: BrokerReport): readonly Finding[] {
  const { version, cluster, jetStream, streams, missingConsumers } = report
  const server = `nats-server ${version}${cluster ? `, cluster ${cluster}` : ''}`
  const [major = 0, minor = 0] = version.split('.').map(Number)
  if (major < LOWEST[0] || (major === LOWEST[0] && minor < LOWEST[1]))
    return [fail(`${server} is too old`, `install nats-server ${LOWEST.join('.')} or later`)]
  if (!jetStream)
    return [fail(`${server} runs without JetStream`, 'start nats-server with --jetstream (-js) and a store_dir')]
  const named = (state: string) => streams.filter((stream) => stream.state === state).map(({ name }) => name)
  const found: Finding[] = []
  const [missing, differing] = [named('missing'), named('differs')]
  if (missing.length > 0) found.push(warn(`${server}: missing streams: ${missing.join(', ')}`, RESTART))
  if (differing.length > 0)
    found.push(warn(`${server}: streams of another configuration: ${differing.join(', ')}`, RESTART))
  if (missingConsumers.length > 0)
    found.push(
      warn(
        `${server}: missing ${count(missingConsumers.length, 'consumer')} of the queue: ${missingConsumers.join(', ')}`,
        RESTART,
      ),
    )
  found.push(...checkCopies(report, server))
  if (found.length > 0) return found
  const messages = streams.find(({ name }) => name === 'JOBS')?.messages ?? 0
  return [
    ok(
      `${server}, JetStream: ${count(streams.length, 'stream')} as they should be, ${count(messages, 'message')} queued`,
    ),
  ]
}

function checkCopies({ cluster, streams }: BrokerReport, server: string): readonly Finding[] {
  const there = streams.filter(({ state }) => state !== 'missing')
  const behind = there.filter(({ replicas, current }) => current < replicas).map(({ name }) => name)
  if (behind.length > 0)
    return [
      warn(`${server}: copies that do not follow, of ${behind.join(', ')}`, 'see that every node of the cluster runs'),
    ]
  const single = there.filter(({ replicas }) => replicas < COPIES).map(({ name }) => name)
  if (cluster && single.length > 0)
    return [
      warn(
        `${server}: less than ${COPIES} copies of ${single.join(', ')}`,
        `a cluster of three nodes or more keeps ${COPIES}: set NATS_REPLICAS=${COPIES} and start a service`,
      ),
    ]
  return []
}
