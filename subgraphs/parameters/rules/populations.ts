// The populations that can be asked about.
import { uniform } from '../../../compute/model/math/philox.ts'
import { deriveExamplePopulation, populationHash, type TaxUnits } from './example-population.ts'
import { weightedSum } from './weighted-sum.ts'

export const EXAMPLE_POPULATION_ID = 'us-example-1000'

/** Key of the generator: any number does, this one makes the population that is shipped. */
const KEY = [2026, 0] as const

export interface PopulationData extends TaxUnits {
  readonly id: string
  readonly title: string
  readonly description: string
  /** Number of units that those computed stand for. */
  readonly weightsTotal: number
  readonly dataVersion: string
}

function makeExample(): PopulationData {
  const taxUnits = deriveExamplePopulation((lane, stream) => uniform(lane, stream, KEY))
  return {
    ...taxUnits,
    id: EXAMPLE_POPULATION_ID,
    title: 'Example tax units of the United States',
    description:
      'Made by a seeded generator, not from a survey: filing status, ages, children and wages by round figures of our own choosing, ' +
      'a fifth of the units from the top of the wage distribution with small weights. Good for trying things out; it estimates nothing.',
    weightsTotal: weightedSum(taxUnits.columns.weight!),
    dataVersion: populationHash(taxUnits),
  }
}

let example: PopulationData | undefined

/** All populations; they are made when first asked for (some milliseconds) and are the same in every process. */
export function populations(): readonly PopulationData[] {
  example ??= makeExample()
  return [example]
}
