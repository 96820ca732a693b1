// `npm run simulate -- --workers 1000 --shards 10000000 --seed 1`: the fleet on paper; prints how busy each part of it is.
import { parseArgs } from 'node:util'
import { measure } from './measure.ts'
import { DEFAULTS, type SimulationOptions } from './options.ts'
import { stationTable, table } from './report.ts'
import { simulate } from './simulate.ts'
import { changes, sizes } from './variants.ts'

const HELP = `npm run simulate -- [options]
  --workers N --slots N --shards N --shard-ms N --job-shards N --tenants N --dispatchers N
  --database-cores N --broker-cores N --hours-between-deaths N --seed N
  --sizes     compares numbers of workers and lengths of shards
  --changes   compares changes to the design
  --measure   measures on this machine what the pieces of work cost`

const NUMBERS = {
  workers: 'workers',
  slots: 'slots',
  shards: 'shards',
  seed: 'seed',
  'shard-ms': 'shardMs',
  'job-shards': 'jobShards',
  tenants: 'tenants',
  dispatchers: 'dispatchers',
  'database-cores': 'databaseCores',
  'broker-cores': 'brokerCores',
  'hours-between-deaths': 'hoursBetweenDeaths',
} as const satisfies Record<string, keyof SimulationOptions>

const { values } = parseArgs({
  options: {
    ...Object.fromEntries(Object.keys(NUMBERS).map((name) => [name, { type: 'string' as const }])),
    sizes: { type: 'boolean' },
    changes: { type: 'boolean' },
    measure: { type: 'boolean' },
    help: { type: 'boolean' },
  },
})
const given = Object.entries(NUMBERS).flatMap(([name, option]) => {
  const text = (values as Record<string, unknown>)[name]
  if (text === undefined) return []
  const value = Number(text)
  // No death at all is 0 hours between them; a seed may be 0 too.
  const least = name === 'hours-between-deaths' || name === 'seed' ? 0 : 1
  if (!Number.isFinite(value) || value < least)
    throw new Error(`--${name} takes a number from ${least}, and is ${text}`)
  return [[option, value]]
})
const options: SimulationOptions = { ...DEFAULTS, ...Object.fromEntries(given) }

if (values.help) console.log(HELP)
else if (values.measure) {
  const rows = (await measure()).map(({ name, processorMs, wallMs }) => [
    name,
    processorMs.toFixed(4),
    wallMs.toFixed(4),
  ])
  console.log(table([['piece of work', 'processor, ms', 'wall clock, ms'], ...rows]))
} else if (values.sizes) console.log(sizes(options))
else if (values.changes) console.log(changes(options))
else {
  const { workers, slots, shards, shardMs, seed } = options
  console.log(`${workers} workers of ${slots} threads, ${shards} shards of ${shardMs} ms on average, seed ${seed}\n`)
  console.log(stationTable(simulate(options)))
}
