// Imports a tree of parameters from the YAML files of OpenFisca or PolicyEngine.
import { QuesnayError } from '../../../../schema/errors.ts'
import type { Finding } from '../../../shared/types.ts'
import type { DatedValue, Parameter, Source, Tree } from '../tree.ts'
import { type Enums, KNOWN_ENUMS } from './breakdown.ts'
import { deriveValues } from './derive-values.ts'
import { type FindingCount, FindingList } from './finding-list.ts'
import { type IndexSeries, withSeries } from './index-series.ts'
import { RawReader } from './raw-reader.ts'
import type { SourceFile } from './read-yaml.ts'
import { type ResolveContext, Resolver } from './resolve-tree.ts'
import { judgeKeys, survey } from './survey.ts'

export const Dialect = { AUTO: 'AUTO', OPENFISCA: 'OPENFISCA', POLICYENGINE: 'POLICYENGINE' } as const
export type Dialect = (typeof Dialect)[keyof typeof Dialect]

export interface ImportOptions {
  readonly id: string
  readonly title: string
  readonly country: string
  /** The one that most units name, where absent. */
  readonly currency?: string | undefined
  readonly source: Source
  readonly dialect: Dialect
  /** Put before every id, with a dot. */
  readonly prefix?: string | undefined
  /** What breakdowns run over, by name, beside those known. */
  readonly enums?: Enums | undefined
  readonly indexSeries?: readonly IndexSeries[] | undefined
  /** Day from which all of it was the law as known; where absent a value was known when it began, at the latest when the source was retrieved. */
  readonly known?: string | undefined
}

export interface ImportCounts {
  readonly files: number
  readonly parameters: number
  readonly values: number
  readonly scales: number
  readonly nodes: number
}

export interface Imported {
  /** null where there is an ERROR. */
  readonly tree: Tree | null
  readonly counts: ImportCounts
  readonly findings: readonly Finding[]
  readonly findingCounts: readonly FindingCount[]
}

/** Parameters resolved between two turns of others. */
const TURN = 200

/**
 * Reads files one by one, in any order, then makes the tree. `pause` is awaited after every file and every few hundred parameters, so that
 * a server goes on answering. Faults of the files are findings.
 * @throws BAD_INPUT where no currency is given and none is named
 */
export async function importTree(
  files: Iterable<SourceFile> | AsyncIterable<SourceFile>,
  options: ImportOptions,
  pause: () => Promise<void> = async () => {},
): Promise<Imported> {
  const findings = new FindingList()
  const knownOn = (from: string) => options.known ?? (from < options.source.retrieved ? from : options.source.retrieved)
  const reader = new RawReader(findings, knownOn)
  for await (const file of files) {
    reader.add(file)
    await pause()
  }
  const found = survey(reader.root)
  const policyEngine = options.dialect === 'AUTO' ? found.policyEngine : options.dialect === 'POLICYENGINE'
  judgeKeys(findings.metadataKeys, policyEngine, findings)
  const currency = options.currency ?? found.currency
  if (currency === undefined)
    throw new QuesnayError('BAD_INPUT', 'no unit of the files names a currency', {
      path: 'input.currency',
      suggestion: 'give one, such as "USD" (on the command line in the file of --about: "currency: USD")',
    })
  const prefix = options.prefix === undefined || options.prefix === '' ? '' : `${options.prefix}.`
  const context: ResolveContext = {
    currency,
    source: options.source,
    findings,
    policyEngine,
    knownOn,
    enums: { ...KNOWN_ENUMS, ...options.enums },
    root: options.prefix ?? '',
    below: (id) => prefix + id,
    indexed: new Map(),
  }
  const resolver = new Resolver(context)
  let steps = 0
  for (const _ of resolver.steps(reader.root, '')) if (++steps % TURN === 0) await pause()
  const { nodes, scales, parameters: read } = resolver.resolved
  const given = withSeries(read, options.indexSeries ?? [], context)
  await pause()
  const parameters = policyEngine ? deriveValues(given, (id) => context.indexed.get(id) ?? id, findings) : given
  const tree: Tree = {
    id: options.id,
    title: options.title,
    country: options.country,
    currency,
    from: firstDayOf(parameters),
    to: '9999-12-31',
    source: options.source,
    nodes: nodes.sort(byId),
    scales: scales.sort(byId),
    parameters: parameters.sort(byId),
  }
  return {
    tree: findings.faulty ? null : tree,
    counts: { files: reader.files, ...countsOf(tree) },
    findings: findings.all,
    findingCounts: findings.counts,
  }
}

const byId = (a: { id: string }, b: { id: string }) => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0)

const countsOf = ({ parameters, scales, nodes }: Tree) => ({
  parameters: parameters.length,
  values: parameters.reduce((sum, { values }) => sum + values.length, 0),
  scales: scales.length,
  nodes: nodes.length,
})

/** Of the earliest value; '0000-01-01' where there is none. */
function firstDayOf(parameters: readonly Parameter[]): string {
  let first: DatedValue['from'] | undefined
  for (const { values } of parameters)
    if (values[0] && (first === undefined || values[0].from < first)) first = values[0].from
  return first ?? '0000-01-01'
}
