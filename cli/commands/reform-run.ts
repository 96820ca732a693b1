// quesnay reform run: asks what reforms do to a population, follows the run, prints tables.
import { systemClock } from '../../infra/clock.ts'
import { QuesnayError } from '../../schema/errors.ts'
import { ask, errorOf, type GraphClient } from '../client.ts'
import { decilesCsv } from '../output/deciles-csv.ts'
import { describeImpact, type ImpactRun, impactFields } from '../output/describe-impact.ts'
import { FINDINGS, type Finding, findingLine } from '../output/findings.ts'
import { printable } from '../output/printable.ts'
import { isThere, type Members, readText } from '../read-input.ts'
import { parseMembers } from '../read-yaml.ts'
import { RUN_STATE, watchRun } from '../watch-run.ts'
import { assertWritable, writeOut } from '../write-file.ts'

export interface ReformRunOptions {
  readonly population?: string
  readonly year?: number
  readonly rules: string
  readonly step?: number
  readonly elasticity?: number
  readonly povertyLine?: number
  readonly households?: boolean
  readonly by?: readonly string[]
  readonly json: boolean
  readonly quiet?: boolean
  readonly out?: string
}

/** A stored reform, or one that a file holds. */
type Named = string | Members

/** Reads the reforms and sees where the deciles can go, before a graph is started for it. BAD_INPUT. */
export function prepareReformRun(
  reforms: readonly string[],
  options: ReformRunOptions,
): (client: GraphClient) => Promise<void> {
  const named = reforms.map(readReform)
  const { out, json } = options
  if (out === '-' && json)
    throw new QuesnayError('BAD_INPUT', '--out - and --json would both print', {
      path: '--out',
      suggestion: 'leave one of them out',
    })
  if (out !== undefined && out !== '-') assertCsv(out)
  return (client) => run(client, named, options)
}

function readReform(name: string): Named {
  if (name !== '-' && !isThere(name)) {
    if (!/[/\\]|\.(ya?ml|json)$/i.test(name)) return name
    throw new QuesnayError('BAD_INPUT', `there is no ${name}`, { path: name, suggestion: 'check the file name' })
  }
  const hint = 'write the members of CreateReformInput: title and changes'
  const { reform, ...members } = parseMembers(readText(name), name, hint)
  // A scenario file holds a reform as a member.
  return (reform as Members | undefined) ?? members
}

function assertCsv(out: string): void {
  if (!out.toLowerCase().endsWith('.csv'))
    throw new QuesnayError('BAD_INPUT', `"${out}" does not end in .csv`, {
      path: '--out',
      suggestion: 'name a file such as deciles.csv, or - for standard output',
    })
  assertWritable(out)
}

async function run(client: GraphClient, named: readonly Named[], options: ReformRunOptions): Promise<void> {
  const { json, out, quiet = false } = options
  const note = quiet ? () => {} : tell
  const { run } = await watchRun(client, systemClock, {
    submit: async () => submit(client, await reformIds(client, named, note), options, note),
    subscription: `subscription Watch($id: ID!) { runUpdated(id: $id) { ${RUN_STATE} } }`,
    variables: (id) => ({ id }),
    quiet,
  })
  const answer = await client.execute(
    `query Impact($id: ID!) { run(id: $id) { ${RUN_STATE} ${impactFields(options.by)} } }`,
    {
      id: run.id,
    },
  )
  const ended = (answer.data as { run: ImpactRun | null } | null)?.run
  const faults = (answer.errors ?? []).map(errorOf)
  // What failed is null in the answer; the rest of it stands.
  if (!ended?.populationImpact) throw faults[0] ?? new QuesnayError('NOT_FOUND', `the run ${run.id} has no impact`, {})
  for (const fault of quiet ? [] : faults)
    process.stderr.write(printable(`${fault.detail['field']}: ${fault.code}: ${fault.message}\n`))
  if (out !== undefined && out !== '-') writeOut(out, decilesCsv(ended.populationImpact))
  if (out === '-') process.stdout.write(decilesCsv(ended.populationImpact))
  else if (json) process.stdout.write(`${JSON.stringify(ended)}\n`)
  else if (!quiet) process.stdout.write(printable(`${describeImpact(ended)}\n`))
}

type Note = (findings: readonly Finding[]) => void

/** Ids of all reforms, those of files made first. */
async function reformIds(client: GraphClient, named: readonly Named[], note: Note): Promise<string[]> {
  const ids: string[] = []
  for (const one of named) {
    if (typeof one === 'string') {
      ids.push(one)
      continue
    }
    const { outcome } = await ask<{ outcome: { reform: { id: string }; findings: Finding[] } }>(
      client,
      `mutation Reform($input: CreateReformInput!) { outcome: createReform(input: $input) { reform { id } ${FINDINGS} } }`,
      { input: one },
    )
    note(outcome.findings)
    ids.push(outcome.reform.id)
  }
  return ids
}

async function submit(
  client: GraphClient,
  reforms: readonly string[],
  { rules, population, year, step, elasticity, povertyLine, households, by }: ReformRunOptions,
  note: Note,
): Promise<string> {
  const options = { step, elasticity, povertyLine, groups: by, ...(households ? { level: 'HOUSEHOLD' } : {}) }
  const { outcome } = await ask<{ outcome: { run: { id: string }; findings: Finding[] } }>(
    client,
    `mutation Run($input: RunPopulationInput!) { outcome: runPopulation(input: $input) { run { id } ${FINDINGS} } }`,
    { input: { ruleSet: rules, population, year, reforms, options } },
  )
  note(outcome.findings)
  return outcome.run.id
}

/** What is worth knowing of the input goes beside the result, which standard output is for. */
function tell(findings: readonly Finding[]): void {
  for (const finding of findings)
    if (finding.severity !== 'INFO') process.stderr.write(printable(`${findingLine(finding)}\n`))
}
