// quesnay run: a scenario from a file or the store, followed to its end.
import { systemClock } from '../../infra/clock.ts'
import { QuesnayError } from '../../schema/errors.ts'
import { ask, type GraphClient } from '../client.ts'
import { describeRun, type WatchedRun } from '../output/describe-run.ts'
import { FINDINGS, type Finding, findingLine } from '../output/findings.ts'
import { isThere } from '../read-input.ts'
import { readYaml } from '../read-yaml.ts'
import { RUN_STATE, watchRun } from '../watch-run.ts'

export interface RunOptions {
  readonly json: boolean
  readonly variables?: string
  readonly shards?: number
}

const WATCH = `subscription Watch($id: ID!, $variables: [String!]) {
  runUpdated(id: $id) {
    ${RUN_STATE}
    scenario { id title }
    results(variables: $variables) { times timeUnit draws columns { variable unit mean p05 p50 p95 } }
  }
}`

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
