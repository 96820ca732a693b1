// quesnay import: reads files, sends them through the graph's own mutations, and prints what was found in them.
import { readdirSync, statSync } from 'node:fs'
import { extname, join, relative } from 'node:path'
import { systemClock } from '../../infra/clock.ts'
import { QuesnayError } from '../../schema/errors.ts'
import { nearest } from '../../schema/nearest.ts'
import { ask, type GraphClient } from '../client.ts'
import { describeFindings, FINDINGS, type Finding } from '../output/findings.ts'
import { openProgress, type Progress } from '../output/progress.ts'
import { populationInput } from '../population-about.ts'
import { readArchive, type TextFile } from '../read-archive.ts'
import { isThere, type Members, readText } from '../read-input.ts'
import { readTreeFiles, treeIdOf } from '../read-tree-files.ts'
import { readYaml } from '../read-yaml.ts'
import { fileInput } from '../upload-file.ts'

export interface ImportOptions {
  readonly json: boolean
  readonly name?: string
  readonly about?: string
  readonly strict?: boolean
  readonly dryRun?: boolean
}

interface Outcome {
  readonly imported: boolean
  readonly findings: readonly Finding[]
  readonly population?: PopulationFigures | null
  /** Of an import whose findings come in pages. */
  readonly found?: { readonly edges: readonly { readonly node: Finding }[] }
  readonly counts?: Readonly<Record<string, number>>
}

interface PopulationFigures {
  readonly id: string
  readonly units: number
  readonly weightsTotal: number
  readonly dataVersion: string
}

/** What an import may need to send a long file before it asks. */
interface Sending {
  readonly client: GraphClient
  readonly progress: Progress
}

interface Kind {
  readonly field: string
  readonly inputType: string
  /** Of the payload, beside whether it was imported and the findings. */
  readonly selection?: string
  /** What of its findings is asked for, where not all are. */
  readonly findings?: string
  /** The mutation's input but for dryRun. */
  input(path: string, options: ImportOptions, sending: Sending): Promise<Members>
}

const KINDS: Readonly<Record<string, Kind>> = {
  mechanisms: {
    field: 'importMechanismBank',
    inputType: 'ImportMechanismBankInput',
    input: async (path, { name, about, strict }) => ({
      ...(about ? readYaml(about, 'write the members of ImportMechanismBankInput: title, geography') : {}),
      ...(name ? { bankId: name } : {}),
      strict: strict === true,
      files: await bankFiles(path),
    }),
  },
  parameters: {
    field: 'importParameters',
    inputType: 'ImportParametersInput',
    findings: `counts { files parameters values scales nodes } found: findings(first: 20000) { edges { node { severity code path message suggestion } } }`,
    input: async (path, { name, about }) => ({
      ...(about
        ? readYaml(
            about,
            'write the members of ImportParametersInput: title, country, currency, source, indexSeries, enums',
          )
        : {}),
      treeId: name ?? treeIdOf(path),
      archive: await readTreeFiles(path),
    }),
  },
  series: {
    field: 'importSeries',
    inputType: 'ImportSeriesInput',
    input: async (path, { name, about = besideOf(path) }) => ({
      ...readYaml(
        about,
        'write what the columns are: datasetId, economyId, title, frequency, governmentScope, series, ...',
      ),
      ...(name ? { datasetId: name } : {}),
      csv: readText(path),
    }),
  },
  prices: {
    field: 'importPrices',
    inputType: 'ImportPricesInput',
    input: async (path, { about = isThere(besideOf(path)) ? besideOf(path) : undefined }) => ({
      ...(about
        ? readYaml(about, 'write the instruments to make: instruments: [{ id, name, assetClass, currency }]')
        : {}),
      csv: readText(path),
    }),
  },
  population: {
    field: 'importPopulation',
    inputType: 'ImportPopulationInput',
    selection: 'units population { id units weightsTotal dataVersion }',
    input: async (path, { name, about = besideOf(path) }, { client, progress }) => ({
      ...populationInput(readYaml(about, 'write what the file is: id, title, year, and as needed preset and mapping')),
      ...(name ? { id: name } : {}),
      ...(await fileInput(client, path, progress)),
    }),
  },
}

/** What a file of figures cannot say stands in a YAML file of the same name. */
const besideOf = (file: string) => `${file.replace(/(\.(csv|parquet|arrow|arrows|feather))?(\.gz)?$/, '')}.yaml`

/** Errors: BAD_INPUT for an unknown kind or an unreadable file, IMPORT_REJECTED where nothing was changed. */
export async function importFile(
  client: GraphClient,
  kind: string,
  path: string,
  options: ImportOptions,
): Promise<void> {
  const how = Object.hasOwn(KINDS, kind) ? KINDS[kind] : undefined
  if (!how)
    throw new QuesnayError('BAD_INPUT', `cannot import "${kind}"`, {
      path: 'kind',
      suggestion: `did you mean "${nearest(kind, Object.keys(KINDS)) ?? Object.keys(KINDS).join('", "')}"?`,
    })
  if (!isThere(path)) throw new QuesnayError('BAD_INPUT', `there is no ${path}`, { path, suggestion: 'check the name' })
  const outcome = await send(client, how, path, options)
  const faults = outcome.findings.filter(({ severity }) => severity === 'ERROR')
  const state = outcome.imported
    ? 'imported'
    : faults.length > 0
      ? 'nothing was changed'
      : 'checked, nothing was stored'
  const counts = Object.entries(outcome.counts ?? {}).map(([what, count]) => `${count} ${what}`)
  const parts = [
    describeFindings(outcome.findings),
    describePopulation(outcome.population),
    [state, ...counts].join(', '),
  ]
  const text = parts.filter((part) => part !== '').join('\n\n')
  process.stdout.write(`${options.json ? JSON.stringify(outcome) : text}\n`)
  if (faults.length > 0) throw rejected(faults)
}

async function send(client: GraphClient, how: Kind, path: string, options: ImportOptions): Promise<Outcome> {
  const { field, inputType, selection = '', findings = FINDINGS } = how
  const mutation = `mutation Import($input: ${inputType}!) { outcome: ${field}(input: $input) { imported ${selection} ${findings} } }`
  const progress = openProgress(systemClock, `importing ${path}`)
  try {
    const input = { ...(await how.input(path, options, { client, progress })), dryRun: options.dryRun === true }
    const { found, ...outcome } = (await ask<{ outcome: Outcome }>(client, mutation, { input })).outcome
    return found ? { ...outcome, findings: found.edges.map(({ node }) => node) } : outcome
  } finally {
    progress.stop()
  }
}

function describePopulation(population: PopulationFigures | null | undefined): string {
  if (!population) return ''
  const { id, units, weightsTotal, dataVersion } = population
  return `${id}: ${units} units that stand for ${weightsTotal}, version ${dataVersion}`
}

function rejected(faults: readonly Finding[]): QuesnayError {
  const unnamed = faults.some(({ path }) => path === 'input.bankId' || path === 'input.datasetId')
  return new QuesnayError(
    'IMPORT_REJECTED',
    `${faults.length} ${faults.length === 1 ? 'fault' : 'faults'}, nothing was changed`,
    { suggestion: unnamed ? 'name it with --name NAME@VERSION' : 'mend each ERROR listed and import again' },
  )
}

/** Every YAML and JSON file of a folder or archive, or the one file. Errors: BAD_INPUT. */
async function bankFiles(path: string): Promise<TextFile[]> {
  if (/\.(tar\.gz|tgz|tar)$/.test(path)) return (await readArchive(path)).filter((file) => isBankFile(file.path))
  if (!statSync(path).isDirectory()) return [{ path, text: readText(path) }]
  const files = readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && isBankFile(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
  if (files.length === 0)
    throw new QuesnayError('BAD_INPUT', `${path} holds no file of a bank`, {
      path,
      suggestion: 'give a folder of .yaml files',
    })
  return files.map((file) => ({ path: relative(path, file), text: readText(file) }))
}

const isBankFile = (path: string) => ['.yaml', '.yml', '.json'].includes(extname(path))
