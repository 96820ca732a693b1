// quesnay run: a scenario from a file or the store, followed to its end; and --verify, which computes it again.
import { existsSync, readFileSync } from 'node:fs'
import { parse as parseYaml, YAMLParseError } from 'yaml'
import { systemClock } from '../../infra/clock.ts'
import { QuesnayError } from '../../schema/errors.ts'
import { ask, type GraphClient } from '../client.ts'
import { fanChart } from '../output/fan.ts'
import { number, table } from '../output/table.ts'
import { watchRun } from '../watch-run.ts'

export interface RunOptions {
  readonly json: boolean
  readonly variables?: string
  readonly shards?: string
}

/** What is selected of a run while it is watched. */
export const RUN_STATE = `
  id status cached inputHash resultHash computeSeconds
  progress { fraction shardsDone shardsTotal }
  error { code message detail }`

const COLUMNS = 'results(variables: $variables) { times timeUnit draws columns { variable unit mean p05 p50 p95 } }'

export interface WatchedRun {
  readonly id: string
  readonly status: string
  readonly cached: boolean
  readonly inputHash: string
  readonly resultHash: string | null
  readonly computeSeconds: number
  readonly progress: { readonly fraction: number; readonly shardsDone: number; readonly shardsTotal: number }
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
  const scenarioId = existsSync(scenario) ? await createFromFile(client, scenario) : scenario
  await ask(client, 'mutation Again($id: ID!) { runScenario(input: { scenarioId: $id }) { scenario { id } } }', {
    id: scenarioId,
  })
  const { scenario: found } = await ask<{ scenario: { run: { id: string } | null } }>(
    client,
    'query Submit($id: ID!, $shards: Int) { scenario(id: $id) { run(shards: $shards) { id } } }',
    { id: scenarioId, shards: options.shards ? Number(options.shards) : null },
  )
  if (!found.run)
    throw new QuesnayError('BAD_INPUT', 'the scenario names no bank, so there is nothing to run', {
      path: 'bankId',
      suggestion: 'give the scenario a bankId, such as us-health@1',
    })
  const { run: ended } = await watchRun<WatchedRun>(
    client,
    systemClock,
    `subscription Watch($id: ID!, $variables: [String!]) { runUpdated(id: $id) { ${RUN_STATE} ${COLUMNS} } }`,
    { id: found.run.id, variables: options.variables?.split(',') ?? null },
  )
  process.stdout.write(options.json ? `${JSON.stringify(ended)}\n` : `${describeRun(ended)}\n`)
}

/** Makes the scenario of a file, and its reform first where the file holds one; returns the scenario's id. */
async function createFromFile(client: GraphClient, path: string): Promise<string> {
  const { reform, ...scenario } = readScenario(path)
  const input = reform ? { ...scenario, reformId: await createReform(client, reform) } : scenario
  const { createScenario } = await ask<{ createScenario: { scenario: { id: string } } }>(
    client,
    'mutation Scenario($input: CreateScenarioInput!) { createScenario(input: $input) { scenario { id } } }',
    { input },
  )
  return createScenario.scenario.id
}

async function createReform(client: GraphClient, reform: unknown): Promise<string> {
  const { createReform: made } = await ask<{ createReform: { reform: { id: string } } }>(
    client,
    'mutation Reform($input: CreateReformInput!) { createReform(input: $input) { reform { id } } }',
    { input: reform },
  )
  return made.reform.id
}

function readScenario(path: string): Record<string, unknown> {
  try {
    const value = parseYaml(readFileSync(path, 'utf8')) as unknown
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>
  } catch (cause) {
    if (!(cause instanceof YAMLParseError)) throw cause
    throw new QuesnayError('BAD_INPUT', `${path}: ${cause.message}`, { path }, { cause })
  }
  throw new QuesnayError('BAD_INPUT', `${path} is not a scenario`, {
    path,
    suggestion: 'write the members of CreateScenarioInput, as examples/scenario.yaml does',
  })
}

/** How many variables are drawn; the rest are in --json. */
const DRAWN = 6

export function describeRun(run: WatchedRun): string {
  const columns = run.results?.columns ?? []
  const rows = columns.map((column) => [
    column.variable,
    column.unit,
    ...[column.mean, column.p05, column.p50, column.p95].map((values) => number(values.at(-1), 4)),
  ])
  return [
    table(['variable at the end', 'unit', 'mean', '5 %', 'median', '95 %'], rows, [2, 3, 4, 5]),
    '',
    ...columns.slice(0, DRAWN).map((column) => `${fanChart(column)}\n`),
    describeIdentity(run),
  ].join('\n')
}

/** Which run it was and how anyone can check it. */
export function describeIdentity(run: WatchedRun): string {
  return [
    `run          ${run.id}${run.cached ? ' (from the store)' : ''}`,
    `input hash   ${run.inputHash}`,
    `result hash  ${run.resultHash}`,
    `computed in  ${run.computeSeconds.toFixed(3)} s of worker time, ${run.progress.shardsTotal} shards`,
    `verify with  quesnay run --verify ${run.id}`,
  ].join('\n')
}

interface Verification {
  readonly verifyRun: { readonly run: { readonly id: string; readonly verifies: { readonly resultHash: string } } }
}

/** Computes the run's question again, past every cache; the exit code is 1 where the bits differ. */
export async function verify(client: GraphClient, runId: string, json: boolean): Promise<void> {
  const { verifyRun } = await ask<Verification>(
    client,
    'mutation Verify($id: ID!) { verifyRun(input: { id: $id }) { run { id verifies { resultHash } } } }',
    { id: runId },
  )
  const stored = verifyRun.run.verifies.resultHash
  const { run: again } = await watchRun<WatchedRun>(
    client,
    systemClock,
    `subscription Watch($id: ID!) { runUpdated(id: $id) { ${RUN_STATE} } }`,
    { id: verifyRun.run.id },
  )
  const equal = again.resultHash === stored
  if (!equal) process.exitCode = 1
  const lines = [`stored      ${stored}`, `recomputed  ${again.resultHash}`, equal ? 'equal: verified' : 'DIFFERENT']
  const report = json
    ? JSON.stringify({ run: runId, stored, recomputed: again.resultHash, verified: equal })
    : lines.join('\n')
  process.stdout.write(`${report}\n`)
}
