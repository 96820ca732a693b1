// A population as the fleet takes it: where its columns are stored, what all units have in common, which units make a household.
import type { StoredColumn } from '../../../compute/dispatch/port.ts'
import { QuesnayError } from '../../../schema/errors.ts'
import { IncomeLevel, PopulationYear } from '../../../schema/terms/population.ts'
import type { PopulationShape } from '../rules/impact/impact-model.ts'
import { personsOfHouseholds } from '../rules/impact/persons-of-households.ts'
import { dataShape } from '../rules/population/data-shape.ts'
import { bytesOfColumn } from '../rules/population/population-hash.ts'
import type { PopulationRecord } from '../rules/population/record.ts'
import { EXAMPLE_POPULATION_ID } from '../rules/population/shipped.ts'
import type { RuleSet } from '../rules/rule-set/rule-set.ts'
import type { ParametersStore } from '../store.ts'
import type { Context } from './context.ts'
import { requireRecord } from './load-population.ts'
import { columnRefs, loadColumns } from './population-columns.ts'
import { upratePopulation } from './uprate-population.ts'

/** A population for one rule set. */
export interface PopulationLanes {
  readonly record: PopulationRecord
  readonly shape: PopulationShape
  /** Columns that differ between units. */
  readonly columns: Readonly<Record<string, StoredColumn>>
  /** Ways of grouping in which units differ. */
  readonly groups: readonly string[]
}

export interface PopulationChoice {
  readonly population: string
  /** The year of the law. */
  readonly year: number
  readonly populationYear: PopulationYear
  readonly level: IncomeLevel
}

/** No rule is named so. */
const HOUSEHOLD_PERSONS = 'impact: persons of the household'

/** Errors, with `path` of the argument: NOT_FOUND; BAD_INPUT for a population of other rules, without households, or that cannot be carried to the year. */
export async function loadLanes(
  context: Context,
  ruleSet: RuleSet,
  choice: PopulationChoice,
  path: (part: string) => string,
): Promise<PopulationLanes> {
  const id = choice.population
  const named = await requireRecord(context, id, path('population'))
  if (named.ruleSetId !== ruleSet.id)
    throw new QuesnayError('BAD_INPUT', `the population ${id} is for the rules ${named.ruleSetId}`, {
      path: path('population'),
      suggestion: `name a population for ${ruleSet.id}, or the rules ${named.ruleSetId}`,
    })
  const uprates = choice.populationYear === PopulationYear.UPRATED && named.year !== choice.year
  const record = uprates ? await upratePopulation(context, id, choice.year, null) : named
  const constants = constantsOf(ruleSet, record)
  const columns = await columnRefs(
    context,
    record,
    ruleSet.columns.filter(({ name }) => !Object.hasOwn(constants, name)),
  )
  const groups = ruleSet.population.groups.filter(({ column }) => Object.hasOwn(columns, column))
  const lanes = { record, columns, groups: groups.map(({ name }) => name), shape: { constants, household: null } }
  return choice.level === IncomeLevel.UNIT ? lanes : withHouseholds(context, ruleSet, lanes, path('options.level'))
}

/** The population that is meant where none is named. BAD_INPUT at `path` where the rules have none. */
export function usualPopulation({ id }: RuleSet, path: string): string {
  if (id === 'us-federal') return EXAMPLE_POPULATION_ID
  throw new QuesnayError('BAD_INPUT', `there is no example population for the rules ${id}`, {
    path,
    suggestion: 'name a population',
  })
}

/** What all units have in common, and what nobody has said: the default of the rules. */
function constantsOf(ruleSet: RuleSet, { columns }: PopulationRecord): Record<string, number> {
  const known = new Map(columns.map(({ name, values }) => [name, values]))
  return Object.fromEntries(
    ruleSet.columns.flatMap(({ name, default: usual }): [string, number][] => {
      const values = known.get(name)
      if (values && !('constant' in values)) return []
      const constant = values?.constant ?? usual
      return constant === null ? [] : [[name, constant]]
    }),
  )
}

/** Hashes of persons by household, by store, then by tenant, version of the data and length. */
const persons = new WeakMap<ParametersStore, Map<string, Promise<string>>>()

async function withHouseholds(
  context: Context,
  ruleSet: RuleSet,
  lanes: PopulationLanes,
  path: string,
): Promise<PopulationLanes> {
  const { record } = lanes
  const { household: link } = dataShape(ruleSet)
  if (link === null || !Object.hasOwn(lanes.columns, link))
    throw new QuesnayError('BAD_INPUT', `the population ${record.id} does not say which units make a household`, {
      path,
      suggestion: 'rank units, or choose a population with households',
    })
  const known = persons.get(context.store) ?? new Map<string, Promise<string>>()
  persons.set(context.store, known)
  const key = `${context.tenant} ${record.dataVersion}`
  const saving = known.get(key) ?? savePersons(context, ruleSet, record, link)
  known.set(key, saving)
  saving.catch(() => known.delete(key))
  return {
    ...lanes,
    columns: { ...lanes.columns, [HOUSEHOLD_PERSONS]: { sha256: await saving, length: record.units } },
    shape: { ...lanes.shape, household: { link, persons: HOUSEHOLD_PERSONS } },
  }
}

async function savePersons(
  context: Context,
  { columns, population }: RuleSet,
  record: PopulationRecord,
  link: string,
): Promise<string> {
  const wanted = columns.filter(({ name }) => name === link || name === population.persons)
  const values = await loadColumns(context, record, wanted)
  const counted = personsOfHouseholds(values[link]!, values[population.persons]!)
  return context.dispatch.saveBlob(context.tenant, bytesOfColumn(counted))
}
