// The faults that chaos injects, each into real processes, and how what it broke comes back.
import { systemClock as clock } from '../../infra/clock.ts'
import type { Random } from '../simulation/random.ts'
import type { House } from './house.ts'
import type { Load } from './load.ts'

export interface Fault {
  readonly kind: string
  /** How often it is picked, among the others. */
  readonly weight: number
  /** Resolves when what it takes away is there again, or at once where nothing is taken away; false where there was nothing to hit. */
  inject(house: House, load: Load, random: Random): Promise<boolean>
}

const someWorker = ({ workers }: House, random: Random) => [...workers][random.below(Math.max(1, workers.size))]

const MAX_AWAY_MS = 4000
const away = (random: Random) => clock.sleep(MAX_AWAY_MS * random.next())

export const FAULTS: readonly Fault[] = [
  {
    kind: 'worker killed',
    weight: 5,
    async inject(house, _, random) {
      const victim = someWorker(house, random)
      await victim?.kill('SIGKILL')
      return victim !== undefined
    },
  },
  {
    kind: 'worker asked to end',
    weight: 3,
    async inject(house, _, random) {
      const victim = someWorker(house, random)
      await victim?.kill('SIGTERM')
      return victim !== undefined
    },
  },
  {
    kind: 'worker stalled',
    weight: 3,
    async inject(house, _, random) {
      const worker = someWorker(house, random)
      if (!worker) return false
      process.kill(worker.pid, 'SIGSTOP')
      await clock.sleep(2 * MAX_AWAY_MS * random.next())
      // It may have been killed meanwhile.
      if (house.workers.has(worker)) process.kill(worker.pid, 'SIGCONT')
      return true
    },
  },
  {
    kind: 'broker killed',
    weight: 2,
    async inject({ nats }, _, random) {
      await nats.kill9()
      await away(random)
      await nats.restart()
      return true
    },
  },
  {
    kind: 'broker emptied',
    weight: 2,
    async inject({ nats }, _, random) {
      await nats.kill9()
      await away(random)
      await nats.restart({ emptied: true })
      return true
    },
  },
  {
    kind: 'database stopped',
    weight: 2,
    async inject({ postgres }, _, random) {
      await postgres.stop()
      await away(random)
      await postgres.start()
      return true
    },
  },
  {
    kind: 'database crashed',
    weight: 2,
    async inject({ postgres }, _, random) {
      await postgres.kill()
      await away(random)
      await postgres.start()
      return true
    },
  },
  {
    kind: 'messages repeated',
    weight: 3,
    async inject({ store, bus }, _, random) {
      // Three times each, the last first, of shards that are done and of some that are not.
      const rows = await store.query<{ subject: string; body: Buffer }>(
        'select subject, body from fleet.outbox order by id desc limit 40',
      )
      const round = random.below(2 ** 31)
      for (const copy of ['a', 'b', 'c'])
        for (const [i, { subject, body }] of rows.entries()) await bus.enqueue(subject, body, `${round}-${i}-${copy}`)
      return rows.length > 0
    },
  },
  {
    kind: 'message that is none',
    weight: 1,
    async inject({ bus }, _, random) {
      const id = random.below(2 ** 31)
      await bus.enqueue(`qz.job.p1.${id % 16}.poison.${id}.0`, new TextEncoder().encode('{"v":1,'), `poison-${id}`)
      return true
    },
  },
  {
    kind: 'flood',
    weight: 1,
    async inject(_, load) {
      await load.flood()
      return true
    },
  },
]

/** One by its weight. */
export function pickFault(random: Random): Fault {
  let draw = random.next() * FAULTS.reduce((sum, { weight }) => sum + weight, 0)
  for (const fault of FAULTS) {
    draw -= fault.weight
    if (draw < 0) return fault
  }
  return FAULTS[0]!
}
