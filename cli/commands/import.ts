// quesnay import: reads files, sends them through the graph's own mutations, and prints every finding.
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { extname, join, relative } from 'node:path'
import { parse as parseYaml } from 'yaml'
import { QuesnayError } from '../../schema/errors.ts'
import { nearest } from '../../schema/nearest.ts'
import { ask, type GraphClient } from '../client.ts'
import { table } from '../output/table.ts'
import { readArchive } from '../read-archive.ts'

export interface ImportOptions {
  readonly json: boolean
  readonly name?: string
  readonly about?: string
  readonly dryRun?: boolean
}

interface Finding {
  readonly severity: string
  readonly code: string
  readonly path: string | null
  readonly message: string
  readonly suggestion: string | null
}

interface Outcome {
  readonly imported: boolean
  readonly findings: readonly Finding[]
}

interface Kind {
  readonly mutation: string
  input(path: string, options: ImportOptions): Promise<Record<string, unknown>>
}

const FINDINGS = 'findings { severity code path message suggestion }'

const mutation = (field: string, type: string, findings = FINDINGS) =>
  `mutation Import($input: ${type}!) { outcome: ${field}(input: $input) { imported ${findings} } }`

const KINDS: Record<string, Kind> = {
  mechanisms: {
    mutation: mutation('importMechanismBank', 'ImportMechanismBankInput'),
    input: async (path, { name }) => ({ ...(name ? { bankId: name } : {}), files: await bankFiles(path) }),
  },
  series: {
    mutation: mutation('importSeries', 'ImportSeriesInput'),
    input: async (path, { name, about }) => ({
      ...readAbout(path, about),
      ...(name ? { datasetId: name } : {}),
      csv: readFileSync(path, 'utf8'),
    }),
  },
  prices: {
    mutation: mutation('importPrices', 'ImportPricesInput'),
    input: async (path) => ({ csv: readFileSync(path, 'utf8') }),
  },
}

/** Findings printed at most; --json prints all. */
const MOST_PRINTED = 40

/** @throws BAD_INPUT for an unknown kind or unreadable path, IMPORT_REJECTED where nothing was changed */
export async function importFile(
  client: GraphClient,
  kind: string,
  path: string,
  options: ImportOptions,
): Promise<void> {
  const how = KINDS[kind]
  if (!how)
    throw new QuesnayError('BAD_INPUT', `cannot import "${kind}"`, {
      path: 'kind',
      suggestion: `did you mean "${nearest(kind, Object.keys(KINDS)) ?? Object.keys(KINDS).join('", "')}"?`,
    })
  if (!existsSync(path))
    throw new QuesnayError('BAD_INPUT', `there is no ${path}`, { path, suggestion: 'check the name' })
  const input = { ...(await how.input(path, options)), dryRun: options.dryRun === true }
  const { outcome } = await ask<{ outcome: Outcome }>(client, how.mutation, { input })
  const faults = outcome.findings.filter((finding) => finding.severity === 'ERROR').length
  process.stdout.write(options.json ? `${JSON.stringify(outcome)}\n` : `${report(outcome)}\n`)
  if (faults > 0)
    throw new QuesnayError('IMPORT_REJECTED', `${faults} faults, nothing was changed`, {
      suggestion: 'mend each ERROR listed and import again',
    })
}

function report({ imported, findings }: Outcome): string {
  const counts = new Map<string, number>()
  for (const { severity, code } of findings) {
    const key = `${severity} ${code}`
    counts.set(key, (counts.get(key) ?? 0) + 1)
  }
  const grave = [...findings].sort((a, b) => rank(a) - rank(b)).slice(0, MOST_PRINTED)
  return [
    ...(findings.length > 0
      ? [
          table(
            ['finding', 'count'],
            [...counts].map(([key, count]) => [key, count]),
          ),
          '',
        ]
      : []),
    ...grave.map((f) => `${f.severity} ${f.path ?? ''}: ${f.message}${f.suggestion ? ` (${f.suggestion})` : ''}`),
    ...(findings.length > grave.length ? [`... and ${findings.length - grave.length} more; --json prints all`] : []),
    imported ? 'imported' : 'not imported',
  ].join('\n')
}

const rank = ({ severity }: Finding) => ['ERROR', 'WARNING', 'INFO'].indexOf(severity)

/** Every YAML and JSON file of a folder or archive, or the one file. */
async function bankFiles(path: string): Promise<{ path: string; text: string }[]> {
  if (/\.(tar\.gz|tgz|tar)$/.test(path)) return (await readArchive(path)).filter((file) => isBankFile(file.path))
  if (!statSync(path).isDirectory()) return [{ path, text: readFileSync(path, 'utf8') }]
  return readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && isBankFile(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
    .map((file) => ({ path: relative(path, file), text: readFileSync(file, 'utf8') }))
}

const isBankFile = (path: string) => ['.yaml', '.yml', '.json'].includes(extname(path))

/** What a CSV of figures cannot say (origin, units, scope): a YAML file with the other members of ImportSeriesInput. */
function readAbout(path: string, about = path.replace(/\.csv$/, '.yaml')): Record<string, unknown> {
  if (!existsSync(about))
    throw new QuesnayError('BAD_INPUT', `there is no ${about} that says what the columns are`, {
      path: '--about',
      suggestion: 'write the members of ImportSeriesInput into it: datasetId, economyId, title, frequency, series, ...',
    })
  return parseYaml(readFileSync(about, 'utf8')) as Record<string, unknown>
}
