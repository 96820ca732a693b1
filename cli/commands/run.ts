// quesnay run: a model file, a scenario file or a stored scenario, followed to its end.
import { resolve } from 'node:path'
import { systemClock } from '../../infra/clock.ts'
import { QuesnayError } from '../../schema/errors.ts'
import { ask, type GraphClient } from '../client.ts'
import type { ModelFile } from '../model-file.ts'
import { type Column, describeIdentity, describeRun, type WatchedRun } from '../output/describe-run.ts'
import { FINDINGS, type Finding, findingLine } from '../output/findings.ts'
import { printable } from '../output/printable.ts'
import type { ResultFile } from '../output/result-columns.ts'
import { resultWriter } from '../output/result-file.ts'
import type { Members } from '../read-input.ts'
import { readSubject, type Subject } from '../read-subject.ts'
import { type ModelOptions, namesOf, uploadModel } from '../upload-model.ts'
import { RUN_STATE, watchRun } from '../watch-run.ts'

export interface RunOptions extends ModelOptions {
  readonly json: boolean
  /** Neither progress, nor notes, nor the summary. */
  readonly quiet?: boolean
  readonly shards?: number
  readonly out?: string
}

/** A scenario that the graph has, and how many draws it is computed with. */
interface Submitted {
  readonly runId: string
  readonly draws: number
}

const WATCH = `subscription Watch($id: ID!, $variables: [String!], $spread: Boolean!) {
  runUpdated(id: $id) {
    ${RUN_STATE}
    provenance { planHash seed engineVersion }
    scenario { id title }
    results(variables: $variables) {
      times timeUnit draws
      columns { variable unit mean sd @include(if: $spread) p05 @include(if: $spread) p50 @include(if: $spread) p95 @include(if: $spread) }
    }
  }
}`

/** Reads what is to be run and sees where its result can go, before a graph is started for it. BAD_INPUT, LIMIT_EXCEEDED. */
export function prepareRun(name: string, options: RunOptions): (client: GraphClient) => Promise<void> {
  const subject = readSubject(name)
  if (subject.kind !== 'model') assertNoChanges(options)
  const write = options.out === undefined ? undefined : resultWriter(checkedOut(options.out, name, options.json))
  return (client) => run(client, subject, options, write)
}

/** BAD_INPUT for what would replace the file that is run, or be mixed with JSON. */
function checkedOut(out: string, subject: string, json: boolean): string {
  const fail = (message: string, suggestion: string) =>
    new QuesnayError('BAD_INPUT', message, { path: '--out', suggestion })
  if (out === '-' && json) throw fail('--out - and --json would both print', 'leave one of them out')
  if (out !== '-' && resolve(out) === resolve(subject)) throw fail(`${out} is what is to be run`, 'choose another name')
  return out
}

async function run(
  client: GraphClient,
  subject: Subject,
  options: RunOptions,
  write?: (file: ResultFile) => Promise<void>,
): Promise<void> {
  const { out, variables, json, quiet = false } = options
  let submitted: Submitted | undefined
  const { run: watched } = await watchRun<WatchedRun>(client, systemClock, {
    async submit() {
      submitted = await submitScenario(client, await scenarioOf(client, subject, options), options.shards)
      return submitted.runId
    },
    subscription: WATCH,
    variables: (id) => ({
      id,
      // A model saves only the variables asked for.
      variables: subject.kind === 'model' ? null : (variables ?? null),
      spread: submitted?.draws !== 1,
    }),
    quiet,
  })
  const ended = withSpread(watched)
  if (write && ended.results) await write({ run: ended, results: ended.results })
  if (json) process.stdout.write(`${JSON.stringify(ended)}\n`)
  else if (out !== '-' && !quiet)
    process.stdout.write(
      printable(`${write ? `${out}\n\n${describeIdentity(ended)}` : describeRun(ended, variables)}\n`),
    )
}

/** Id of the scenario that runs it: made of a file, or standing already. */
async function scenarioOf(client: GraphClient, subject: Subject, options: RunOptions): Promise<string> {
  const note = options.quiet ? () => {} : tell
  if (subject.kind === 'stored') return subject.id
  return subject.kind === 'scenario'
    ? createScenario(client, subject.members, note)
    : createFromModel(client, subject.file, options, note)
}

type Note = (findings: readonly Finding[]) => void

async function createFromModel(client: GraphClient, file: ModelFile, options: RunOptions, note: Note): Promise<string> {
  const { scenario, findings } = await uploadModel(client, file, options, 'scenario { id }')
  note(findings)
  return (scenario as { id: string }).id
}

/** Of one draw the statistics are its values: they were not sent. */
function withSpread(run: WatchedRun): WatchedRun {
  if (run.results?.draws !== 1) return run
  const columns = run.results.columns.map(
    ({ variable, unit, mean }): Column => ({ variable, unit, mean, p05: mean, p50: mean, p95: mean }),
  )
  return { ...run, results: { ...run.results, columns } }
}

/** A scenario says in its own words how it is computed. BAD_INPUT. */
function assertNoChanges({ variables: _shown, ...options }: RunOptions): void {
  const [name] = namesOf(options)
  if (name)
    throw new QuesnayError('BAD_INPUT', `${name} is for model files`, {
      path: name,
      suggestion: 'change the scenario file instead, or give a model file',
    })
}

async function submitScenario(client: GraphClient, scenarioId: string, shards?: number): Promise<Submitted> {
  await ask(client, 'mutation Again($id: ID!) { runScenario(input: { scenarioId: $id }) { scenario { id } } }', {
    id: scenarioId,
  })
  const { scenario } = await ask<{ scenario: { draws: number; run: { id: string } | null } }>(
    client,
    'query Submit($id: ID!, $shards: Int) { scenario(id: $id) { draws run(shards: $shards) { id } } }',
    { id: scenarioId, shards: shards ?? null },
  )
  if (scenario.run) return { runId: scenario.run.id, draws: scenario.draws }
  throw new QuesnayError('BAD_INPUT', 'the scenario names no bank, so there is nothing to simulate', {
    path: 'bankId',
    suggestion: 'give the scenario a bankId, such as us-health@1.0.0',
  })
}

/** Makes a scenario, and its reform first where the file holds one; returns the scenario's id. */
async function createScenario(client: GraphClient, { reform, ...scenario }: Members, note: Note): Promise<string> {
  const reformId = reform === undefined ? undefined : await createReform(client, reform, note)
  const { outcome } = await ask<{ outcome: { scenario: { id: string }; findings: Finding[] } }>(
    client,
    `mutation Scenario($input: CreateScenarioInput!) {
      outcome: createScenario(input: $input) { scenario { id } ${FINDINGS} }
    }`,
    { input: reformId === undefined ? scenario : { ...scenario, reformId } },
  )
  note(outcome.findings)
  return outcome.scenario.id
}

async function createReform(client: GraphClient, reform: unknown, note: Note): Promise<string> {
  const { outcome } = await ask<{ outcome: { reform: { id: string }; findings: Finding[] } }>(
    client,
    `mutation Reform($input: CreateReformInput!) { outcome: createReform(input: $input) { reform { id } ${FINDINGS} } }`,
    { input: reform },
  )
  note(outcome.findings)
  return outcome.reform.id
}

/** What is worth knowing of the input goes beside the result, which standard output is for. */
function tell(findings: readonly Finding[]): void {
  for (const finding of findings)
    if (finding.severity !== 'INFO') process.stderr.write(printable(`${findingLine(finding)}\n`))
}
