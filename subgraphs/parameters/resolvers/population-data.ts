// A population as the fleet takes it: its columns stored once, referred to by hash, and what is the same for all units.
import type { Dispatch, StoredColumn } from '../../../compute/dispatch/port.ts'
import { QuesnayError } from '../../../schema/errors.ts'
import type { PopulationShape } from '../rules/impact/impact-model.ts'
import { EXAMPLE_POPULATION_ID, type PopulationData, populations } from '../rules/populations.ts'
import type { RuleSet } from '../rules/rule-set/rule-set.ts'
import { type Context, notFound } from './context.ts'

/** A population for one rule set. */
export interface LoadedPopulation {
  readonly id: string
  readonly units: number
  readonly dataVersion: string
  readonly shape: PopulationShape
  /** Columns that differ between units. */
  readonly columns: Readonly<Record<string, StoredColumn>>
}

/** NOT_FOUND at `path`. */
export function requirePopulation(id: string, path: string): PopulationData {
  const found = populations().find((population) => population.id === id)
  if (found) return found
  throw notFound(
    'population',
    id,
    path,
    populations().map((population) => population.id),
  )
}

/** The population that is meant where none is named. BAD_INPUT where the rule set has none. */
export function usualPopulation(ruleSet: RuleSet, path: string): string {
  if (ruleSet.id === 'us-federal') return EXAMPLE_POPULATION_ID
  throw new QuesnayError('BAD_INPUT', `there is no example population for the rules ${ruleSet.id}`, {
    path,
    suggestion: 'name a population',
  })
}

/** What is stored for whom, by tenant, population and rule set: columns are hashed and sent once by a process. */
const loaded = new WeakMap<Dispatch, Map<string, Promise<LoadedPopulation>>>()

/** Errors: NOT_FOUND at `path`; BAD_INPUT for a population without a column that the rules must have. */
export function loadPopulation(
  context: Context,
  ruleSet: RuleSet,
  id: string,
  path: string,
): Promise<LoadedPopulation> {
  const population = requirePopulation(id, path)
  const known = loaded.get(context.dispatch) ?? new Map<string, Promise<LoadedPopulation>>()
  loaded.set(context.dispatch, known)
  const key = JSON.stringify([context.tenant, population.dataVersion, ruleSet.hash])
  const standing = known.get(key)
  if (standing) return standing
  const loading = store(context, ruleSet, population, path)
  known.set(key, loading)
  loading.catch(() => known.delete(key))
  return loading
}

async function store(
  { dispatch, tenant }: Context,
  ruleSet: RuleSet,
  { id, units, dataVersion, columns }: PopulationData,
  path: string,
): Promise<LoadedPopulation> {
  const constants: Record<string, number> = {}
  const stored: Record<string, StoredColumn> = {}
  for (const { name, default: usual } of ruleSet.columns) {
    const values = columns[name]
    const same = values ? sameForAll(values) : usual
    if (same === null)
      throw new QuesnayError('BAD_INPUT', `the population ${id} has no ${name}, which the rules ${ruleSet.id} need`, {
        path,
        suggestion: `choose a population made for ${ruleSet.id}`,
      })
    if (same !== undefined) constants[name] = same
    else stored[name] = { sha256: await dispatch.saveBlob(tenant, bytesOf(values!)), length: values!.length }
  }
  return { id, units, dataVersion, shape: { constants, household: null }, columns: stored }
}

const bytesOf = (values: Float64Array) => new Uint8Array(values.buffer, values.byteOffset, values.byteLength)

function sameForAll(values: Float64Array): number | undefined {
  return values.every((value) => value === values[0]) ? values[0] : undefined
}
