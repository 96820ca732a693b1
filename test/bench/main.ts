// `npm run bench [-- name]`: runs the benchmarks and prints one JSON line per figure.
import type { Bench } from './bench.ts'
import { edgeBench } from './edge.bench.ts'
import { executionBench } from './execution.bench.ts'
import { fileBench } from './file.bench.ts'
import { fleetBench } from './fleet.bench.ts'
import { gatewayBench } from './gateway.bench.ts'
import { importBench } from './import.bench.ts'
import { ingestBench } from './ingest.bench.ts'
import { lowerBench } from './lower.bench.ts'
import { microsimBench } from './microsim.bench.ts'
import { parametersBench } from './parameters.bench.ts'
import { planBench } from './plan.bench.ts'
import { savingsBench } from './savings.bench.ts'
import { subscriptionsBench } from './subscriptions.bench.ts'
import { tracingBench } from './tracing.bench.ts'

const BENCHES: readonly Bench[] = [
  planBench,
  savingsBench,
  fileBench,
  lowerBench,
  microsimBench,
  parametersBench,
  importBench,
  ingestBench,
  fleetBench,
  executionBench,
  subscriptionsBench,
  gatewayBench,
  edgeBench,
  tracingBench,
]

const wanted = process.argv.slice(2)
const unknown = wanted.find((name) => !BENCHES.some((bench) => bench.name === name))
if (unknown !== undefined) {
  console.error(
    `there is no benchmark ${unknown}; there are: ${[...new Set(BENCHES.map((bench) => bench.name))].join(', ')}`,
  )
  process.exitCode = 2
} else {
  for (const bench of BENCHES) {
    if (wanted.length > 0 && !wanted.includes(bench.name)) continue
    for (const figure of await bench.run()) console.log(JSON.stringify(figure))
  }
}
