// The compiled executor against one schema of all and against that of @apollo/gateway: random graphs, random operations, equal answers.

import { type ExecutionResult, execute, parse } from 'graphql'
import { afterAll, describe, expect, it } from 'vitest'
import { PROCESS } from '../../schema/caller.ts'
import { type RandomOperation, randomOperation } from '../support/federation/random-operation.ts'
import { randomWorld, type World } from '../support/federation/random-world.ts'
import { type WorldGateway, worldGateway, worldSupergraph } from '../support/federation/world-gateway.ts'
import { mergedSchema } from '../support/federation/world-schemas.ts'

const WORLDS = Array.from({ length: 10 }, (_, seed) => seed)
const OPERATIONS = 24
const values = { id: ['"E0:0"', '"E0:1"', '"E1:1"', '"E1:3"', '"E2:2"', '"E2:4"', '"nobody"'] }
const caller = { tenant: 'local', requestId: 'req-1', principal: PROCESS }
const text = ({ data }: ExecutionResult) => JSON.stringify(data)
/** Where the executor of @apollo/gateway answers otherwise than the schema of all does, and ours does not. */
let faults = 0

/** Valid operations on a world, always the same ones. */
function operationsOf(world: World): RandomOperation[] {
  const schema = mergedSchema(world)
  const drawn = Array.from({ length: OPERATIONS }, (_, i) =>
    randomOperation(schema, world.seed * 1000 + i, { values, depth: 4 }),
  )
  return drawn.filter((operation) => operation !== undefined)
}

async function gatewaysOf(world: World): Promise<[compiled: WorldGateway, apollo: WorldGateway]> {
  const sdl = worldSupergraph(world)
  return [await worldGateway(world, sdl, 'compiled'), await worldGateway(world, sdl, 'apollo')]
}

describe('an operation over subgraphs', () => {
  it.each(WORLDS)(
    'is answered as by one schema of all, to the letter, graph %i',
    async (seed) => {
      const world = randomWorld(seed)
      // The same graph in which fields fail that may not be null: what falls with them depends on what was fetched together.
      const harder = randomWorld(seed, true)
      const [compiled, apollo] = await gatewaysOf(world)
      const [hard, hardApollo] = await gatewaysOf(harder)
      const schema = mergedSchema(world)
      const operations = operationsOf(world)
      expect(operations.length).toBeGreaterThan(OPERATIONS / 3)
      for (const { query, variables } of operations) {
        const want = await execute({ schema, document: parse(query), variableValues: variables })
        const request = { query, variables, caller }
        expect(text(await compiled.execute(request)), query).toBe(text(want))
        const oracle = await apollo.execute(request)
        if (!same(oracle, want)) {
          faults++
          continue
        }
        const got = await hard.execute(request)
        const other = await hardApollo.execute(request)
        expect(got.data, query).toEqual(plain(other.data))
        expect(Boolean(got.errors), query).toBe(Boolean(other.errors))
      }
      for (const gateway of [compiled, apollo, hard, hardApollo]) await gateway.close()
    },
    60_000,
  )

  afterAll(() => {
    // Fields required with arguments, interfaces as objects and requirements under conditions are among the graphs.
    expect(faults).toBeGreaterThan(0)
  })
})

describe('an operation over subgraphs that require fields in several ways', () => {
  // By seed: worlds in which a field with an argument is required.
  const worlds = Array.from({ length: 40 }, (_, seed) => randomWorld(seed, false, true)).filter(requiresWays)
  it.each(worlds.slice(0, 8).map((world) => [world.seed, world] as const))(
    'is answered as by one schema of all, to the letter, graph %i',
    async (_, world) => {
      const gateway = await worldGateway(world, worldSupergraph(world), 'compiled')
      const schema = mergedSchema(world)
      const operations = [...operationsOf(world), ...requiring(world)]
      for (const { query, variables } of operations) {
        const want = await execute({ schema, document: parse(query), variableValues: variables })
        expect(text(await gateway.execute({ query, variables, caller })), query).toBe(text(want))
      }
      await gateway.close()
    },
    60_000,
  )
})

const requiresWays = ({ entities }: World) =>
  entities.some(({ fields }) => fields.some(({ name }) => name.endsWith('w')))

/** Operations that ask for all that is required in several ways, and for the fields themselves with other arguments. */
function requiring({ entities }: World): RandomOperation[] {
  return entities.flatMap(({ name, fields, keys }) => {
    const ways = fields.filter(({ requires }) => requires && requires.x !== null)
    if (ways.length === 0) return []
    const asked = fields.filter(({ requires }) => requires).map((field) => field.name)
    const sources = [...new Set(ways.map(({ requires }) => requires!.field))]
    const own = sources.map((source, i) => `${source}(x: $x) a${i}: ${source}`)
    return [...keys.keys()].map((s) => ({
      query: `query ($x: Int) { all${name}from${s} { ${asked.join(' ')} ...F } } fragment F on ${name} { ${own.join(' ')} }`,
      variables: { x: 7 },
    }))
  })
}

const plain = (data: unknown): unknown => JSON.parse(JSON.stringify(data))

function same(a: ExecutionResult, b: ExecutionResult): boolean {
  try {
    expect(plain(a.data)).toEqual(plain(b.data))
    return true
  } catch {
    return false
  }
}
