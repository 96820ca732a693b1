// The fleet in services mode, from submission to result: overhead, shards a second, fairness, recovery, a second worker.
import { processorSeconds } from '../simulation/processor-time.ts'
import type { Bench, Figure } from './bench.ts'
import { bareInsertsPerSecond, bareRoundTripMs } from './fleet/peers.ts'
import { smallest, tiny, toil } from './fleet/questions.ts'
import { measureRecovery } from './fleet/recovery.ts'
import { openServices, type Services } from './fleet/services.ts'

const ASKED = 300
const TINY_SHARDS = 2000
const FLOOD = 5000
const FAIR_ROUNDS = 15
/** A fleet that has just been started runs code that is not compiled yet. */
const WARM_UP = 50
/** Shards of some 150 ms, which is what the product aims at. */
const SCALING_SHARDS = 32
const SCALING_STEPS = 25_000
/** In turns, and of each the quickest: a shared machine is slower at times, never faster. */
const SCALING_ROUNDS = 3

async function run(): Promise<readonly Figure[]> {
  const figures: Figure[] = []
  // Each on servers of its own: what one leaves behind is not the next one's.
  for (const part of [measureOverhead, measureShards, measureFairness, measureScaling, measureRecovery]) {
    const services = await openServices()
    try {
      figures.push(...(await part(services)))
    } finally {
      await services.close()
    }
  }
  return figures
}

const rounded = (value: number) => Math.round(value * 100) / 100
const figure = (name: string, value: number, unit: string, ratio: number): Figure => ({
  name: `fleet.${name}`,
  value: rounded(value),
  unit,
  ratio: rounded(ratio),
})

async function warmUp(services: Services, tenant?: string): Promise<void> {
  for (let i = 0; i < WARM_UP; i++) await services.answer(smallest(tenant))
}

/** An empty kernel, one asking after the other; the peer is a request, a row inserted, and the reply. */
async function measureOverhead(services: Services): Promise<Figure[]> {
  await services.startWorkers(1)
  await warmUp(services)
  const took: number[] = []
  for (let i = 0; i < ASKED; i++) took.push(await services.answer(smallest()))
  took.sort((a, b) => a - b)
  const peer = await bareRoundTripMs(services, ASKED)
  const [p50, p99] = [0.5, 0.99].map((p) => took[Math.floor(p * ASKED)]!)
  return [
    figure('overhead.p50', p50!, 'ms', p50! / peer),
    figure('overhead.p99', p99!, 'ms', p99! / peer),
    figure('overhead.bare-request-and-insert.p50', peer, 'ms', 1),
  ]
}

/** One job of many shards of next to no work, on one worker of two threads; the peer inserts rows with eight writers. */
async function measureShards(services: Services): Promise<Figure[]> {
  await services.startWorkers(1, 2)
  await services.answer(tiny(100))
  const perSecond = (1000 * TINY_SHARDS) / (await services.answer(tiny(TINY_SHARDS)))
  const peer = await bareInsertsPerSecond(services, 2 * TINY_SHARDS)
  return [figure('shards', perSecond, 'shards/s', perSecond / peer), figure('shards.bare-inserts', peer, 'rows/s', 1)]
}

/** Tenant B asks while 5,000 shards of A wait, of some milliseconds each; the peer is B alone. */
async function measureFairness(services: Services): Promise<Figure[]> {
  await services.startWorkers(1, 2)
  const median = async () => {
    const took: number[] = []
    for (let i = 0; i < FAIR_ROUNDS; i++) took.push(await services.answer(smallest('b')))
    return took.sort((a, b) => a - b)[FAIR_ROUNDS >> 1]!
  }
  await warmUp(services, 'b')
  const alone = await median()
  const { dispatch } = services
  const floods = await Promise.all(
    [0, 1].map(() => dispatch.submit(toil(100, FLOOD / 2, { tenant: 'a', class: 'p0' }))),
  )
  const behind = await median()
  const done = await dispatch.load(
    'a',
    floods.map(({ id }) => id),
  )
  const waiting = FLOOD - done.reduce((sum, one) => sum + (one?.shardsDone ?? 0), 0)
  for (const { id } of floods) await dispatch.cancel('a', id)
  return [
    figure('fairness.behind-a-flood', behind, 'ms', behind / alone),
    figure('fairness.alone', alone, 'ms', 1),
    figure('fairness.shards-still-waiting', waiting, 'shards', waiting / FLOOD),
  ]
}

interface Measured {
  readonly ms: number
  readonly processorMs: number
}
const quickest = (measured: readonly Measured[]) => measured.reduce((best, one) => (one.ms < best.ms ? one : best))

/** A second worker of one thread; processor time of the workers shows what sharing two cores with the servers takes. */
async function measureScaling(services: Services): Promise<Figure[]> {
  const measure = async (count: number) => {
    const workers = await services.startWorkers(count)
    await services.answer(tiny(TINY_SHARDS / 4))
    await services.answer(toil(SCALING_STEPS, 4 * count))
    const used = () => workers.reduce((sum, { pid }) => sum + processorSeconds(pid), 0)
    const before = used()
    const ms = await services.answer(toil(SCALING_STEPS, SCALING_SHARDS))
    const processorMs = (1000 * (used() - before)) / SCALING_SHARDS
    await services.endWorkers()
    return { ms, processorMs }
  }
  const ones: Measured[] = []
  const twos: Measured[] = []
  for (let round = 0; round < SCALING_ROUNDS; round++) {
    ones.push(await measure(1))
    twos.push(await measure(2))
  }
  const [one, two] = [quickest(ones), quickest(twos)]
  return [
    figure('scaling.one-worker', one.ms, 'ms', 1),
    figure('scaling.two-workers', two.ms, 'ms', one.ms / two.ms),
    figure('scaling.one-worker.processor', one.processorMs, 'ms a shard', 1),
    figure('scaling.two-workers.processor', two.processorMs, 'ms a shard', two.processorMs / one.processorMs),
  ]
}

export const fleetBench: Bench = { name: 'fleet', run }
