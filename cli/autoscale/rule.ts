// How many workers a backlog wants: more at once, fewer only when fewer would have done for a while.

export interface ScaleRule {
  readonly minimum: number
  readonly maximum: number
  /** Seconds in which a backlog is to be worked off. */
  readonly aimSeconds: number
  /** Threads of each worker. */
  readonly slots: number
  /** How long fewer workers must have been enough before any goes. */
  readonly cooldownMs: number
}

/** What there is to do; see compute/dispatch/backlog.ts. */
export interface ScaleLoad {
  readonly shards: number
  /** Estimated seconds of one thread. */
  readonly costSeconds: number
}

export interface ScaleState {
  readonly wanted: number
  /** Since when fewer would have done, on the clock, and the most that would have been wanted since; null while they would not. */
  readonly below: { readonly since: number; readonly most: number } | null
}

/** Of the aim: a worker goes only where the others would then have a fifth to spare, or a load at the edge would call it back. */
const SPARE = 0.8

export const initialScale = ({ minimum }: ScaleRule): ScaleState => ({ wanted: minimum, below: null })

/** The state after a look at the load; `wanted` lies from the minimum to the maximum. */
export function nextScale(rule: ScaleRule, load: ScaleLoad, { wanted, below }: ScaleState, now: number): ScaleState {
  const up = workersFor(rule, load, rule.aimSeconds)
  if (up > wanted) return { wanted: up, below: null }
  const enough = workersFor(rule, load, SPARE * rule.aimSeconds)
  if (enough >= wanted) return { wanted, below: null }
  const since = below?.since ?? now
  const most = Math.max(below?.most ?? 0, enough)
  return now - since >= rule.cooldownMs ? { wanted: most, below: null } : { wanted, below: { since, most } }
}

/** Where there is anything to do it is one at least, however little it is estimated to cost. */
function workersFor({ minimum, maximum, slots }: ScaleRule, { shards, costSeconds }: ScaleLoad, aim: number): number {
  const needed = shards > 0 ? Math.max(1, Math.ceil(costSeconds / (aim * slots))) : 0
  return Math.min(maximum, Math.max(minimum, needed))
}
