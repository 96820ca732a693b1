// Known operations are planned before a graph is served: the first request after a reload is as fast as any other.
import { QueryPlanner } from '@apollo/query-planner'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { composeSupergraph } from '../../gateway/compose.ts'
import { createLog } from '../../infra/log.ts'
import { PROCESS } from '../../schema/caller.ts'
import { exampleServices, SDL } from './example-graph.ts'
import { type ExampleServer, startExampleServer } from './example-server.ts'

const plans = vi.spyOn(QueryPlanner.prototype, 'buildQueryPlan')
const caller = { tenant: 'local', requestId: 'r', principal: PROCESS }
const KNOWN = [
  'query Title($id: ID!) { scenario(id: $id) { title economy { gdp } } }',
  'query Maybe($id: ID!, $more: Boolean!) { scenario(id: $id) { title economy @include(if: $more) { gdp } } }',
  'query A { tenant } query B { scenarios { title } }',
  'mutation Rename { rename(id: "a", title: "Cut") { title } }',
  'subscription S { runUpdated(id: "r1") { status } }',
]
const changed = composeSupergraph(
  exampleServices({ ...SDL, portfolios: SDL.portfolios.replace('risk: Float', 'risk: Float hazard: Float') }),
)

let example: ExampleServer
const lines: { msg: string; fault?: string }[] = []
beforeEach(async () => {
  plans.mockClear()
  lines.length = 0
  const log = createLog('warn', {}, { write: (line: string) => void lines.push(JSON.parse(line)) } as never)
  example = await startExampleServer({}, undefined, { known: () => [...KNOWN, '{ gone }'], log })
})
afterEach(() => example.close())

async function askAll(): Promise<void> {
  const { gateway } = example
  const answers = [
    await gateway.execute({ query: KNOWN[0]!, variables: { id: 'a' }, caller }),
    await gateway.execute({ query: KNOWN[1]!, variables: { id: 'a', more: true }, caller }),
    await gateway.execute({ query: KNOWN[1]!, variables: { id: 'a', more: false }, caller }),
    await gateway.execute({ query: KNOWN[2]!, operationName: 'A', caller }),
    await gateway.execute({ query: KNOWN[2]!, operationName: 'B', caller }),
    await gateway.execute({ query: KNOWN[3]!, caller }),
  ]
  for (const { errors } of answers) expect(errors).toBeUndefined()
}

describe('known operations', () => {
  it('are planned when the gateway opens, for every choice of their conditions, and not again', async () => {
    expect(plans).toHaveBeenCalledTimes(6)
    await askAll()
    expect(plans).toHaveBeenCalledTimes(6)
    await example.gateway.execute({ query: '{ requestId }', caller })
    expect(plans).toHaveBeenCalledTimes(7)
  })

  it('are planned again before another supergraph is served, while the one before still answers', async () => {
    plans.mockClear()
    const reloaded = example.gateway.reload(changed)
    while (plans.mock.calls.length < 3) {
      const answer = await example.gateway.execute({ query: KNOWN[0]!, variables: { id: 'a' }, caller })
      expect(answer.errors).toBeUndefined()
      await new Promise(setImmediate)
    }
    await reloaded
    expect(plans).toHaveBeenCalledTimes(6)
    await askAll()
    expect(plans).toHaveBeenCalledTimes(6)
    const hazard = await example.gateway.execute({ query: '{ run(id: "r1") { hazard } }', caller })
    expect(hazard.errors).toBeUndefined()
  })

  it('that no longer fit the supergraph are told in the log, and refuse nothing else', async () => {
    const told = lines.filter(({ msg }) => msg === 'a known operation does not fit the supergraph')
    expect(told).toEqual([expect.objectContaining({ fault: expect.stringContaining('gone') })])
  })
})
