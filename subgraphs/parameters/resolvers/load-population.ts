// Finds populations: those of the store, and those that are shipped, which are made when someone needs their data.
import { QuesnayError } from '../../../schema/errors.ts'
import { loadStates } from '../population-files.ts'
import { dataShape } from '../rules/population/data-shape.ts'
import type { PopulationRecord } from '../rules/population/record.ts'
import { SHIPPED, type ShippedPopulation, shippedPopulation } from '../rules/population/shipped.ts'
import { requireRuleSet } from '../rules/rule-set/shipped.ts'
import type { PopulationRow } from '../store/population-rows.ts'
import type { ParametersStore } from '../store.ts'
import type { Population } from '../types/population-data.ts'
import { type Context, notFound } from './context.ts'
import { saveColumns } from './population-columns.ts'

/** What the graph shows of a population without making it. */
export type PopulationView = Population

/** Being made in this process, by tenant and id: those who ask meanwhile wait for the same. */
const making = new WeakMap<ParametersStore, Map<string, Promise<PopulationRow>>>()

/** The population of an id as the graph shows it; undefined where there is none. */
export async function findPopulation(context: Context, id: string): Promise<PopulationView | undefined> {
  const row = await context.loaders.population.load(id)
  return shippedPopulation(id) ?? row
}

/** @throws NOT_FOUND with the id spelt most alike */
export async function requirePopulation(context: Context, id: string, path: string): Promise<PopulationView> {
  const found = await findPopulation(context, id)
  if (found) return found
  const stored = await context.store.populations.ids(context.tenant)
  throw notFound('population', id, path, [...new Set([...SHIPPED.map((one) => one.id), ...stored])])
}

/** Everything that is known of a population; a shipped one is made where the tenant has none of this version. @throws NOT_FOUND */
export async function requireRecord(context: Context, id: string, path: string): Promise<PopulationRecord> {
  const row = await context.loaders.population.load(id)
  const shipped = shippedPopulation(id)
  if (row && (!shipped || row.madeBy === shipped.madeBy)) return row
  if (!shipped) {
    await requirePopulation(context, id, path)
    throw new QuesnayError('NOT_FOUND', `no population "${id}"`, { path })
  }
  const made = await once(context, id, () => make(context, shipped))
  context.loaders.population.clear(id).prime(id, made)
  return made
}

/** All that are listed, by id: shipped ones and those of the store. */
export async function listPopulations(context: Context, limit: number, after = ''): Promise<PopulationView[]> {
  const rows = await context.store.populations.list(context.tenant, limit, after)
  const views = new Map<string, PopulationView>(rows.map((row) => [row.id, shippedPopulation(row.id) ?? row]))
  for (const shipped of SHIPPED) if (shipped.id > after) views.set(shipped.id, shipped)
  return [...views.values()].sort((a, b) => (a.id < b.id ? -1 : 1)).slice(0, limit)
}

export async function countPopulations({ store, tenant }: Context): Promise<number> {
  return new Set([...SHIPPED.map(({ id }) => id), ...(await store.populations.ids(tenant))]).size
}

function once(context: Context, id: string, work: () => Promise<PopulationRow>): Promise<PopulationRow> {
  const ofStore = making.get(context.store) ?? new Map<string, Promise<PopulationRow>>()
  making.set(context.store, ofStore)
  const key = `${context.tenant} ${id}`
  const running = ofStore.get(key) ?? work().finally(() => ofStore.delete(key))
  ofStore.set(key, running)
  return running
}

async function make(context: Context, { make: made, ...shipped }: ShippedPopulation): Promise<PopulationRow> {
  // What another request has made in the meantime is not made again.
  const [standing] = await context.store.populations.byId(context.tenant, [shipped.id])
  if (standing?.madeBy === shipped.madeBy) return standing
  const shape = dataShape(requireRuleSet(shipped.ruleSetId, 'id'))
  const columns = await made(await loadStates())
  const row: PopulationRow = {
    ...shipped,
    ...(await saveColumns(context, shape, { columns })),
    tenant: context.tenant,
    baseId: null,
    factors: null,
    createdAt: new Date(context.clock.now()),
  }
  await context.store.populations.replace(row)
  context.log.info({ tenant: context.tenant, population: row.id, units: row.units }, 'made a population')
  return row
}
