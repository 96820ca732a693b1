// Routes of scenarios: made, listed, simulated, compared.
import { type Mapping, member, nodesOf, type Route } from './route.ts'

const SCENARIO = `fragment Scenario on Scenario {
  id title description year horizonYears draws seed stepsPerYear savesPerYear createdAt
  shocks { variable mode value from to }
  economy { id } reform { id } bank { id } portfolio { id }
}`
const RUN = `fragment RunState on Run {
  id kind status progress { shardsDone shardsTotal fraction etaSeconds } resultHash cached createdAt startedAt finishedAt
  error { code message }
}`
const RESULTS =
  'results(variables: $variables, every: $every) { times timeUnit draws columns { variable unit mean p05 p50 p95 } }'

const idOf = (value: unknown): string | undefined => (value as { readonly id?: string } | null)?.id
const scenarioLink = (id: string | undefined) => id && `/scenarios/${encodeURIComponent(id)}`
const runLink = (id: string | undefined) => id && `/runs/${encodeURIComponent(id)}`

const list: Route = {
  method: 'GET',
  path: '/scenarios',
  id: 'listScenarios',
  summary: 'Scenarios, the newest first.',
  operation: `query ListScenarios($first: Int, $after: String) {
    scenarios(first: $first, after: $after) { edges { node { ...Scenario } } pageInfo { hasNextPage endCursor } }
  } ${SCENARIO}`,
  data: nodesOf('scenarios'),
  pages: 'scenarios',
}

const create: Route = {
  method: 'POST',
  path: '/scenarios',
  id: 'createScenario',
  summary: 'Makes a scenario; the same content under the same id is the scenario that stands already.',
  operation: `mutation CreateScenario($input: CreateScenarioInput!) {
    createScenario(input: $input) { scenario { ...Scenario } findings { severity code path message suggestion } }
  } ${SCENARIO}`,
  data: member('createScenario'),
  status: 201,
  links: (data) => ({ related: scenarioLink(idOf((data as { scenario: unknown } | null)?.scenario)) }),
}

const one: Route = {
  method: 'GET',
  path: '/scenarios/{id}',
  id: 'getScenario',
  summary: 'A scenario, and the runs that it has had.',
  operation: `query GetScenario($id: ID!) {
    scenario(id: $id) { ...Scenario runs(first: 10) { edges { node { ...RunState } } } }
  } ${SCENARIO} ${RUN}`,
  data: member('scenario'),
  missing: 'there is no scenario of this id',
}

const simulate: Route = {
  method: 'POST',
  path: '/scenarios/simulate',
  id: 'simulateScenario',
  summary: 'Makes a scenario and has it simulated: the answer comes at once, the link leads to the run.',
  operation: `mutation SimulateScenario($input: CreateScenarioInput!) {
    createScenario(input: $input) { scenario { id run { ...RunState } } findings { severity code path message suggestion } }
  } ${RUN}`,
  data: member('createScenario'),
  status: 202,
  links: (data) => {
    const { scenario } = (data ?? {}) as { readonly scenario?: { readonly id: string; readonly run: unknown } }
    return { related: runLink(idOf(scenario?.run)), scenario: scenarioLink(scenario?.id) }
  },
}

const run: Route = {
  method: 'GET',
  path: '/runs/{id}',
  id: 'getRun',
  summary: 'A run: its state, and its result as columns when it has succeeded.',
  operation: `query GetRun($id: ID!, $variables: [String!], $every: Int) { run(id: $id) { ...RunState ${RESULTS} } } ${RUN}`,
  data: member('run'),
  missing: 'there is no run of this id',
}

const COMPARED = `fragment Compared on Scenario {
  ...Scenario
  circularFlowImpact {
    firstYear { year baseline { ...Flow } scenario { ...Flow } }
    endYear { year baseline { ...Flow } scenario { ...Flow } }
    assumptions { name value unit basis text }
  }
  runs(first: 1) { edges { node { ...RunState ${RESULTS} } } }
}
fragment Flow on CircularFlow { period unit Y C I G X M leakages injections gap }`

/** A comparison takes two. */
const both: Mapping = {
  of: (data) => {
    const { scenario, with: other } = data as { readonly scenario: unknown; readonly with: unknown }
    return scenario && other ? data : null
  },
  schema: (answer) => answer,
}

const compare: Route = {
  method: 'GET',
  path: '/comparisons',
  id: 'compareScenarios',
  summary:
    'Two scenarios side by side: their circular flows, and the results of their newest runs. Nothing is computed for it.',
  operation: `query CompareScenarios($scenario: ID!, $with: ID!, $variables: [String!], $every: Int) {
    scenario(id: $scenario) { ...Compared }
    with: scenario(id: $with) { ...Compared }
  } ${COMPARED} ${SCENARIO} ${RUN}`,
  data: both,
  missing: 'there are no two scenarios of these ids',
  links: (data) => {
    const { scenario, with: other } = (data ?? {}) as { readonly scenario?: unknown; readonly with?: unknown }
    return { related: scenarioLink(idOf(scenario)), with: scenarioLink(idOf(other)) }
  },
}

export const SCENARIO_ROUTES: readonly Route[] = [list, create, one, simulate, run, compare]
