// quesnay export parameters and quesnay diff parameters: a tree as files, and two trees side by side.
import { existsSync, mkdirSync, readdirSync } from 'node:fs'
import { Readable } from 'node:stream'
import { extract } from 'tar'
import { systemClock } from '../../infra/clock.ts'
import { QuesnayError } from '../../schema/errors.ts'
import { ask, type GraphClient } from '../client.ts'
import { printable } from '../output/printable.ts'
import { withProgress } from '../output/progress.ts'
import { table } from '../output/table.ts'
import { isMembers } from '../read-input.ts'
import { readYaml } from '../read-yaml.ts'

export interface ExportOptions {
  readonly json: boolean
  readonly dialect: string
  readonly out: string
  readonly prefix?: string
}

const EXPORT = `query Export($tree: ID!, $dialect: ExportDialect!, $prefix: String) {
  outcome: exportParameters(tree: $tree, dialect: $dialect, prefix: $prefix) { fileCount archive } }`

/** Writes the files into a folder that is new or empty. Errors: BAD_INPUT for a folder that holds something. */
export async function exportParameters(client: GraphClient, tree: string, options: ExportOptions): Promise<void> {
  const { out, json, prefix } = options
  assertEmpty(out)
  const variables = { tree, dialect: options.dialect.toUpperCase(), prefix }
  const { outcome } = await withProgress(systemClock, `exporting ${tree}`, () =>
    ask<{ outcome: { fileCount: number; archive: string } }>(client, EXPORT, variables),
  )
  mkdirSync(out, { recursive: true })
  const archive = Readable.from([Buffer.from(outcome.archive, 'base64')])
  await new Promise<void>((resolve, reject) =>
    archive
      .pipe(extract({ cwd: out, strict: true }))
      .on('close', resolve)
      .on('error', reject),
  )
  const { fileCount } = outcome
  const text = `${fileCount} ${fileCount === 1 ? 'file' : 'files'} written to ${out}`
  process.stdout.write(`${json ? JSON.stringify({ tree, out, fileCount }) : text}\n`)
}

function assertEmpty(out: string): void {
  const fail = (message: string) =>
    new QuesnayError('BAD_INPUT', message, { path: '--out', suggestion: 'name a folder that is new or empty' })
  if (!existsSync(out)) return
  let names: string[]
  try {
    names = readdirSync(out)
  } catch {
    throw fail(`${out} is no folder`)
  }
  if (names.length > 0) throw fail(`${out} is not empty`)
}

export interface DiffOptions {
  readonly json: boolean
  readonly mapping?: string
  readonly from?: string
  readonly to?: string
  readonly tolerance?: number
}

interface State {
  readonly values: readonly number[]
  readonly text: string | null
  readonly list: readonly string[] | null
}

interface Span {
  readonly here: string | null
  readonly there: string | null
  readonly kind: string
  readonly from: string
  readonly to: string
  readonly unit: string
  readonly hereState: State | null
  readonly thereState: State | null
}

interface Comparison {
  readonly counts: readonly { readonly kind: string; readonly count: number }[]
  readonly spans: {
    readonly totalCount: number
    readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string }
    readonly edges: readonly { readonly node: Span }[]
  }
}

const STATE = '{ values text list }'
const COMPARE = `query Compare($here: ID!, $there: ID!, $mapping: [IdPairInput!], $from: String, $to: String, $tolerance: Float!, $after: String) {
  outcome: compareTrees(here: { tree: $here }, there: { tree: $there }, mapping: $mapping, from: $from, to: $to, tolerance: $tolerance) {
    counts { kind count }
    spans(first: 500, after: $after) { totalCount pageInfo { hasNextPage endCursor }
      edges { node { here there kind from to unit hereState ${STATE} thereState ${STATE} } } } } }`

/** Rows printed at most of each kind; --json prints all. */
const MOST_ROWS = 30

/** Prints how many spans there are of each kind, and what differs. */
export async function diffParameters(
  client: GraphClient,
  here: string,
  there: string,
  options: DiffOptions,
): Promise<void> {
  const { json, mapping, from, to, tolerance = 0 } = options
  const variables = {
    here,
    there,
    from,
    to,
    tolerance,
    mapping: mapping === undefined ? undefined : readMapping(mapping),
  }
  const { counts, spans } = await withProgress(systemClock, `comparing ${here} with ${there}`, async () => {
    const first = await ask<{ outcome: Comparison }>(client, COMPARE, variables)
    const all = first.outcome.spans.edges.map(({ node }) => node)
    for (let page = first.outcome.spans.pageInfo; json && page.hasNextPage; ) {
      const next = await ask<{ outcome: Comparison }>(client, COMPARE, { ...variables, after: page.endCursor })
      all.push(...next.outcome.spans.edges.map(({ node }) => node))
      page = next.outcome.spans.pageInfo
    }
    return { counts: first.outcome.counts, spans: all }
  })
  if (json) return void process.stdout.write(`${JSON.stringify({ counts, spans })}\n`)
  process.stdout.write(printable(`${describe(counts, spans)}\n`))
}

function describe(counts: Comparison['counts'], spans: readonly Span[]): string {
  const shown = [...spans.filter(({ kind }) => kind === 'DIFFERS'), ...spans.filter(({ kind }) => kind !== 'DIFFERS')]
  const rows = shown
    .slice(0, MOST_ROWS)
    .map((span) => [
      span.kind,
      span.here ?? span.there,
      span.from,
      span.to,
      wordsOf(span.hereState),
      wordsOf(span.thereState),
      span.unit,
    ])
  const total = counts.reduce((sum, { kind, count }) => sum + (kind === 'EQUAL' ? 0 : count), 0)
  return [
    table(
      ['kind', 'spans'],
      counts.map(({ kind, count }) => [kind, count]),
    ),
    ...(rows.length === 0
      ? []
      : ['', table(['kind', 'parameter', 'from', 'to', 'here', 'there', 'unit'], rows, [4, 5])]),
    ...(total > rows.length ? [`${total - rows.length} more spans; --json prints all`] : []),
  ].join('\n')
}

function wordsOf(state: State | null): string {
  if (!state) return '-'
  if (state.text !== null) return state.text
  if (state.list !== null) return state.list.join(', ')
  return state.values
    .map((value) => (Math.abs(value) === Number.MAX_VALUE ? `${value < 0 ? '-' : ''}unlimited` : String(value)))
    .join(', ')
}

/** A YAML file of ids: `us.federal.income_tax: gov.irs.income`. */
function readMapping(path: string): { here: string; there: string }[] {
  const hint = 'write an id of the first tree, a colon, and its id in the second, line by line'
  const members = readYaml(path, hint)
  return Object.entries(isMembers(members) ? members : {}).map(([here, there]) => {
    if (typeof there === 'string') return { here, there }
    throw new QuesnayError('BAD_INPUT', `${path} has no id for ${here}`, { path, suggestion: hint })
  })
}
