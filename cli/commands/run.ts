// quesnay run: a scenario from a file or the store, followed to its end; and --verify, which computes it again.
import { systemClock } from '../../infra/clock.ts'
import { QuesnayError } from '../../schema/errors.ts'
import type { RunStatus } from '../../schema/terms/run.ts'
import { ask, type GraphClient } from '../client.ts'
import { fanChart, significant } from '../output/fan.ts'
import { FINDINGS, type Finding, findingLine } from '../output/findings.ts'
import { mostMoved } from '../output/most-moved.ts'
import { table } from '../output/table.ts'
import { isThere } from '../read-input.ts'
import { readYaml } from '../read-yaml.ts'
import { watchRun } from '../watch-run.ts'

export interface RunOptions {
  readonly json: boolean
  readonly variables?: string
  readonly shards?: number
}

/** What is selected of a run while it is watched. */
export const RUN_STATE = `
  id status cached inputHash resultHash computeSeconds
  progress { fraction shardsDone shardsTotal }
  error { code message detail }`

const WATCH = `subscription Watch($id: ID!, $variables: [String!]) {
  runUpdated(id: $id) {
    ${RUN_STATE}
    scenario { id title }
    results(variables: $variables) { times timeUnit draws columns { variable unit mean p05 p50 p95 } }
  }
}`

export interface WatchedRun {
  readonly id: string
  readonly status: RunStatus
  readonly cached: boolean
  readonly inputHash: string
  readonly resultHash: string | null
  readonly computeSeconds: number
  readonly progress: { readonly fraction: number; readonly shardsDone: number; readonly shardsTotal: number }
  readonly scenario?: { readonly id: string; readonly title: string } | null
  readonly results?: Results | null
}

export interface Results {
  readonly times: readonly number[]
  readonly timeUnit: string
  readonly draws: number
  readonly columns: readonly Column[]
}

export interface Column {
  readonly variable: string
  readonly unit: string
  readonly mean: readonly number[]
  readonly p05: readonly number[]
  readonly p50: readonly number[]
  readonly p95: readonly number[]
}

export async function run(client: GraphClient, scenario: string, options: RunOptions): Promise<void> {
  if (!isThere(scenario) && /[/\\]|\.(ya?ml|json)$/.test(scenario))
    throw new QuesnayError('BAD_INPUT', `there is no ${scenario}`, {
      path: scenario,
      suggestion: 'check the file name',
    })
  const { run: ended } = await watchRun<WatchedRun>(client, systemClock, {
    async submit() {
      const id = isThere(scenario) ? await createFromFile(client, scenario) : scenario
      return submitScenario(client, id, options.shards)
    },
    subscription: WATCH,
    variables: (id) => ({ id, variables: options.variables?.split(',').map((name) => name.trim()) ?? null }),
  })
  process.stdout.write(options.json ? `${JSON.stringify(ended)}\n` : `${describeRun(ended, options.variables)}\n`)
}

async function submitScenario(client: GraphClient, scenarioId: string, shards?: number): Promise<string> {
  await ask(client, 'mutation Again($id: ID!) { runScenario(input: { scenarioId: $id }) { scenario { id } } }', {
    id: scenarioId,
  })
  const { scenario } = await ask<{ scenario: { run: { id: string } | null } }>(
    client,
    'query Submit($id: ID!, $shards: Int) { scenario(id: $id) { run(shards: $shards) { id } } }',
    { id: scenarioId, shards: shards ?? null },
  )
  if (scenario.run) return scenario.run.id
  throw new QuesnayError('BAD_INPUT', 'the scenario names no bank, so there is nothing to simulate', {
    path: 'bankId',
    suggestion: 'give the scenario a bankId, such as us-health@1.0.0',
  })
}

/** Makes the scenario of a file, and its reform first where the file holds one; returns the scenario's id. */
async function createFromFile(client: GraphClient, path: string): Promise<string> {
  const { reform, ...scenario } = readYaml(
    path,
    'write the members of CreateScenarioInput, as examples/scenario.yaml does',
  )
  const reformId = reform === undefined ? undefined : await createReform(client, reform)
  const { outcome } = await ask<{ outcome: { scenario: { id: string }; findings: Finding[] } }>(
    client,
    `mutation Scenario($input: CreateScenarioInput!) {
      outcome: createScenario(input: $input) { scenario { id } ${FINDINGS} }
    }`,
    { input: reformId === undefined ? scenario : { ...scenario, reformId } },
  )
  tell(outcome.findings)
  return outcome.scenario.id
}

async function createReform(client: GraphClient, reform: unknown): Promise<string> {
  const { outcome } = await ask<{ outcome: { reform: { id: string }; findings: Finding[] } }>(
    client,
    `mutation Reform($input: CreateReformInput!) { outcome: createReform(input: $input) { reform { id } ${FINDINGS} } }`,
    { input: reform },
  )
  tell(outcome.findings)
  return outcome.reform.id
}

/** What is worth knowing of the input goes beside the result, which standard output is for. */
function tell(findings: readonly Finding[]): void {
  for (const finding of findings) if (finding.severity !== 'INFO') process.stderr.write(`${findingLine(finding)}\n`)
}

/** How many variables are listed, and how many drawn, where none are asked for by name. */
const LISTED = 20
const DRAWN = 4

/** @param variables names that were asked for: all of them are shown */
export function describeRun(run: WatchedRun, variables?: string): string {
  const all = run.results?.columns ?? []
  const listed = variables ? all : mostMoved(all, LISTED)
  const drawn = variables ? all : listed.slice(0, DRAWN)
  const rows = listed.map((column) => [
    column.variable,
    column.unit,
    ...[column.mean, column.p05, column.p50, column.p95].map((values) => significant(values.at(-1) ?? Number.NaN)),
  ])
  const { draws = 0, times = [], timeUnit = '' } = run.results ?? {}
  const end = times.at(-1) ?? 0
  return [
    `${run.scenario?.title ?? run.id}: ${all.length} variables, ${draws} draws, ${end} ${timeUnit}${end === 1 ? '' : 's'}`,
    '',
    table(['variable at the end', 'unit', 'mean', '5 %', 'median', '95 %'], rows, [2, 3, 4, 5]),
    ...(all.length > listed.length
      ? [`${all.length - listed.length} more move less or not at all; --variables NAME,NAME shows others, --json all`]
      : []),
    '',
    ...drawn.map((column) => `${fanChart(column)}\n`),
    describeIdentity(run),
  ].join('\n')
}

/** Which run it was and how anyone can check it. */
export function describeIdentity(run: WatchedRun): string {
  const { shardsTotal } = run.progress
  return [
    ...(run.scenario ? [`scenario     ${run.scenario.id}`] : []),
    `run          ${run.id}${run.cached ? ' (from the store)' : ''}`,
    `input hash   ${run.inputHash}`,
    `result hash  ${run.resultHash}`,
    `computed in  ${run.computeSeconds.toFixed(3)} s of worker time, ${shardsTotal} shard${shardsTotal === 1 ? '' : 's'}`,
    `verify with  quesnay run --verify ${run.id}`,
  ].join('\n')
}

interface Verification {
  readonly verifyRun: { readonly run: { readonly id: string; readonly verifies: { readonly resultHash: string } } }
}

/** Computes the run's question again, past every cache; the exit code is 1 where the bits differ. */
export async function verify(client: GraphClient, runId: string, json: boolean): Promise<void> {
  let stored = ''
  const { run: again } = await watchRun<WatchedRun>(client, systemClock, {
    async submit() {
      const { verifyRun } = await ask<Verification>(
        client,
        'mutation Verify($id: ID!) { verifyRun(input: { id: $id }) { run { id verifies { resultHash } } } }',
        { id: runId },
      )
      stored = verifyRun.run.verifies.resultHash
      return verifyRun.run.id
    },
    subscription: `subscription Watch($id: ID!) { runUpdated(id: $id) { ${RUN_STATE} } }`,
    variables: (id) => ({ id }),
  })
  const equal = again.resultHash === stored
  if (!equal) process.exitCode = 1
  const lines = [`stored      ${stored}`, `recomputed  ${again.resultHash}`, equal ? 'equal: verified' : 'DIFFERENT']
  const report = json
    ? JSON.stringify({ run: runId, stored, recomputed: again.resultHash, verified: equal })
    : lines.join('\n')
  process.stdout.write(`${report}\n`)
}
