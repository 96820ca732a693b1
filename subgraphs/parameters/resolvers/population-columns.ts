// Values of populations in the fleet's store: columns are blobs by hash, and what all units have in common is one number.
import type { StoredColumn } from '../../../compute/dispatch/port.ts'
import { QuesnayError } from '../../../schema/errors.ts'
import { sha256 } from '../../../schema/hash.ts'
import { breathe } from '../rules/population/columnar/columnar-file.ts'
import type { DataColumn, DataShape } from '../rules/population/data-shape.ts'
import { describeColumn } from '../rules/population/describe-columns.ts'
import { bytesOfColumn, versionOf } from '../rules/population/population-hash.ts'
import type { PopulationColumn, PopulationRecord } from '../rules/population/record.ts'
import { uprateColumn } from '../rules/population/uprate.ts'
import { weightedSum } from '../rules/weighted-sum.ts'
import type { ParametersStore } from '../store.ts'
import type { Context } from './context.ts'

export interface ColumnsGiven {
  readonly columns: Readonly<Record<string, Float64Array>>
  readonly sources?: Readonly<Record<string, string>>
  readonly missing?: Readonly<Record<string, number>>
}

interface SavedColumns {
  readonly columns: PopulationColumn[]
  readonly dataVersion: string
  readonly weightsTotal: number
}

/** Identity of columns without storing them. */
export async function hashColumns(columns: ColumnsGiven['columns']): Promise<string> {
  const hashes: { name: string; sha256: string }[] = []
  for (const [name, values] of Object.entries(columns)) {
    hashes.push({ name, sha256: sha256(bytesOfColumn(values)) })
    await breathe()
  }
  return versionOf(hashes)
}

/** Stores columns that are not constant and says what is known of all. Each unit stands for one where there are no weights. */
export async function saveColumns(context: Context, shape: DataShape, given: ColumnsGiven): Promise<SavedColumns> {
  const names = Object.keys(given.columns).sort()
  const units = given.columns[names[0]!]!.length
  const weights = given.columns[shape.weight] ?? new Float64Array(units).fill(1)
  const columns: PopulationColumn[] = []
  const hashes: { name: string; sha256: string }[] = []
  for (const name of names) {
    const values = given.columns[name]!
    const { constant, ...figures } = describeColumn(values, name === shape.weight ? undefined : weights)
    const bytes = bytesOfColumn(values)
    const hash = constant === null ? await context.dispatch.saveBlob(context.tenant, bytes) : sha256(bytes)
    hashes.push({ name, sha256: hash })
    columns.push({
      name,
      unit: shape.columns.find((column) => column.name === name)!.unit,
      source: given.sources?.[name] ?? null,
      values: constant === null ? { sha256: hash } : { constant },
      ...figures,
      missing: given.missing?.[name] ?? 0,
    })
    await breathe()
  }
  return { columns, dataVersion: versionOf(hashes), weightsTotal: weightedSum(weights) }
}

/**
 * Where the values of the columns are, for a run over the population; what the population lacks has the default of the rule set.
 * Columns that were carried to another year are computed and stored now. Errors: BAD_INPUT (a column without default is missing).
 */
export async function columnRefs(
  context: Context,
  record: PopulationRecord,
  wanted: readonly Pick<DataColumn, 'name' | 'default'>[],
): Promise<Record<string, StoredColumn>> {
  const stored = await storeUprated(context, record, new Set(wanted.map(({ name }) => name)))
  const refs: Record<string, StoredColumn> = {}
  for (const { name, default: fallback } of wanted) {
    const values = stored.find((column) => column.name === name)?.values
    if (values && 'sha256' in values) refs[name] = { sha256: values.sha256, length: record.units }
    else {
      const constant = values && 'constant' in values ? values.constant : fallback
      if (constant === null) throw lacking(record, name)
      refs[name] = { sha256: await constantBlob(context, constant, record.units), length: record.units }
    }
  }
  return refs
}

/** The values of columns themselves. Errors: BAD_INPUT (a column without default is missing). */
export async function loadColumns(
  context: Context,
  record: PopulationRecord,
  wanted: readonly Pick<DataColumn, 'name' | 'default'>[],
): Promise<Record<string, Float64Array>> {
  const refs = await columnRefs(context, record, wanted)
  const loaded = await Promise.all(
    Object.entries(refs).map(async ([name, ref]) => [name, await loadValues(context, ref.sha256)] as const),
  )
  return Object.fromEntries(loaded)
}

function lacking({ id }: PopulationRecord, name: string): QuesnayError {
  return new QuesnayError('BAD_INPUT', `the population "${id}" has no column "${name}", which has no default`, {
    path: 'population',
    suggestion: 'import it again with this column mapped',
  })
}

async function loadValues({ dispatch, tenant }: Context, hash: string): Promise<Float64Array<ArrayBuffer>> {
  const bytes = await dispatch.loadBlob(tenant, hash)
  const values = new Float64Array(bytes.byteLength / 8)
  new Uint8Array(values.buffer).set(bytes)
  return values
}

/** Computes the columns wanted that are only known as others times a factor. Two that do so at once store the same bytes. */
async function storeUprated(
  context: Context,
  record: PopulationRecord,
  wanted: ReadonlySet<string>,
): Promise<readonly PopulationColumn[]> {
  const pending = record.columns.filter(({ name, values }) => wanted.has(name) && 'base' in values)
  if (pending.length === 0) return record.columns
  const hashes = new Map<string, string>()
  for (const { name, values } of pending) {
    if (!('base' in values)) continue
    const carried = uprateColumn(await loadValues(context, values.base), values.factor)
    hashes.set(name, await context.dispatch.saveBlob(context.tenant, bytesOfColumn(carried)))
    await breathe()
  }
  const columns = record.columns.map((column) => {
    const hash = hashes.get(column.name)
    return hash === undefined ? column : { ...column, values: { sha256: hash } }
  })
  await context.store.populations.updateColumns(context.tenant, record.id, columns)
  context.loaders.population.clear(record.id)
  return columns
}

/** Hashes of columns of one number, which are stored when first asked for: by store, then by tenant, number and length. */
const constants = new WeakMap<ParametersStore, Map<string, Promise<string>>>()

function constantBlob(context: Context, value: number, units: number): Promise<string> {
  const known = constants.get(context.store) ?? new Map<string, Promise<string>>()
  constants.set(context.store, known)
  const key = `${context.tenant} ${value} ${units}`
  const blob =
    known.get(key) ??
    context.dispatch.saveBlob(context.tenant, bytesOfColumn(new Float64Array(units).fill(value))).catch((error) => {
      known.delete(key)
      throw error
    })
  known.set(key, blob)
  return blob
}
