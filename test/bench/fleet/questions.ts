// What the fleet's benchmark asks, each asking with a seed of its own: nothing is answered from the store.
import type { Submission } from '../../../compute/dispatch/port.ts'
import { call } from '../../../compute/model/build.ts'
import { lower } from '../../../compute/model/lowering/lower.ts'
import { ensemble, toiling } from '../../support/fleet.ts'

let asked = 0
const fresh = (more: Partial<Submission>) => ensemble({ seed: String(++asked), ...more })

/** One addition on one lane: what is left is the fleet's own. */
const SMALLEST = lower({
  name: 'smallest',
  tables: {},
  variables: [
    { kind: 'input', name: 'one', unit: '1', default: 1 },
    { kind: 'auxiliary', name: 'two', unit: '1', equation: call('add', 'one', 1) },
  ],
  outputs: ['two'],
})

export const smallest = (tenant = 'local') => fresh({ tenant, plan: SMALLEST, lanes: 1 })

/** Shards of next to no work, at most 4,096. */
export const tiny = (shards: number) => fresh({ plan: SMALLEST, lanes: 64 * shards, shards, class: 'p1' })

const plans = new Map<number, ReturnType<typeof toiling>>()
/** Shards of `steps` * 6 microseconds or so. */
export function toil(steps: number, shards: number, more: Partial<Submission> = {}): Submission {
  const plan = plans.get(steps) ?? toiling(steps)
  plans.set(steps, plan)
  return fresh({ plan, lanes: 64 * shards, shards, ...more })
}
