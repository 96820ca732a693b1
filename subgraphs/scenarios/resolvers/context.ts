// What the resolvers of scenarios share: their context, and how a scenario's row becomes the graph's object.
import type { RunPage } from '../../../compute/dispatch/port.ts'
import { QuesnayError } from '../../../schema/errors.ts'
import { cursorOf, type Page } from '../../shared/connection.ts'
import type { SubgraphContext } from '../../shared/context.ts'
import type { ScenariosLoaders } from '../loaders.ts'
import { viewRun } from '../rules/run-view.ts'
import type { ScenarioRow } from '../store/rows.ts'
import type { ScenariosStore } from '../store.ts'
import type { Run } from '../types/run.ts'
import type { Scenario } from '../types/scenario.ts'

export type Context = SubgraphContext<ScenariosStore, ScenariosLoaders>

export function viewScenario(row: ScenarioRow): Scenario {
  const { tenant: _tenant, economyId, reformId, bankId, portfolioId, ...rest } = row
  const stub = (id: string | null) => (id === null ? null : { id })
  return {
    ...rest,
    economy: stub(economyId),
    reform: stub(reformId),
    bank: stub(bankId),
    portfolio: stub(portfolioId),
  }
}

/** @throws NOT_FOUND */
export async function requireScenario(context: Context, id: string, path: string): Promise<ScenarioRow> {
  const row = await context.loaders.scenario.load(id)
  if (row) return row
  throw new QuesnayError('NOT_FOUND', `no scenario "${id}"`, { path, suggestion: 'list them with scenarios' })
}

/** @throws NOT_FOUND */
export async function requireRun(context: Context, id: string, path: string): Promise<Run> {
  const record = await context.loaders.run.load(id)
  if (record) return viewRun(record, context.clock.now())
  throw new QuesnayError('NOT_FOUND', `no run "${id}"`, { path, suggestion: 'list them with runs' })
}

/** Unit of the saved times of a simulation; empty where an uploaded model names none. */
export async function timeUnitOf(context: Context, run: Pick<Run, 'subject'>): Promise<string> {
  const { uploadedModel } = (await context.loaders.scenario.load(run.subject.id)) ?? {}
  return uploadedModel ? (uploadedModel.time?.unit ?? '') : 'year'
}

/** The fleet pages by itself; this only dresses its page as a connection. */
export function pageOfRuns(page: RunPage, context: Context): Page<Run> {
  const edges = page.runs.map((run) => ({ cursor: cursorOf(run.id), node: viewRun(run, context.clock.now()) }))
  return {
    edges,
    pageInfo: { hasNextPage: page.hasNextPage, endCursor: edges.at(-1)?.cursor ?? null },
    totalCount: page.totalCount,
  }
}
