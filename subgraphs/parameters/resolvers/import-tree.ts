// The import of a tree of parameters: read, check, and store all of it or nothing.
import { setImmediate } from 'node:timers/promises'
import { QuesnayError } from '../../../schema/errors.ts'
import { canonicalJson, sha256 } from '../../../schema/hash.ts'
import { firstDay } from '../rules/dates.ts'
import { type Imported, importTree } from '../rules/import/import-tree.ts'
import { belowParameters, MAX_FILES, readArchive } from '../rules/import/read-archive.ts'
import type { SourceFile } from '../rules/import/read-yaml.ts'
import { treeFiles } from '../rules/rule-set/shipped.ts'
import type { Source } from '../rules/tree.ts'
import type { ImportParametersInput, ImportParametersPayload } from '../types/import.ts'
import { type Context, requireTreeRow } from './context.ts'
import { tellOf } from './parameter-changed.ts'

const TREE_ID = /^[a-z0-9][a-z0-9-]{0,62}$/
const ISO3 = /^[A-Z]{3}$/
const PREFIX = /^[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)*$/

/** Currencies that one country has. */
const COUNTRIES: Readonly<Record<string, string>> = {
  USD: 'USA',
  GBP: 'GBR',
  CAD: 'CAN',
  AUD: 'AUS',
  NZD: 'NZL',
  ILS: 'ISR',
  NGN: 'NGA',
  INR: 'IND',
  JPY: 'JPN',
  TND: 'TUN',
}

/**
 * Faults of the files are findings; nothing is stored where one is an ERROR, and nothing anew where the files are those of the tree that
 * stands. Other requests have their turn after every file.
 * @throws BAD_INPUT for malformed arguments, a damaged archive or no files; LIMIT_EXCEEDED for too much; ALREADY_EXISTS for the id of a
 * tree that is shipped
 */
export async function importParameters(
  input: ImportParametersInput,
  context: Context,
): Promise<ImportParametersPayload> {
  checkInput(input)
  const { treeId, dryRun, archive, files, ...options } = input
  const sources = archive == null ? [...files!] : await readArchive(Buffer.from(archive, 'base64'), 'input.archive')
  const read = belowParameters(sources)
  if (read.length === 0) throw noFiles(archive == null ? 'input.files' : 'input.archive')
  const outcome = await importTree(
    read,
    {
      id: treeId,
      title: input.title ?? headingOf(read) ?? treeId,
      // Made good below, when the currency is known.
      country: input.country ?? '',
      currency: input.currency ?? undefined,
      source: sourceOf(input, context),
      dialect: input.dialect,
      prefix: input.prefix ?? undefined,
      enums: Object.fromEntries((input.enums ?? []).map(({ name, values }) => [name, values])),
      indexSeries: input.indexSeries ?? undefined,
      known: input.known == null ? undefined : firstDay(input.known, 'input.known'),
    },
    async () => void (await setImmediate()),
  )
  if (dryRun || !outcome.tree) return payload(outcome, null, false)
  const country = input.country ?? countryOf(outcome.tree.currency)
  const hash = sha256(canonicalJson({ options, files: read.map(({ path, text }) => [path, sha256(text)]).sort() }))
  const standing = await context.loaders.treeRow.load(treeId)
  if (standing?.fileSha256 === hash) {
    const message = `${treeId} stood already with this content`
    const existed = { severity: 'INFO', code: 'EXISTED', path: 'input.treeId', message } as const
    return payload({ ...outcome, findings: [...outcome.findings, existed] }, standing, false)
  }
  const note = { author: 'import', message: `Imported ${outcome.counts.files} files of ${outcome.tree.source.name}` }
  await context.store.saveTree(context.tenant, { ...outcome.tree, country }, hash, note, tellOf(context))
  context.loaders.treeRow.clear(treeId)
  return payload(outcome, await requireTreeRow(context, treeId, 'input.treeId'), true)
}

const payload = (
  { counts, findings, findingCounts }: Imported,
  tree: ImportParametersPayload['tree'],
  imported: boolean,
): ImportParametersPayload => ({ tree, imported, counts, findingCounts, allFindings: findings })

function checkInput({ treeId, country, currency, prefix, archive, files }: ImportParametersInput): void {
  const wrong = (path: string, message: string, suggestion: string) =>
    new QuesnayError('BAD_INPUT', message, { path: `input.${path}`, suggestion })
  if (!TREE_ID.test(treeId))
    throw wrong('treeId', `"${treeId.slice(0, 80)}" is no id of a tree`, 'use lower-case letters, digits and hyphens')
  if (treeFiles().includes(`${treeId}.yaml`))
    throw new QuesnayError('ALREADY_EXISTS', `the tree ${treeId} is shipped and is not replaced`, {
      path: 'input.treeId',
      suggestion: 'choose another id',
    })
  for (const [path, code] of Object.entries({ country, currency }))
    if (code != null && !ISO3.test(code))
      throw wrong(path, `"${code.slice(0, 20)}" is no code of three letters`, 'give one such as USA or USD')
  if (prefix != null && prefix !== '' && !PREFIX.test(prefix))
    throw wrong('prefix', `"${prefix.slice(0, 80)}" is no path`, 'give words joined by dots')
  if ((archive == null) === (files == null))
    throw wrong('files', 'give either an archive or files', 'leave one of them out')
  if (files && files.length === 0) throw noFiles('input.files')
  if (files && files.length > MAX_FILES)
    throw new QuesnayError('LIMIT_EXCEEDED', `at most ${MAX_FILES} files`, { path: 'input.files', limit: MAX_FILES })
  const paths = new Set<string>()
  for (const { path } of files ?? []) {
    if (paths.has(path)) throw wrong('files', `two files have the path "${path.slice(0, 200)}"`, 'give each file once')
    paths.add(path)
  }
}

const noFiles = (path: string) =>
  new QuesnayError('BAD_INPUT', 'the import has no files', { path, suggestion: 'give at least one .yaml file' })

function sourceOf({ source, treeId }: ImportParametersInput, { clock }: Context): Source {
  const today = new Date(clock.now()).toISOString().slice(0, 10)
  const retrieved = source?.retrieved == null ? today : firstDay(source.retrieved, 'input.source.retrieved')
  const { name = treeId, licence = 'not given', note } = source ?? {}
  return { name, licence, retrieved, ...(note == null ? {} : { note }) }
}

function countryOf(currency: string): string {
  const country = COUNTRIES[currency]
  if (country !== undefined) return country
  throw new QuesnayError('BAD_INPUT', `more than one country has ${currency}`, {
    path: 'input.country',
    suggestion: 'give its ISO 3166 alpha-3 code (on the command line in the file of --about: "country: FRA")',
  })
}

function headingOf(files: readonly SourceFile[]): string | undefined {
  const readme = files.find(({ path }) => path === 'README.md')
  return readme && /^#\s+(.+?)\s*#*$/m.exec(readme.text)?.[1]
}
