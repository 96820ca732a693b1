// Uploading a model: read, checked and stored as a scenario, or refused whole; and the run of what was uploaded.

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { systemClock } from '../../infra/clock.ts'
import { silentLog } from '../../infra/log.ts'
import { PROCESS } from '../../schema/caller.ts'
import { sha256 } from '../../schema/hash.ts'
import { ask, askEntity, askForErrors } from '../../test/support/ask.ts'
import { openFleet, type TestFleet } from '../../test/support/fleet.ts'
import { openSubgraph, type Subgraph } from '../shared/subgraph.ts'
import { scenarios } from './subgraph.ts'

let fleet: TestFleet
let subgraph: Subgraph

beforeAll(async () => {
  fleet = await openFleet()
  subgraph = await openSubgraph(scenarios, {
    store: fleet.store,
    dispatch: fleet.dispatch,
    clock: systemClock,
    log: silentLog,
  })
})
afterAll(() => fleet?.close())

/** An account with interest: balance(t) = 100 (1 + rate dt)^(t / dt) by Euler's method. */
const ACCOUNT = `
name: Account
time: { start: 0, stop: 4, dt: 1, unit: year }
variables:
  rate: { constant: 0.5, unit: 1/year, doc: Interest. }
  interest: { formula: balance * rate, unit: USD/year }
  balance: { stock: 100, unit: USD, inflows: [interest] }
`

const MODEL = `name format fileName hash sourceHash outputCount set { variable value } vary { variable distribution }
  time { start stop dt steps savedTimes method unit }`
const UPLOAD = `mutation($input: UploadModelInput!) {
  uploadModel(input: $input) {
    scenario { id title draws seed year horizonYears stepsPerYear savesPerYear shocks { variable } bank { id } uploadedModel { ${MODEL} } }
    model { ${MODEL} }
    findings { severity code path message suggestion }
  }
}`

const upload = async (input: Record<string, unknown>, tenant = 'local') =>
  (await ask(subgraph, UPLOAD, { tenant, variables: { input: { text: ACCOUNT, ...input } } })).uploadModel

const refused = (input: Record<string, unknown>) =>
  askForErrors(subgraph, UPLOAD, { variables: { input: { text: ACCOUNT, ...input } } })

const codes = (findings: { code: string }[]) => findings.map(({ code }) => code)
const count = async () => (await ask(subgraph, '{ scenarios { totalCount } }')).scenarios.totalCount as number

describe('uploadModel', () => {
  it('makes a scenario of the model, with its own time and no year, horizon or bank', async () => {
    const { scenario, model, findings } = await upload({ id: 'account', fileName: 'account.yaml' })
    expect(scenario).toEqual({
      id: 'account',
      title: 'Account',
      ...{ draws: 1, seed: '1', year: null, horizonYears: null, stepsPerYear: null, savesPerYear: null },
      ...{ shocks: [], bank: null, uploadedModel: model },
    })
    expect(model).toEqual({
      name: 'Account',
      format: 'YAML',
      fileName: 'account.yaml',
      hash: expect.stringMatching(/^[0-9a-f]{64}$/),
      sourceHash: sha256(ACCOUNT),
      outputCount: 3,
      set: [],
      vary: [],
      time: { start: 0, stop: 4, dt: 1, steps: 4, savedTimes: 5, method: 'EULER', unit: 'year' },
    })
    expect(findings).toEqual([])
  })

  it('shows the scenario again as it was uploaded, with text and variables', async () => {
    const { scenario } = await ask(
      subgraph,
      `{ scenario(id: "account") { uploadedModel { name text variables(first: 2) {
        totalCount pageInfo { hasNextPage endCursor } edges { node { name kind unit doc dimensions } } } } } }`,
    )
    const { text, variables } = scenario.uploadedModel
    expect(text).toBe(ACCOUNT)
    expect(variables).toMatchObject({
      totalCount: 3,
      pageInfo: { hasNextPage: true },
      edges: [
        { node: { name: 'rate', kind: 'AUXILIARY', unit: '1/year', doc: 'Interest.', dimensions: [] } },
        { node: { name: 'interest', kind: 'FLOW', unit: 'USD/year', doc: null } },
      ],
    })
    const next = await ask(
      subgraph,
      'query($after: String) { scenario(id: "account") { uploadedModel { variables(after: $after) { edges { node { name } } pageInfo { hasNextPage } } } } }',
      { variables: { after: variables.pageInfo.endCursor } },
    )
    expect(next.scenario.uploadedModel.variables).toEqual({
      edges: [{ node: { name: 'balance' } }],
      pageInfo: { hasNextPage: false },
    })
  })

  it('is no error when made twice, and is refused under an id that is taken by another', async () => {
    await upload({ id: 'twice' })
    expect(codes((await upload({ id: 'twice' })).findings)).toEqual(['EXISTED'])
    for (const change of [{ set: [{ variable: 'rate', value: 0.1 }] }, { draws: 2 }, { dt: 0.5 }, { title: 'Other' }])
      expect(await refused({ id: 'twice', ...change })).toMatchObject([
        { code: 'ALREADY_EXISTS', detail: { path: 'input.id' } },
      ])
  })

  it('makes an id where none is given', async () => {
    expect((await upload({})).scenario.id).toMatch(/^[0-9a-z]{26}$/)
  })

  it('takes over what is changed', async () => {
    const { model, scenario } = await upload({
      ...{ method: 'RK4', start: 1, stop: 3, dt: 0.25, saveEvery: 0.5, outputs: ['BALANCE'], seed: '9' },
      set: [{ variable: 'Balance', value: 7 }],
      vary: [{ variable: 'rate', distribution: 'normal(0.5, 0.1)' }],
    })
    expect(model).toMatchObject({
      outputCount: 1,
      set: [{ variable: 'Balance', value: 7 }],
      vary: [{ variable: 'rate', distribution: 'normal(0.5, 0.1)' }],
      time: { start: 1, stop: 3, dt: 0.25, steps: 8, savedTimes: 5, method: 'RK4' },
    })
    expect(scenario).toMatchObject({ draws: 1000, seed: '9' })
  })

  it('says where draws are too few or to no purpose', async () => {
    expect(codes((await upload({ draws: 10 })).findings)).toEqual(['NOTHING_RANDOM'])
    const vary = [{ variable: 'rate', distribution: 'uniform(0, 1)' }]
    expect(codes((await upload({ draws: 1, vary })).findings)).toEqual(['ONE_DRAW'])
  })

  it('only checks on a dry run', async () => {
    const before = await count()
    const { scenario, model, findings } = await upload({ id: 'dry', dryRun: true })
    expect({ scenario, name: model.name, findings }).toEqual({ scenario: null, name: 'Account', findings: [] })
    expect(await count()).toBe(before)
    expect(await askForErrors(subgraph, '{ scenario(id: "dry") { id } }')).toMatchObject([{ code: 'NOT_FOUND' }])
  })

  it('gives the model as XMILE, changes included, which is read as the same model again', async () => {
    const query = 'mutation($input: UploadModelInput!) { uploadModel(input: $input) { model { xmile } } }'
    const set = [{ variable: 'rate', value: 0.25 }]
    const { uploadModel } = await ask(subgraph, query, { variables: { input: { text: ACCOUNT, set, dryRun: true } } })
    const { xmile } = uploadModel.model
    expect(xmile).toMatch(/<eqn>0\.25<\/eqn>/)
    const again = await upload({ text: xmile, dryRun: true })
    expect(again.model).toMatchObject({ name: 'Account', format: 'XMILE', outputCount: 3, time: { stop: 4 } })
  })

  it('has no XMILE for what XMILE cannot say, and everything else beside the error', async () => {
    const text = 'name: Static\nvariables:\n  a: 1\n  b: { formula: a + 1 }\n'
    const query =
      'mutation($input: UploadModelInput!) { uploadModel(input: $input) { model { name time { start } xmile } } }'
    const { data, errors } = await subgraph.execute({
      query,
      variables: { input: { text, dryRun: true } },
      caller: { tenant: 'local', requestId: 'test', principal: PROCESS },
    })
    expect(data).toEqual({ uploadModel: { model: { name: 'Static', time: null, xmile: null } } })
    expect(errors).toMatchObject([
      { path: ['uploadModel', 'model', 'xmile'], extensions: { code: 'CONSTRUCT_UNSUPPORTED' } },
    ])
  })

  it('is told from the file of another tenant, whose scenario, text and model are not found', async () => {
    const secret = `${ACCOUNT}# tenant-a\n`
    const { model } = await upload({ id: 'secret', text: secret }, 'tenant-a')
    const errors = await askForErrors(subgraph, '{ scenario(id: "secret") { id } }', { tenant: 'tenant-b' })
    expect(errors).toMatchObject([{ code: 'NOT_FOUND' }])
    for (const hash of [model.hash, model.sourceHash])
      await expect(fleet.dispatch.loadBlob('tenant-b', hash)).rejects.toMatchObject({ code: 'NOT_FOUND' })
  })
})

describe('a faulty upload', () => {
  const line = (equation: string) => ACCOUNT.replace('balance * rate', equation)

  it.each([
    ['a name that is not there', { text: line('balanse * rate') }, 'MODEL_INVALID', { line: 6, suggestion: /balance/ }],
    [
      'a formula that breaks off',
      { text: line('balance *') },
      'MODEL_INVALID',
      { line: 6, expected: expect.anything() },
    ],
    ['a unit that does not fit', { text: line('balance + rate') }, 'MODEL_INVALID', { path: 'interest' }],
    ['a text that is no model', { text: 'hello' }, 'MODEL_INVALID', { line: 1 }],
    ['a text that is no XML', { text: '<xmile><model>', format: 'XMILE' }, 'MODEL_INVALID', {}],
    [
      'a variable to set that is not there',
      { set: [{ variable: 'rat', value: 1 }] },
      'BAD_INPUT',
      { path: 'input.set.rat', suggestion: /rate/ },
    ],
    [
      'a variable to set that is like none',
      { set: [{ variable: 'oil', value: 1 }] },
      'BAD_INPUT',
      { path: 'input.set.oil', suggestion: /^it has rate, interest, balance$/ },
    ],
    [
      'a variable to vary that is not there',
      { vary: [{ variable: 'rat', distribution: 'normal(0, 1)' }] },
      'BAD_INPUT',
      { path: 'input.vary.rat', suggestion: /rate/ },
    ],
    [
      'a distribution that is none',
      { vary: [{ variable: 'rate', distribution: 'nomal(0, 1)' }] },
      'BAD_INPUT',
      { path: 'input.vary.rate', suggestion: /normal/ },
    ],
    [
      'an output that is not there',
      { outputs: ['balanse'] },
      'BAD_INPUT',
      { path: 'input.outputs.balanse', suggestion: /balance/ },
    ],
    ['a step of nothing', { dt: 0 }, 'BAD_INPUT', { path: 'input.dt' }],
    ['a stop before the start', { stop: -1 }, 'BAD_INPUT', { path: 'input.stop' }],
    ['more steps than a worker is kept for', { dt: 1e-9 }, 'LIMIT_EXCEEDED', { path: 'input.dt' }],
    [
      'more values than are kept',
      { dt: 1 / 1024, stop: 1024 },
      'LIMIT_EXCEEDED',
      { path: 'input.outputs', suggestion: /save every/ },
    ],
    [
      'an input without a value',
      { text: ACCOUNT.replace('constant: 0.5', 'input:') },
      'BAD_INPUT',
      { path: 'input.set', variable: 'rate' },
    ],
    ['an empty text', { text: '' }, 'BAD_INPUT', { path: 'input.text' }],
    ['no draws', { draws: 0 }, 'BAD_INPUT', { path: 'input.draws' }],
    ['a seed that is none', { seed: 'x' }, 'BAD_INPUT', { path: 'input.seed' }],
    ['an id that is none', { id: 'No Slug' }, 'BAD_INPUT', { path: 'input.id' }],
  ])('with %s changes nothing and says so', async (_, input, code, detail) => {
    const before = await count()
    const [error] = await refused(input)
    expect(error?.code, error?.message).toBe(code)
    for (const [key, value] of Object.entries(detail)) {
      if (value instanceof RegExp) expect(error?.detail[key]).toMatch(value)
      else expect(error?.detail).toMatchObject({ [key]: value })
    }
    expect(await count()).toBe(before)
  })
})

describe('the run of an uploaded model', () => {
  const RUN = 'run { id status kind lanes provenance { bankVersion dataVersions } }'
  /** What the planner sends: other subgraphs have nothing to say of it. */
  const planned = (id: string) => ({ __typename: 'Scenario', id, model: null, macroPath: null })
  const results = async (id: string) => {
    const { run } = await askEntity(subgraph, planned(id), RUN)
    await fleet.dispatch.settled('local', run.id)
    const query =
      'query($id: ID!) { run(id: $id) { status scenario { id } results { times timeUnit draws columns { variable unit mean sd p05 p95 } } } }'
    return { asked: run, ...(await ask(subgraph, query, { variables: { id: run.id } })).run }
  }

  it('is of this model alone, in its own time, with its values bit for bit', async () => {
    const { model } = await upload({ id: 'exact' })
    const run = await results('exact')
    expect(run).toMatchObject({ status: 'SUCCEEDED', scenario: { id: 'exact' } })
    expect(run.asked).toMatchObject({
      ...{ kind: 'SIMULATION', lanes: 1 },
      provenance: { bankVersion: null, dataVersions: [model.hash, model.sourceHash] },
    })
    const { times, timeUnit, draws, columns } = run.results
    expect({ times, timeUnit, draws }).toEqual({ times: [0, 1, 2, 3, 4], timeUnit: 'year', draws: 1 })
    const balance = [100, 150, 225, 337.5, 506.25]
    expect(columns).toContainEqual({
      ...{ variable: 'balance', unit: 'USD' },
      ...{ mean: balance, p05: balance, p95: balance, sd: [0, 0, 0, 0, 0] },
    })
  })

  it('gives the value itself where one draw gives an odd number', async () => {
    await upload({
      id: 'odd',
      set: [
        { variable: 'balance', value: 0.1 + 0.2 },
        { variable: 'rate', value: 0 },
      ],
    })
    const { columns } = (await results('odd')).results
    const { mean } = columns.find(({ variable }: { variable: string }) => variable === 'balance')
    expect(mean).toEqual([0.1 + 0.2, 0.1 + 0.2, 0.1 + 0.2, 0.1 + 0.2, 0.1 + 0.2])
  })

  it('is the same run when asked for again, and a second upload shares its result', async () => {
    await upload({ id: 'shared-a' })
    await upload({ id: 'shared-b' })
    const first = await results('shared-a')
    expect((await askEntity(subgraph, planned('shared-a'), RUN)).run.id).toBe(first.asked.id)
    const { run } = await askEntity(subgraph, planned('shared-b'), 'run { id cached }')
    expect(run.cached).toBe(true)
    expect(run.id).not.toBe(first.asked.id)
  })

  it('draws what is varied', async () => {
    await upload({ id: 'varied', draws: 500, vary: [{ variable: 'rate', distribution: 'uniform(0.4, 0.6)' }] })
    const { draws, columns } = (await results('varied')).results
    expect(draws).toBe(500)
    const rate = columns.find(({ variable }: { variable: string }) => variable === 'rate')
    expect(rate.mean[0]).toBeCloseTo(0.5, 2)
    expect(rate.p05[0]).toBeGreaterThan(0.4)
    expect(rate.p95[0]).toBeLessThan(0.6)
  })

  it('saves every element of an array by its name', async () => {
    const text = `
name: Regions
time: { start: 0, stop: 1, dt: 1, unit: year }
dimensions: { region: [North East, South] }
variables:
  growth: { formula: { North East: 0.1, South: 0.2 }, dimensions: [region] }
`
    const { model } = await upload({ id: 'regions', text })
    expect(model.outputCount).toBe(2)
    const { columns } = (await results('regions')).results
    expect(columns.map(({ variable, mean }: { variable: string; mean: number[] }) => [variable, mean])).toEqual([
      ['growth[North East]', [0.1, 0.1]],
      ['growth[South]', [0.2, 0.2]],
    ])
  })

  it('has a time without unit, and one value each, where the model has no time', async () => {
    await upload({ id: 'static', text: 'name: Static\nvariables:\n  a: 1\n  b: { formula: a + 1 }\n' })
    const { times, timeUnit, columns } = (await results('static')).results
    expect({ times, timeUnit }).toEqual({ times: [0], timeUnit: '' })
    expect(columns).toMatchObject([{ mean: [1] }, { mean: [2] }])
  })

  it('tells variable, draw and time where it has no number to give', async () => {
    const text = ACCOUNT.replace('balance * rate', 'sqrt(100 - balance) * rate').replaceAll(/, unit: [^ ,}]*/g, '')
    await upload({
      id: 'broken',
      text: text.replace('dt: 1 }', 'dt: 1, unit: year }'),
      set: [{ variable: 'balance', value: 200 }],
    })
    const { run } = await askEntity(subgraph, planned('broken'), RUN)
    await expect(fleet.dispatch.settled('local', run.id)).rejects.toMatchObject({ code: 'NOT_A_NUMBER' })
    const query = 'query($id: ID!) { run(id: $id) { status results { draws } error { code message detail } } }'
    const { run: failed } = await ask(subgraph, query, { variables: { id: run.id } })
    expect(failed).toMatchObject({ status: 'FAILED', results: null, error: { code: 'NOT_A_NUMBER' } })
    expect(failed.error.message).toMatch(/interest/)
    expect(failed.error.detail).toMatchObject({ draw: 1, time: 0 })
  })

  it('counts draws from 1: as many as are said to fail do, and one less does not', async () => {
    const text = 'name: Root\nvariables:\n  x: { random: "uniform(0, 1)" }\n  root: { formula: sqrt(x - 0.01) }\n'
    const run = async (draws: number) => {
      await upload({ id: `root-${draws}`, text, draws })
      const { run } = await askEntity(subgraph, planned(`root-${draws}`), RUN)
      return fleet.dispatch.settled('local', run.id).then(
        () => undefined,
        () => ask(subgraph, `{ run(id: "${run.id}") { error { message detail } } }`),
      )
    }
    const { error } = (await run(1000)).run
    expect(error.message).toBe(`root is not a finite number in draw ${error.detail.draw} at time 0`)
    expect(error.detail).toMatchObject({
      output: 'root',
      time: 0,
      suggestion: expect.stringMatching(/root of a negative/),
    })
    expect(await run(error.detail.draw)).toBeDefined()
    expect(await run(error.detail.draw - 1)).toBeUndefined()
  })

  it('saves an array once of which an element is named too', async () => {
    const text = 'name: Two\ndimensions: { d: [a, b] }\nvariables:\n  x: { formula: 1, dimensions: [d] }\n'
    const { model } = await upload({ id: 'named-twice', text, outputs: ['x', 'X[b]', 'x[ a ]'] })
    expect(model.outputCount).toBe(2)
    const { columns } = (await results('named-twice')).results
    expect(columns.map(({ variable }: { variable: string }) => variable)).toEqual(['x[a]', 'x[b]'])
  })

  it('is submitted by runScenario as that of a network is', async () => {
    await upload({ id: 'again' })
    const { runScenario } = await ask(
      subgraph,
      'mutation { runScenario(input: { scenarioId: "again" }) { findings { code } } }',
    )
    expect(runScenario.findings).toEqual([])
  })
})
