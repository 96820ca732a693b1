// The gateway under load, each part a process: ours against the stock @apollo/gateway over the same subgraphs, in turns.
import { type Bench, type Figure, medianOf } from './bench.ts'
import type { Load, LoadOrder } from './gateway/load-main.ts'
import { type BenchProcesses, startProcesses } from './gateway/processes.ts'
import { QUERY, TRIVIAL_QUERY } from './gateway/workload.ts'

const CONNECTIONS = 50
const ROUNDS = 5
const WARM_UP_OPERATIONS = 800
const WARM_UP_MS = 30_000
const ORDER = { query: QUERY, connections: CONNECTIONS, ms: 5_000 }
const TRIVIAL_ORDER = { query: TRIVIAL_QUERY, connections: 1, ms: 2_000 }

type Child = Awaited<ReturnType<BenchProcesses['startGateway']>>

interface Measured extends Load {
  /** Of the gateway's process, for one operation. */
  readonly cpuMs: number
}

/** Rounds of several targets in turns, so that a machine that slows down slows all; of each the medians. */
async function inTurns(processes: BenchProcesses, targets: readonly (readonly [Child, Omit<LoadOrder, 'url'>])[]) {
  // Compilers have done with all of them before any is measured.
  for (const [child, order] of targets)
    await processes.load({ ...order, url: child.url, ms: WARM_UP_MS, maxOperations: WARM_UP_OPERATIONS })
  const rounds: Measured[][] = targets.map(() => [])
  for (let round = 0; round < ROUNDS; round++)
    for (const [i, [child, order]] of targets.entries()) {
      const before = await child.usage()
      const load = await processes.load({ ...order, url: child.url })
      const after = await child.usage()
      rounds[i]!.push({ ...load, cpuMs: ((after.cpuSeconds - before.cpuSeconds) * 1000) / Math.max(1, load.asked) })
    }
  return rounds.map((of): Measured => {
    const median = (key: keyof Measured) => medianOf(of.map((one) => one[key]))
    return {
      operationsPerSecond: median('operationsPerSecond'),
      p50Ms: median('p50Ms'),
      p95Ms: median('p95Ms'),
      p99Ms: median('p99Ms'),
      bytes: median('bytes'),
      operations: median('operations'),
      asked: median('asked'),
      cpuMs: median('cpuMs'),
    }
  })
}

const round = (value: number) => Math.round(value * 1000) / 1000

function figures(name: string, ours: Measured, peer: Measured): Figure[] {
  const figure = (what: string, value: number, of: number, unit: string, ratio: number): Figure => ({
    name: `gateway/${name}/${what}`,
    value: round(value),
    unit,
    ratio: of === 0 ? 0 : round(ratio),
  })
  const rows = [
    ['rate', 'operationsPerSecond', 'operations/s'],
    ['p50', 'p50Ms', 'ms'],
    ['p95', 'p95Ms', 'ms'],
    ['p99', 'p99Ms', 'ms'],
    ['cpu', 'cpuMs', 'ms/operation'],
    ['answer', 'bytes', 'bytes'],
  ] as const
  return rows.flatMap(([what, key, unit]) => [
    figure(`ours/${what}`, ours[key], peer[key], unit, ours[key] / peer[key]),
    figure(`stock/${what}`, peer[key], peer[key], unit, 1),
  ])
}

/** Subgraph requests that one operation makes. */
async function requestsOf({ subgraphs, load }: BenchProcesses, gateway: Child): Promise<number> {
  const count = async () => {
    const all = await Promise.all(Object.values(subgraphs).map((child) => child.usage()))
    return all.reduce((sum, { requests }) => sum + requests, 0)
  }
  const before = await count()
  const { operations } = await load({
    ...ORDER,
    url: gateway.url,
    connections: 1,
    ms: 1_000,
    views: 'varying',
  })
  // The last one may have ended after the time.
  return Math.round(((await count()) - before) / (operations + 1))
}

async function run(): Promise<readonly Figure[]> {
  const processes = await startProcesses()
  try {
    const ours = await processes.startGateway('ours')
    const stock = await processes.startGateway('stock')
    const [requests, stockRequests] = [await requestsOf(processes, ours), await requestsOf(processes, stock)]
    const varying = { ...ORDER, views: 'varying' } as const
    const equal = { ...ORDER, views: 'equal' } as const
    const [theirs, own] = await inTurns(processes, [
      [stock, varying],
      [ours, varying],
    ])
    const [theirsEqual, ownEqual] = await inTurns(processes, [
      [stock, equal],
      [ours, equal],
    ])
    const accounts = processes.subgraphs['accounts']!
    const [direct, trivial, theirTrivial] = await inTurns(processes, [
      [accounts, TRIVIAL_ORDER],
      [ours, TRIVIAL_ORDER],
      [stock, TRIVIAL_ORDER],
    ])
    const over = (through: Measured) => through.p50Ms - direct!.p50Ms
    const overhead = (who: string, value: number): Figure => ({
      name: `gateway/trivial/${who}/overhead`,
      value: round(value),
      unit: 'ms p50',
      ratio: round(value / over(theirTrivial!)),
    })
    return [
      ...figures('varying', own!, theirs!),
      ...figures('equal', ownEqual!, theirsEqual!),
      {
        name: 'gateway/ours/requests',
        value: requests,
        unit: 'subgraph requests',
        ratio: round(requests / stockRequests),
      },
      { name: 'gateway/stock/requests', value: stockRequests, unit: 'subgraph requests', ratio: 1 },
      overhead('ours', over(trivial!)),
      overhead('stock', over(theirTrivial!)),
      { name: 'gateway/trivial/direct/p50', value: round(direct!.p50Ms), unit: 'ms', ratio: 1 },
    ]
  } finally {
    processes.close()
  }
}

export const gatewayBench: Bench = { name: 'gateway', run }
