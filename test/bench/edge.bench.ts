// What two steps of the edge cost an operation: the context signed for a subgraph, and the rates counted over PostgreSQL.
import type { Operation } from '../../gateway/edge/step.ts'
import { openRates } from '../../gateway/rates/open-rates.ts'
import { RATES } from '../../gateway/rates/rates-config.ts'
import { systemClock as clock } from '../../infra/clock.ts'
import { silentLog } from '../../infra/log.ts'
import { createMetrics } from '../../infra/metrics.ts'
import { contextSigner, contextVerifier } from '../../infra/signed-context.ts'
import { PROCESS } from '../../schema/caller.ts'
import { freshStore } from '../support/database.ts'
import { startBundledServer } from '../support/postgres.ts'
import { type Bench, type Figure, medianOf, medianSeconds } from './bench.ts'

const SECRET = 'a secret of this benchmark, long enough'
const SIGNED = 2000
const TIMES = 7
/** Within what may be spent at once. */
const COUNTED = 500

/** The peer is a context that is signed and verified anew each time, as for a caller whom nobody has seen before. */
async function measureContext(): Promise<Figure[]> {
  const [sign, verify] = [contextSigner(SECRET, clock), contextVerifier(SECRET, 'economies', clock)]
  const microseconds = async (subject: (i: number) => string) => {
    const round = async () => {
      for (let i = 0; i < SIGNED; i++) {
        const principal = { ...PROCESS, subject: subject(i) }
        await verify(await sign('economies', { tenant: 'acme', principal }, 'r'))
      }
    }
    return ((await medianSeconds(TIMES, round)) / SIGNED) * 1e6
  }
  const known = await microseconds(() => 'ann')
  let callers = 0
  const anew = await microseconds(() => `caller-${++callers}`)
  return [
    { name: 'edge/context/known', value: known, unit: 'us', ratio: known / anew },
    { name: 'edge/context/anew', value: anew, unit: 'us', ratio: 1 },
  ]
}

/** The peer is one statement of nothing for each operation. */
async function measureRates(): Promise<Figure[]> {
  const postgres = await startBundledServer()
  const { store, drop } = await freshStore({ adminUrl: postgres.url })
  const rates = RATES.parse({})
  const step = openRates({ rates, store, clock, log: silentLog, metrics: createMetrics('bench') })!
  const caller = { tenant: 'acme', requestId: 'r', principal: { ...PROCESS, tier: 'enterprise', proof: 'token' } }
  const times = async (work: () => Promise<unknown>) => {
    const took: number[] = []
    for (let i = 0; i < COUNTED; i++) {
      const begin = performance.now()
      await work()
      took.push(performance.now() - begin)
    }
    return took
  }
  try {
    const counted = await times(() =>
      step.admit!({ caller, reply: { headers: new Map() }, notes: {} } as unknown as Operation),
    )
    const asked = await times(() => store.query('select 1'))
    const mean = (took: readonly number[]) => took.reduce((sum, ms) => sum + ms, 0) / took.length
    return [
      { name: 'edge/rates/p50', value: medianOf(counted), unit: 'ms', ratio: medianOf(counted) / medianOf(asked) },
      { name: 'edge/rates/mean', value: mean(counted), unit: 'ms', ratio: mean(counted) / mean(asked) },
      { name: 'edge/statement/p50', value: medianOf(asked), unit: 'ms', ratio: 1 },
      { name: 'edge/statement/mean', value: mean(asked), unit: 'ms', ratio: 1 },
    ]
  } finally {
    await step.close()
    await drop()
    await postgres.remove()
  }
}

export const edgeBench: Bench = {
  name: 'edge',
  async run() {
    return [...(await measureContext()), ...(await measureRates())]
  },
}
