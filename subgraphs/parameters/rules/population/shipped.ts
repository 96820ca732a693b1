// The populations that are shipped: made by generators from seeds when first asked for, the same in every process.
import { uniform } from '../../../../compute/model/math/philox.ts'
import { breathe } from './columnar/columnar-file.ts'
import { deriveExamplePopulation, EXAMPLE_UNITS } from './example-population.ts'
import { PopulationOrigin, type PopulationRecord } from './record.ts'
import { openGenerator, type State, SYNTHETIC_UNITS, UNITS_OF_THE_COUNTRY } from './synthetic/generate.ts'

export const EXAMPLE_POPULATION_ID = 'us-example-1000'
export const SYNTHETIC_POPULATION_ID = 'us-synthetic'

type Columns = Readonly<Record<string, Float64Array>>

export interface ShippedPopulation
  extends Pick<
    PopulationRecord,
    'id' | 'origin' | 'title' | 'description' | 'source' | 'licence' | 'ruleSetId' | 'unit' | 'year' | 'units'
  > {
  /** Name and version of the generator: data of another one are made anew. */
  readonly madeBy: string
  /** Makes the columns; other work goes on in between. */
  make(states: readonly State[]): Promise<Columns>
}

/** Key of the example's generator: any number does, this one makes the population that is shipped. */
const EXAMPLE_KEY = [2026, 0] as const
/** Lanes that are made in one go: some ten milliseconds. */
const PIECE = 4096
/** Sizes of synthetic populations that can be asked for, as us-synthetic-10000. */
const SIZES = { least: 1_000, most: 1_000_000 }
const SIZED = new RegExp(`^${SYNTHETIC_POPULATION_ID}-([1-9]\\d{3,6})$`)

const COMMON = {
  origin: PopulationOrigin.GENERATED,
  ruleSetId: 'us-federal',
  unit: 'tax unit',
  source: null,
  licence: 'Apache-2.0',
  year: 2026,
}

const EXAMPLE: ShippedPopulation = {
  ...COMMON,
  id: EXAMPLE_POPULATION_ID,
  title: 'Example tax units of the United States',
  description:
    'Made by a seeded generator, not from a survey: filing status, ages, children and wages by round figures of our own choosing, ' +
    'a fifth of the units from the top of the wage distribution with small weights. Good for trying things out; it estimates nothing.',
  units: EXAMPLE_UNITS,
  madeBy: 'us-example/2',
  make: async () => deriveExamplePopulation((lane, stream) => uniform(lane, stream, EXAMPLE_KEY)).columns,
}

const synthetic = (id: string, units: number): ShippedPopulation => ({
  ...COMMON,
  id,
  title: `Synthetic tax units of the United States${id === SYNTHETIC_POPULATION_ID ? '' : `, ${units} of them`}`,
  description:
    'Made by a seeded generator, not from a survey: filing status, ages, children, incomes, expenses, states and households together, ' +
    `by round assumptions of our own that add up to about ${UNITS_OF_THE_COUNTRY / 1e6} million units. Three in sixteen lanes are of ` +
    'high incomes and weigh less. For those without microdata; it describes nobody and estimates nothing.',
  units,
  madeBy: 'us-synthetic/1',
  async make(states) {
    const generator = openGenerator(states, units)
    for (let from = 0; from < units; from += PIECE) {
      generator.make(from, Math.min(units, from + PIECE))
      await breathe()
    }
    return generator.columns
  },
})

/** Those that are always listed. */
export const SHIPPED: readonly ShippedPopulation[] = [EXAMPLE, synthetic(SYNTHETIC_POPULATION_ID, SYNTHETIC_UNITS)]

/** The shipped population of an id: one that is listed, or a synthetic one of another size, us-synthetic-1000 to us-synthetic-1000000. */
export function shippedPopulation(id: string): ShippedPopulation | undefined {
  const listed = SHIPPED.find((population) => population.id === id)
  if (listed) return listed
  const units = Number(SIZED.exec(id)?.[1])
  return units >= SIZES.least && units <= SIZES.most ? synthetic(id, units) : undefined
}

/** Whether an id can only be that of a shipped population. */
export const isReserved = (id: string): boolean => /^us-(example|synthetic)(-|@|$)/.test(id)
