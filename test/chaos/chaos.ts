// A chaos run: faults at random under load, then quiet until all is through, then the verdict.
import { systemClock as clock } from '../../infra/clock.ts'
import { Random } from '../simulation/random.ts'
import { FAULTS, pickFault } from './faults.ts'
import { type House, openHouse } from './house.ts'
import { Load } from './load.ts'
import { undisturbed } from './questions.ts'
import { judge, type Verdict } from './verdict.ts'

export interface ChaosOptions {
  readonly minutes: number
  readonly seed: number
  readonly workers: number
  /** A line of progress. */
  readonly say: (line: string) => void
  /** Ends it: no more faults, no waiting for runs that are open. */
  readonly signal?: AbortSignal
}

export interface ChaosReport extends Verdict {
  readonly injected: ReadonlyMap<string, number>
  /** Submissions that were answered with an error. */
  readonly refused: number
  /** From the last fault until every run had ended. */
  readonly quietMs: number
  readonly interrupted: boolean
}

const MIN_BETWEEN_MS = 500
const MAX_BETWEEN_MS = 4000
const PROGRESS_MS = 5000
/** Runs that have not ended this long after the last fault are lost. */
const QUIET_MS = 300_000

export async function runChaos(options: ChaosOptions): Promise<ChaosReport> {
  const { seed, workers, say, minutes } = options
  say(`starting PostgreSQL, nats-server and ${workers} workers; seed ${seed}`)
  const house = await openHouse(workers)
  try {
    const questions = await undisturbed(house)
    say(`${questions.length} questions answered undisturbed; chaos for ${minutes} minutes`)
    // A stream of random numbers of its own for the faults: which come when does not depend on how fast runs end.
    const load = new Load(house, questions, new Random(seed + 1_000_003))
    return await breakThings(house, load, new Random(seed), options)
  } finally {
    await house.close()
  }
}

async function breakThings(house: House, load: Load, random: Random, options: ChaosOptions): Promise<ChaosReport> {
  const { minutes, say, signal = new AbortController().signal } = options
  const injected = new Map(FAULTS.map(({ kind }) => [kind, 0]))
  const over = new AbortController()
  const loading = load.keepUp(AbortSignal.any([over.signal, signal]))
  const begin = clock.now()
  const elapsed = () => `${((clock.now() - begin) / 1000).toFixed(0)} s`
  const reporting = every(PROGRESS_MS, AbortSignal.any([over.signal, signal]), () => {
    const faults = [...injected.values()].reduce((sum, n) => sum + n, 0)
    say(
      `${elapsed()}: ${faults} faults, ${load.runs.length} runs submitted, ${load.open} open, ${house.workers.size} workers`,
    )
  })

  while (clock.now() < begin + minutes * 60_000 && !signal.aborted) {
    const fault = pickFault(random)
    say(`${elapsed()}: ${fault.kind}`)
    // A message cannot be repeated while the bus is away, nor read from the outbox while the store is: then nothing was injected.
    const hit = await fault.inject(house, load, random).catch((error: unknown) => {
      say(`${elapsed()}: ${fault.kind}: ${error}`)
      return false
    })
    if (hit) injected.set(fault.kind, injected.get(fault.kind)! + 1)
    const between = MIN_BETWEEN_MS + (MAX_BETWEEN_MS - MIN_BETWEEN_MS) * random.next()
    await clock.sleep(between, signal).catch(() => {})
  }
  over.abort()
  await loading
  await reporting

  const quiet = clock.now()
  say(`${elapsed()}: quiet; ${load.open} runs are open`)
  while (!signal.aborted && clock.now() < quiet + QUIET_MS && !(await isThrough(house, load)))
    await clock.sleep(200, signal).catch(() => {})
  const quietMs = clock.now() - quiet
  const verdict = await judge(house, signal.aborted ? [] : load.runs)
  return { ...verdict, injected, refused: load.refused, quietMs, interrupted: signal.aborted }
}

async function isThrough(house: House, load: Load): Promise<boolean> {
  await load.look()
  return load.open === 0 && (await house.bus.backlog().catch(() => 1)) === 0
}

async function every(ms: number, signal: AbortSignal, work: () => void): Promise<void> {
  while (!signal.aborted) {
    await clock.sleep(ms, signal).catch(() => {})
    if (!signal.aborted) work()
  }
}
