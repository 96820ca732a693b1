// Three nats-servers that are one cluster, on loopback, for tests that end some of them.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { jetstreamManager, type StreamInfo } from '@nats-io/jetstream'
import { connect } from '@nats-io/transport-node'
import { systemClock } from '../../infra/clock.ts'
import { freePort } from './free-port.ts'
import { type ConfiguredServer, configuredServer } from './nats-config.ts'

export interface ClusterNode extends ConfiguredServer {
  readonly name: string
}

export interface TestCluster {
  readonly nodes: readonly ClusterNode[]
  /** Of all nodes. */
  readonly url: string
  /** Of a stream, as a node that is up tells it. */
  info(stream: string): Promise<StreamInfo>
  /** The node that leads a stream at the moment. */
  leaderOf(stream: string): Promise<ClusterNode>
  /** Ends all and removes their files. */
  stop(): Promise<void>
}

const ATTEMPTS = 3

export async function startTestCluster(): Promise<TestCluster> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await startOnce()
    } catch (error) {
      // Somebody took a port between our look and the start of a node.
      if (attempt === ATTEMPTS) throw error
    }
  }
}

async function startOnce(): Promise<TestCluster> {
  const directory = mkdtempSync(join(tmpdir(), 'quesnay-cluster-'))
  const [clients, routes] = [await freePorts(3), await freePorts(3)]
  const all = routes.map((port) => `nats://127.0.0.1:${port}`).join(', ')
  const nodes = clients.map((port, i) => {
    const name = `n${i + 1}`
    const lines = [
      `server_name: ${name}`,
      `cluster { name: quesnay-test, listen: "127.0.0.1:${routes[i]}", routes: [${all}] }`,
    ]
    return { ...configuredServer(join(directory, name), port, lines), name }
  })
  const started = await Promise.allSettled(nodes.map((node) => node.start()))
  const failure = started.find((one) => one.status === 'rejected')
  if (failure) {
    await Promise.all(nodes.map((node) => node.end('SIGKILL')))
    throw failure.reason
  }
  const url = clients.map((port) => `nats://127.0.0.1:${port}`).join(',')
  const info = async (stream: string) => {
    const nc = await connect({ servers: clients.map((port) => `127.0.0.1:${port}`), maxReconnectAttempts: 2 })
    try {
      return await (await jetstreamManager(nc)).streams.info(stream)
    } finally {
      await nc.close()
    }
  }
  return {
    nodes,
    url,
    info,
    async leaderOf(stream) {
      for (;;) {
        const leader = (await info(stream)).cluster?.leader
        const found = nodes.find((node) => node.name === leader)
        if (found) return found
        await systemClock.sleep(50)
      }
    },
    async stop() {
      await Promise.all(nodes.map((node) => node.end('SIGKILL')))
      rmSync(directory, { recursive: true, force: true })
    },
  }
}

async function freePorts(count: number): Promise<number[]> {
  const ports: number[] = []
  while (ports.length < count) {
    const port = await freePort('127.0.0.1')
    if (!ports.includes(port)) ports.push(port)
  }
  return ports
}
