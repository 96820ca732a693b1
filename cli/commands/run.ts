// quesnay run: a model file, a scenario file or a stored scenario, followed to its end.
import { systemClock } from '../../infra/clock.ts'
import { QuesnayError } from '../../schema/errors.ts'
import { ask, type GraphClient } from '../client.ts'
import { type ModelFile, readModelFile } from '../model-file.ts'
import { type Column, describeIdentity, describeRun, type WatchedRun } from '../output/describe-run.ts'
import { FINDINGS, type Finding, findingLine } from '../output/findings.ts'
import { resultWriter } from '../output/result-file.ts'
import { isThere } from '../read-input.ts'
import { readNames } from '../read-options.ts'
import { readYaml } from '../read-yaml.ts'
import { type ModelOptions, namesOf, uploadModel } from '../upload-model.ts'
import { RUN_STATE, watchRun } from '../watch-run.ts'

export interface RunOptions extends ModelOptions {
  readonly json: boolean
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

export async function run(client: GraphClient, subject: string, options: RunOptions): Promise<void> {
  const { out, variables } = options
  const write = out === undefined ? undefined : resultWriter(out)
  if (!isThere(subject) && /[/\\]|\.(ya?ml|json|xmile|stmx|itmx|xml|mdl)$/i.test(subject))
    throw new QuesnayError('BAD_INPUT', `there is no ${subject}`, { path: subject, suggestion: 'check the file name' })
  const model = isThere(subject) ? readModelFile(subject) : undefined
  if (!model) assertNoChanges(options)
  let submitted: Submitted | undefined
  const { run: watched } = await watchRun<WatchedRun>(client, systemClock, {
    async submit() {
      submitted = model
        ? await submitScenario(client, await create(model), options.shards)
        : await submitScenario(
            client,
            isThere(subject) ? await createFromFile(client, subject) : subject,
            options.shards,
          )
      return submitted.runId
    },
    subscription: WATCH,
    variables: (id) => ({
      id,
      // A model saves only the variables asked for.
      variables: variables && !model ? readNames(variables) : null,
      spread: submitted?.draws !== 1,
    }),
  })
  const ended = withSpread(watched)
  if (write && ended.results) await write({ run: ended, results: ended.results })
  if (options.json) process.stdout.write(`${JSON.stringify(ended)}\n`)
  else if (write) process.stdout.write(`${out}\n\n${describeIdentity(ended)}\n`)
  else process.stdout.write(`${describeRun(ended, variables)}\n`)

  async function create(file: ModelFile): Promise<string> {
    const { scenario, findings } = await uploadModel(client, file, options, 'scenario { id }')
    tell(findings)
    return (scenario as { id: string }).id
  }
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
