// How much longer a run takes for a fault in its middle, with the product's own timers.
import { systemClock as clock } from '../../../infra/clock.ts'
import type { WorkerProcess } from '../../support/worker-process.ts'
import type { Figure } from '../bench.ts'
import { toil } from './questions.ts'
import type { Services } from './services.ts'

const SHARDS = 40
/** About 10 ms a shard. */
const STEPS = 1500

/**
 * A killed worker's shard comes back when the broker's acknowledgement timer (20 s) runs out; a broker or a database that is back at
 * once is met by the next try of those who wait for it. Two workers; the ratio is to the undisturbed run.
 */
export async function measureRecovery(services: Services): Promise<Figure[]> {
  const { nats, postgres } = services
  const ask = () => services.answer(toil(STEPS, SHARDS))
  await services.startWorkers(2)
  await ask()
  const undisturbed = Math.min(await ask(), await ask())
  const faults: readonly (readonly [string, (victim: WorkerProcess) => Promise<unknown>])[] = [
    ['worker', (victim) => victim.kill('SIGKILL')],
    ['database', () => postgres.kill().then(() => postgres.start())],
    ['broker', () => nats.kill9().then(() => nats.restart())],
  ]
  const figures: Figure[] = [figure('undisturbed', undisturbed, undisturbed)]
  for (const [name, inject] of faults) {
    await services.endWorkers()
    const [victim] = await services.startWorkers(2)
    await ask()
    const answered = ask()
    await clock.sleep(undisturbed / 3)
    await inject(victim!)
    figures.push(figure(name, (await answered) - undisturbed, undisturbed))
  }
  return figures
}

const figure = (name: string, ms: number, undisturbed: number): Figure => ({
  name: `fleet.recovery.${name}`,
  value: Math.round(ms),
  unit: name === 'undisturbed' ? 'ms' : 'ms longer',
  ratio: Math.round((100 * ms) / undisturbed) / 100,
})
