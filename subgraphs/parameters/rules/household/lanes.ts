// Many questions about one unit as lanes of one plan: the unit itself, with a step more of income, along an axis.
import type { RuleSet } from '../rule-set/rule-set.ts'
import type { Units } from './units.ts'

/** What a lane has instead of the unit's own data. */
export type Lane = Readonly<Record<string, number>>

/** The unit itself. */
export const AS_IT_IS: Lane = {}

export interface LaneRequest {
  readonly lanes: readonly Lane[]
  /** Variables of the compiled model. */
  readonly outputs: readonly string[]
}

const keyOf = (lane: Lane): string =>
  Object.entries(lane)
    .map(([name, value]) => `${name}=${value}`)
    .sort()
    .join(' ')

/** Lanes and outputs that several requests have together, each once. */
export interface Together {
  readonly lanes: readonly Lane[]
  readonly outputs: readonly string[]
  /** Where the lanes of a request lie. */
  readonly placesOf: (request: LaneRequest) => number[]
}

export function together(requests: readonly LaneRequest[]): Together {
  const places = new Map<string, number>()
  const lanes: Lane[] = []
  for (const lane of requests.flatMap((request) => request.lanes)) {
    const key = keyOf(lane)
    if (places.has(key)) continue
    places.set(key, lanes.length)
    lanes.push(lane)
  }
  return {
    lanes,
    outputs: [...new Set(requests.flatMap(({ outputs }) => outputs))],
    placesOf: (request) => request.lanes.map((lane) => places.get(keyOf(lane))!),
  }
}

/** Every column of the rule set for the lanes of one unit. `unit`: its data, one value each. */
export function unitsOfLanes(ruleSet: RuleSet, unit: Units, lanes: readonly Lane[]): Units {
  const columns = Object.fromEntries(
    ruleSet.columns.map(({ name, default: usual }) => {
      const own = unit.columns[name]?.[0] ?? usual ?? 0
      return [name, Float64Array.from(lanes, (lane) => lane[name] ?? own)]
    }),
  )
  return { count: lanes.length, columns }
}
