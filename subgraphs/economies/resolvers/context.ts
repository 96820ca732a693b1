// What the resolvers of economies share: their context, rows as objects of the graph, and the figures of an economy.
import { QuesnayError } from '../../../schema/errors.ts'
import { assertPeriod } from '../../../schema/terms/economy.ts'
import { assertGeography } from '../../shared/access.ts'
import type { SubgraphContext } from '../../shared/context.ts'
import type { EconomiesLoaders } from '../loaders.ts'
import { aggregateFrame, type FlowFrame, periodsOf } from '../rules/frame.ts'
import type { DatasetRow, EconomyRow } from '../store/rows.ts'
import type { EconomiesStore } from '../store.ts'
import type { FlowArgs, FlowRangeArgs } from '../types/circular-flow.ts'
import type { Dataset } from '../types/dataset.ts'
import type { Economy } from '../types/economy.ts'

export type Context = SubgraphContext<EconomiesStore, EconomiesLoaders>

export function viewDataset(row: DatasetRow): Dataset {
  const at = row.id.indexOf('@')
  return { ...row, name: row.id.slice(0, at), version: row.id.slice(at + 1) }
}

/** @throws NOT_FOUND; FORBIDDEN where its figures do not come with the tier */
export async function requireEconomy(context: Context, id: string, path: string): Promise<EconomyRow> {
  const row = await context.loaders.economy.load(id)
  if (row) assertGeography(context.caller.principal, id, path)
  if (row) return row
  throw new QuesnayError('NOT_FOUND', `no economy "${id}"`, { path, suggestion: 'list them with economies' })
}

/** @throws NOT_FOUND; FORBIDDEN as requireEconomy */
export async function requireDataset(context: Context, id: string, path: string): Promise<DatasetRow> {
  const row = await context.loaders.dataset.load(id)
  if (row) assertGeography(context.caller.principal, row.economyId, path)
  if (row) return row
  throw new QuesnayError('NOT_FOUND', `no dataset "${id}"`, { path, suggestion: 'list them with datasets' })
}

/**
 * The circular flow's figures of an economy, at their own frequency.
 * @throws NOT_FOUND where the dataset named is not one of this economy, or it has none; FORBIDDEN as requireEconomy
 */
export async function requireFrame(context: Context, economy: Economy, dataset?: string | null): Promise<FlowFrame> {
  assertGeography(context.caller.principal, economy.id, 'economy')
  const id = dataset ?? economy.defaultDatasetId
  const row = id === null ? undefined : await context.loaders.dataset.load(id)
  const frame = row?.economyId === economy.id ? await context.loaders.frame.load(row.id) : undefined
  if (frame) return frame
  throw new QuesnayError('NOT_FOUND', `${economy.id} has no dataset ${id === null ? 'to read' : `"${id}"`}`, {
    path: 'dataset',
    suggestion: `see economy(id: "${economy.id}") { datasets { id } }`,
  })
}

/** The figures in the frequency asked for. */
export async function frameFor(context: Context, economy: Economy, args: FlowArgs): Promise<FlowFrame> {
  const frame = await requireFrame(context, economy, args.dataset)
  return args.frequency ? aggregateFrame(frame, args.frequency) : frame
}

/** Periods of the frame in the range, rising. @throws BAD_INPUT for an end that is no period of its frequency */
export function periodsIn(frame: FlowFrame, { from, to }: Pick<FlowRangeArgs, 'from' | 'to'>): string[] {
  for (const [path, period] of [
    ['from', from],
    ['to', to],
  ] as const)
    if (period != null && assertPeriod(period, path) !== frame.frequency)
      throw new QuesnayError('BAD_INPUT', `${path} must be a period of frequency ${frame.frequency}`, {
        path,
        suggestion: `such as ${periodsOf(frame)[0] ?? '2024'}`,
      })
  return periodsOf(frame).filter((period) => (from == null || period >= from) && (to == null || period <= to))
}

/** Every n-th of a list. @throws BAD_INPUT for an n below 1 */
export function everyNth<T>(values: readonly T[], every: number | null | undefined): T[] {
  const n = every ?? 1
  if (!Number.isInteger(n) || n < 1)
    throw new QuesnayError('BAD_INPUT', 'every must be a whole number of at least 1', {
      path: 'every',
      suggestion: 'give 1',
    })
  return values.filter((_, i) => i % n === 0)
}
