// Asks the fleet for one unit in many states: whatever one operation selects of it becomes lanes of one job.
import DataLoader from 'dataloader'
import type { RunRecord } from '../../../compute/dispatch/port.ts'
import { type LaneRequest, together, unitsOfLanes } from '../rules/household/lanes.ts'
import type { Units } from '../rules/household/units.ts'
import { type Computed, computeUnits, isOfOne, missing } from './compute-units.ts'
import type { Context } from './context.ts'
import type { LoadedLaws } from './laws.ts'

export interface ComputedLanes {
  /** The runs that computed all that was asked for together. */
  readonly runs: readonly RunRecord[]
  /** Values of a variable of the compiled model, one for each lane of the request. */
  readonly of: (variable: string) => Float64Array
}

export type LanesLoader = DataLoader<LaneRequest, ComputedLanes>

/** Lanes times outputs of one job; beyond, each request has its own: a long axis and a deep trace have little in common. */
const MAX_CELLS = 2 ** 21

/** Gathers what is asked of one unit within one operation. */
export function lanesLoader(context: Context, laws: LoadedLaws, unit: Units): LanesLoader {
  const compute = async (requests: readonly LaneRequest[]): Promise<(ComputedLanes | Error)[]> => {
    const { lanes, outputs, placesOf } = together(requests)
    const apart = requests.length > 1
    if (apart && lanes.length * outputs.length > MAX_CELLS) return separately(requests)
    try {
      const computed = await computeUnits(context, laws, unitsOfLanes(laws.ruleSet, unit, lanes), outputs)
      return requests.map((request) => pick(computed, placesOf(request)))
    } catch (error) {
      return apart && isOfOne(error) ? separately(requests) : requests.map(() => error as Error)
    }
  }
  const separately = async (requests: readonly LaneRequest[]) => {
    const each = (await Promise.all(requests.map((request) => compute([request])))).flat()
    const runs = each.flatMap((one) => ('runs' in one ? one.runs : []))
    return each.map((one, i) => (requests[i]!.outputs.length === 0 ? { of: missing, runs } : one))
  }
  return new DataLoader(compute, { cache: false })
}

const pick = ({ run, of }: Computed, places: readonly number[]): ComputedLanes => ({
  runs: run ? [run] : [],
  of(variable) {
    const values = of(variable)
    return Float64Array.from(places, (place) => values[place]!)
  },
})
