// The import of a population: read, check, and store all of it or nothing.
import { QuesnayError } from '../../../schema/errors.ts'
import { sha256 } from '../../../schema/hash.ts'
import { loadCodeList, loadShape, requirePreset } from '../population-files.ts'
import { readApart } from '../population-reader.ts'
import type { DataShape } from '../rules/population/data-shape.ts'
import type { ColumnMapping, MappingGiven } from '../rules/population/mapping.ts'
import type { DataSet } from '../rules/population/read-population.ts'
import type { PopulationRecord } from '../rules/population/record.ts'
import { isReserved } from '../rules/population/shipped.ts'
import { YEARS } from '../rules/population/uprate.ts'
import type { PopulationRow } from '../store/population-rows.ts'
import type { ImportPopulationInput, ImportPopulationPayload } from '../types/population-import.ts'
import type { Context } from './context.ts'
import { hashColumns, saveColumns } from './population-columns.ts'
import { assembleUpload, decodeBase64 } from './upload.ts'

const ID = /^[a-z0-9][a-z0-9-]{0,62}(@[A-Za-z0-9][A-Za-z0-9.+-]{0,62})?$/
const MAX_TITLE = 200

/** One import at a time in a process: each may take several hundred megabytes of memory. */
let queue: Promise<unknown> = Promise.resolve()

/**
 * Faults of the file are findings; nothing is stored where one is an ERROR.
 * @throws BAD_INPUT (id, title, year, file), NOT_FOUND (rule set, preset, list of codes, upload), ALREADY_EXISTS
 */
export function importPopulation(input: ImportPopulationInput, context: Context): Promise<ImportPopulationPayload> {
  const turn = queue.then(() => takeTurn(input, context))
  queue = turn.catch(() => {})
  return turn
}

async function takeTurn(input: ImportPopulationInput, context: Context): Promise<ImportPopulationPayload> {
  checkInput(input)
  const shape = loadShape(input.ruleSet, 'input.ruleSet')
  const given = await mappingOf(input, shape)
  const file = await fileOf(input, context)
  const { data, rows, findings } = await readApart(file, shape, given)
  if (!data || input.dryRun) return { imported: false, units: rows, population: null, findings }
  const { row, existed } = await storePopulation(input, context, shape, data, sha256(file))
  if (input.upload != null) await context.store.populations.deleteParts(context.tenant, input.upload)
  if (existed)
    findings.push({
      severity: 'INFO',
      code: 'EXISTED',
      path: 'input.id',
      message: `${row.id} stood already with these data; what is said of it is left as it was`,
    })
  return { imported: !existed, units: rows, population: row, findings }
}

async function storePopulation(
  input: ImportPopulationInput,
  context: Context,
  shape: DataShape,
  data: DataSet,
  fileHash: string,
): Promise<{ row: PopulationRow; existed: boolean }> {
  const { tenant, store, loaders } = context
  const standing = await loaders.population.load(input.id)
  // Asked before anything is stored, so that a refusal leaves nothing behind.
  if (standing) return { row: assertSame(standing, input, await hashColumns(data.columns)), existed: true }
  const saved = await saveColumns(context, shape, data)
  const outcome = await store.populations.insert({
    ...saved,
    tenant,
    id: input.id,
    origin: 'IMPORTED',
    title: input.title.trim(),
    description: input.description ?? '',
    source: input.source ?? null,
    licence: input.licence ?? null,
    ruleSetId: input.ruleSet,
    unit: shape.unit,
    year: input.year,
    units: data.rows,
    madeBy: fileHash,
    baseId: null,
    factors: null,
    createdAt: new Date(context.clock.now()),
  })
  if (outcome.existed) assertSame(outcome.row, input, saved.dataVersion)
  loaders.population.clear(input.id).prime(input.id, outcome.row)
  return outcome
}

/** @throws ALREADY_EXISTS where other data stand under the id */
function assertSame<Standing extends PopulationRecord>(
  standing: Standing,
  { id, year, ruleSet }: ImportPopulationInput,
  dataVersion: string,
): Standing {
  if (standing.dataVersion === dataVersion && standing.year === year && standing.ruleSetId === ruleSet) return standing
  const [name] = id.split('@')
  throw new QuesnayError('ALREADY_EXISTS', `a population "${id}" with other data exists`, {
    path: 'input.id',
    suggestion: `give these data a version, as in ${name}@2, or delete the population first`,
  })
}

function checkInput({ id, title, year, columns }: ImportPopulationInput): void {
  if (!ID.test(id))
    throw new QuesnayError('BAD_INPUT', `"${id.slice(0, 80)}" is no id of a population`, {
      path: 'input.id',
      suggestion: 'give lower-case letters, digits and hyphens, and where you like a version: cps-2024, cps@2024.1',
    })
  if (isReserved(id))
    throw new QuesnayError('BAD_INPUT', `"${id}" is kept for populations that are shipped`, {
      path: 'input.id',
      suggestion: 'choose another id',
    })
  if (title.trim() === '' || title.trim().length > MAX_TITLE)
    throw new QuesnayError('BAD_INPUT', `the title has ${title.trim().length} characters`, {
      path: 'input.title',
      suggestion: `give a title of 1 to ${MAX_TITLE} characters`,
    })
  if (!(year >= YEARS.first && year <= YEARS.last))
    throw new QuesnayError('BAD_INPUT', `${year} is no year of data`, {
      path: 'input.year',
      suggestion: `give a year from ${YEARS.first} to ${YEARS.last}`,
    })
  const both = columns?.findIndex(({ codes, codeList }) => codes != null && codeList != null) ?? -1
  if (both >= 0)
    throw new QuesnayError('BAD_INPUT', 'a column has codes or a list of them', {
      path: `input.columns.${both}`,
      suggestion: 'give one of codes and codeList',
    })
}

async function mappingOf(
  { columns, preset, ruleSet, identifier, weightFactor }: ImportPopulationInput,
  shape: DataShape,
): Promise<MappingGiven> {
  const mappings: ColumnMapping[] = []
  for (const [i, { codes, codeList, ...mapping }] of (columns ?? []).entries()) {
    const list = codeList == null ? null : (await loadCodeList(codeList, `input.columns.${i}.codeList`)).codes
    mappings.push({ ...mapping, codes: list ?? codes?.map(({ text, value }) => ({ value, texts: [text] })) ?? null })
  }
  if (weightFactor != null) {
    const at = mappings.findIndex(({ column }) => column === shape.weight)
    const weight = mappings[at] ?? { column: shape.weight }
    mappings.splice(at < 0 ? mappings.length : at, 1, { ...weight, factor: weightFactor * (weight.factor ?? 1) })
  }
  return {
    mappings,
    preset: preset == null ? null : requirePreset(ruleSet, preset, 'input.preset'),
    identifier: identifier ?? null,
  }
}

function fileOf({ csv, content, upload }: ImportPopulationInput, context: Context): Promise<Buffer> | Buffer {
  if ([csv, content, upload].filter((given) => given != null).length !== 1)
    throw new QuesnayError('BAD_INPUT', 'an import has one file', {
      path: 'input',
      suggestion: 'give one of csv, content and upload',
    })
  if (csv != null) return Buffer.from(csv)
  if (content != null) return decodeBase64(content, 'input.content')
  return assembleUpload(context, upload!, 'input.upload')
}
