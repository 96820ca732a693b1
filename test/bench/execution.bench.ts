// Execution of one federated query by our executor, against that of @apollo/gateway in the same process over the same subgraphs.

import { buildSubgraphSchema } from '@apollo/subgraph'
import { execute, type FormattedExecutionResult, type GraphQLSchema, parse } from 'graphql'
import { composeSupergraph } from '../../gateway/compose.ts'
import type { ExecutorName } from '../../gateway/execution/executor.ts'
import { openGateway } from '../../gateway/gateway.ts'
import { openMemoryBus } from '../../infra/bus/memory.ts'
import { systemClock as clock } from '../../infra/clock.ts'
import { silentLog } from '../../infra/log.ts'
import { createMetrics } from '../../infra/metrics.ts'
import { PROCESS } from '../../schema/caller.ts'
import { type Bench, type Figure, medianSeconds } from './bench.ts'
import { LINK, QUERY, SUBGRAPHS, viewNumber } from './gateway/workload.ts'

const ROUNDS = 7
const OPERATIONS = 40

async function gatewayBy(executor: ExecutorName) {
  let requests = 0
  const schemas = new Map<string, GraphQLSchema>()
  for (const [name, { sdl, resolvers }] of Object.entries(SUBGRAPHS))
    schemas.set(name, buildSubgraphSchema({ typeDefs: parse(`${LINK}\n${sdl}`), resolvers: resolvers as never }))
  /** Answers are kept by what was asked, so that the subgraphs' own work is next to none; each is parsed anew, as over HTTP. */
  const answers = new Map<string, string>()
  const gateway = await openGateway({
    supergraph: {
      sdl: composeSupergraph(
        Object.entries(SUBGRAPHS).map(([name, { sdl }]) => ({
          name,
          url: `http://127.0.0.1:1/${name}`,
          sdl: `${LINK}\n${sdl}`,
        })),
      ),
    },
    services: (name) => ({
      async request({ query, variables }) {
        requests++
        const asked = JSON.stringify([name, query, variables])
        const known = answers.get(asked)
        if (known) return JSON.parse(known) as FormattedExecutionResult
        const schema = schemas.get(name)!
        const answer = JSON.stringify(await execute({ schema, document: parse(query), variableValues: variables }))
        answers.set(asked, answer)
        return JSON.parse(answer) as FormattedExecutionResult
      },
      ready: async () => true,
      close: async () => {},
    }),
    bus: openMemoryBus(clock),
    clock,
    log: silentLog,
    metrics: createMetrics('bench'),
    executor,
  })
  const variables = { view: viewNumber(1) }
  const ask = () =>
    gateway.execute({ query: QUERY, variables, caller: { tenant: 'local', requestId: 'bench', principal: PROCESS } })
  const first = JSON.stringify(await ask())
  const before = requests
  await ask()
  return { ask, bytes: first.length, requests: requests - before, close: () => gateway.close() }
}

async function run(): Promise<readonly Figure[]> {
  const compiled = await gatewayBy('compiled')
  const apollo = await gatewayBy('apollo')
  const secondsOf = (ask: () => Promise<unknown>) =>
    medianSeconds(ROUNDS, async () => {
      for (let i = 0; i < OPERATIONS; i++) await ask()
    })
  // In turns, so that a machine that slows down slows both.
  await secondsOf(compiled.ask)
  const theirs = await secondsOf(apollo.ask)
  const ours = await secondsOf(compiled.ask)
  await Promise.all([compiled.close(), apollo.close()])
  const rate = (seconds: number) => Math.round((OPERATIONS / seconds) * 100) / 100
  return [
    {
      name: 'execution.compiled',
      value: rate(ours),
      unit: 'operations/s',
      ratio: Math.round((theirs / ours) * 100) / 100,
    },
    { name: 'execution.apollo', value: rate(theirs), unit: 'operations/s', ratio: 1 },
    {
      name: 'execution.compiled.requests',
      value: compiled.requests,
      unit: 'subgraph requests',
      ratio: compiled.requests / apollo.requests,
    },
    { name: 'execution.apollo.requests', value: apollo.requests, unit: 'subgraph requests', ratio: 1 },
    { name: 'execution.answer', value: compiled.bytes, unit: 'bytes', ratio: compiled.bytes / apollo.bytes },
  ]
}

export const executionBench: Bench = { name: 'execution', run }
