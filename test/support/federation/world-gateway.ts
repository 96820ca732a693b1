// A gateway over the subgraphs of a random world, all in this process.
import { execute, type FormattedExecutionResult, parse } from 'graphql'
import { composeSupergraph } from '../../../gateway/compose.ts'
import type { ExecutorName } from '../../../gateway/execution/executor.ts'
import { type Gateway, openGateway } from '../../../gateway/gateway.ts'
import { localRequester } from '../../../gateway/requesters/local-requester.ts'
import type { SubgraphRequest } from '../../../gateway/requesters/requester.ts'
import { openMemoryBus } from '../../../infra/bus/memory.ts'
import { systemClock as clock } from '../../../infra/clock.ts'
import { silentLog } from '../../../infra/log.ts'
import { createMetrics } from '../../../infra/metrics.ts'
import type { World } from './random-world.ts'
import { subgraphSchema, subgraphSdl } from './world-schemas.ts'

export function worldSupergraph(world: World): string {
  return composeSupergraph(
    Array.from({ length: world.subgraphs }, (_, s) => ({
      name: `s${s}`,
      url: `http://127.0.0.1:1/s${s}`,
      sdl: subgraphSdl(world, s),
    })),
  )
}

export interface WorldGateway extends Gateway {
  /** What subgraphs were asked, in order. */
  readonly asked: { readonly subgraph: string; readonly request: SubgraphRequest }[]
}

export async function worldGateway(world: World, sdl: string, executor: ExecutorName): Promise<WorldGateway> {
  const asked: WorldGateway['asked'] = []
  const gateway = await openGateway({
    supergraph: { sdl },
    services: (name) => {
      const schema = subgraphSchema(world, Number(name.slice(1)))
      return localRequester({
        async execute(request): Promise<FormattedExecutionResult> {
          asked.push({ subgraph: name, request })
          const { query, variables, operationName } = request
          const given = { schema, document: parse(query), variableValues: variables, operationName }
          return JSON.parse(JSON.stringify(await execute(given))) as FormattedExecutionResult
        },
      })
    },
    bus: openMemoryBus(clock),
    clock,
    log: silentLog,
    metrics: createMetrics('test'),
    executor,
  })
  return Object.assign(Object.create(gateway) as Gateway, { asked })
}
