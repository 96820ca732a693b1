// Populations carried to another year: known at once, computed column by column when a run needs them.
import { QuesnayError } from '../../../schema/errors.ts'
import { loadShape, loadUprating } from '../population-files.ts'
import type { PopulationColumn, PopulationRecord } from '../rules/population/record.ts'
import {
  type ColumnFactor,
  type IndexAt,
  resolveUprating,
  type UpratingText,
  upratedVersion,
} from '../rules/population/uprate.ts'
import { assertCovered, valueAt } from '../rules/value-at.ts'
import type { StoredParameter } from '../store.ts'
import { type Context, requireParameter, requireTreeRow } from './context.ts'
import { requireRecord } from './load-population.ts'

const VERSION_DIGITS = 12

/**
 * The population carried to a year by the entries given, or where there are none by those of the rule set; the population itself where
 * nothing changes. Equal questions have one answer, whose id holds year and version.
 * @throws BAD_INPUT with the path of what is wrong, NOT_FOUND (population, parameter)
 */
export async function upratePopulation(
  context: Context,
  id: string,
  year: number,
  given: readonly UpratingText[] | null,
): Promise<PopulationRecord> {
  const base = await requireRecord(context, id, 'id')
  if (base.baseId !== null)
    throw new QuesnayError('BAD_INPUT', `"${id}" is carried from "${base.baseId}" already`, {
      path: 'id',
      suggestion: `carry "${base.baseId}" to the year`,
    })
  const texts = given ?? (year === base.year ? [] : await shippedUprating(base))
  const shape = loadShape(base.ruleSetId, 'ruleSetId')
  const names = new Set(base.columns.map(({ name }) => name))
  const indexAt = await indexOf(context, texts, base.year, year)
  const factors = resolveUprating(shape, names, { from: base.year, to: year }, texts, indexAt)
  if (factors.length === 0 && year === base.year) return base
  const row = { ...derive(base, year, factors, shape.weight), tenant: context.tenant }
  const known = await context.loaders.population.load(row.id)
  const { row: stored } = known
    ? { row: known }
    : await context.store.populations.insert({
        ...row,
        factors: [...factors],
        columns: [...row.columns],
        createdAt: new Date(context.clock.now()),
      })
  context.loaders.population.clear(stored.id).prime(stored.id, stored)
  return stored
}

async function shippedUprating({ id, ruleSetId }: PopulationRecord): Promise<UpratingText[]> {
  const texts = await loadUprating(ruleSetId)
  if (texts.length > 0) return texts
  throw new QuesnayError('BAD_INPUT', `nothing says how "${id}" grows from year to year`, {
    path: 'by',
    suggestion: 'give factors, growth or an index by columns',
  })
}

/** What is known of the population carried, from what is known of its base. */
function derive(
  base: PopulationRecord,
  year: number,
  factors: readonly ColumnFactor[],
  weight: string,
): PopulationRecord {
  const dataVersion = upratedVersion(base.dataVersion, year, factors)
  const byName = new Map(factors.map(({ column, factor }) => [column, factor]))
  const weightFactor = byName.get(weight) ?? 1
  const columns = base.columns.map((column) => {
    const factor = byName.get(column.name) ?? 1
    return scaled(column, factor, column.name === weight ? 1 : weightFactor)
  })
  return {
    ...base,
    id: `${base.id}~${year}~${dataVersion.slice(0, VERSION_DIGITS)}`,
    origin: 'UPRATED',
    title: `${base.title}, carried to ${year}`,
    year,
    weightsTotal: base.weightsTotal * weightFactor,
    dataVersion,
    madeBy: base.dataVersion,
    baseId: base.id,
    factors,
    columns,
  }
}

function scaled(column: PopulationColumn, factor: number, weightFactor: number): PopulationColumn {
  const { values, min, max, mean, total } = column
  const figures = { min: min * factor, max: max * factor, mean: mean * factor, total: total * factor * weightFactor }
  if (factor === 1) return { ...column, total: figures.total }
  if ('constant' in values) return { ...column, ...figures, values: { constant: values.constant * factor } }
  return { ...column, ...figures, values: { base: 'sha256' in values ? values.sha256 : values.base, factor } }
}

/** Values of the parameters that entries name, on the 1 January of the years they are asked for. */
async function indexOf(
  context: Context,
  texts: readonly UpratingText[],
  baseYear: number,
  year: number,
): Promise<IndexAt> {
  const values = new Map<string, number>()
  for (const [i, { parameter: id, fromYear }] of texts.entries()) {
    if (id == null) continue
    const path = `by.${i}.parameter`
    const parameter = await requireParameter(context, id, path)
    for (const each of [fromYear ?? baseYear, year])
      values.set(`${id} ${each}`, await at(context, parameter, each, path))
  }
  return (parameter, each) => values.get(`${parameter} ${each}`) ?? Number.NaN
}

async function at(context: Context, parameter: StoredParameter, year: number, path: string): Promise<number> {
  const tree = await requireTreeRow(context, parameter.treeId, path)
  const day = assertCovered(tree, `${String(year).padStart(4, '0')}-01-01`, path)
  const cells = valueAt(parameter.values, day)?.values
  if (cells?.length === 1) return cells[0]!
  throw new QuesnayError('BAD_INPUT', `${parameter.id} has ${cells ? 'several values' : 'no value'} on ${day}`, {
    path,
    suggestion: 'name a parameter of one value that holds on this day',
  })
}
