// The example files: each works as its first lines and examples/README.md say.
import { execFile } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { ask, type GraphClient, httpClient } from '../../cli/client.ts'
import { builtFile, packageFile } from '../../infra/paths.ts'
import { startCommand } from '../support/command.ts'
import { type ServerProcess, startServer } from '../support/server-process.ts'

const directory = mkdtempSync(join(tmpdir(), 'quesnay-examples-'))
let server: ServerProcess
let client: GraphClient

beforeAll(async () => {
  server = await startServer([], { QUESNAY_DATA: directory })
  client = httpClient(server.url)
})
afterAll(async () => {
  await server?.interrupt()
  rmSync(directory, { recursive: true, force: true })
})

const quesnay = (...args: string[]) => startCommand(args, { QUESNAY_DATA: directory }).ended
const readme = readFileSync(packageFile('examples', 'README.md'), 'utf8')

it('are all named in the README', () => {
  const files = readdirSync(packageFile('examples'), { withFileTypes: true })
  for (const file of files.filter((entry) => entry.isFile() && entry.name !== 'README.md'))
    expect(readme).toContain(`(${file.name})`)
})

describe('first-query.graphql', () => {
  it('is answered whole: no error, and nothing null', async () => {
    const text = readFileSync(packageFile('examples', 'first-query.graphql'), 'utf8')
    const { economy, ...rest } = await ask<Record<string, object>>(client, text)
    expect(economy).toMatchObject({ name: 'United States' })
    expect(JSON.stringify({ economy, ...rest })).not.toMatch(/null|\[\]/)
  })
})

describe('flagship.graphql', () => {
  it('is asked and answered step by step, as the README says', async () => {
    const file = packageFile('examples', 'flagship.graphql')
    const asked = await quesnay('query', file, '--operation', 'Ask', '--variables', '{"draws":64}')
    const { data } = JSON.parse(asked.out) as { data: { createScenario: { scenario: { run: { id: string } } } } }
    const { id } = data.createScenario.scenario.run
    const answered = await quesnay('query', file, '--operation', 'Answer', '--variables', JSON.stringify({ run: id }))
    expect(answered.code).toBe(0)
    expect(JSON.parse(answered.out.trim().split('\n').at(-1)!)).toMatchObject({
      data: { runUpdated: { id, status: 'SUCCEEDED', scenario: { netTaxChange: { units: 1000 } } } },
    })
  })
})

describe('population.graphql', () => {
  const file = packageFile('examples', 'population.graphql')

  it('is asked without a finding, and answered as docs/impact.md shows', async () => {
    const asked = await quesnay('query', file, '--operation', 'Ask')
    const { data } = JSON.parse(asked.out) as { data: Record<string, { findings: unknown[]; run?: { id: string } }> }
    expect(Object.values(data).flatMap(({ findings }) => findings)).toEqual([])
    const variables = JSON.stringify({ run: data['runPopulation']!.run!.id })
    const answered = await quesnay('query', file, '--operation', 'Answer', '--variables', variables)
    const [, shown] = /```json\n([\s\S]*?)```/.exec(readFileSync(packageFile('docs', 'impact.md'), 'utf8'))!
    expect(JSON.parse(answered.out.trim().split('\n').at(-1)!)).toEqual({
      data: { runUpdated: { status: 'SUCCEEDED', error: null, populationImpact: JSON.parse(shown!) } },
      extensions: { cursor: expect.any(String) },
    })
  })
})

describe('household.graphql', () => {
  const file = packageFile('examples', 'household.graphql')
  const answer = async (operation: string) => {
    const { code, out } = await quesnay('query', file, '--operation', operation)
    expect(code).toBe(0)
    return (JSON.parse(out) as { data: Record<string, Record<string, unknown>> }).data
  }

  it('tells of a family what it pays and gets, and how that came about', async () => {
    const { household } = await answer('Family')
    const variables = household!['variables'] as { name: string; value: number }[]
    expect(Object.fromEntries(variables.map(({ name, value }) => [name, value]))).toEqual({
      // 57,000 - 32,200, all of it in the first bracket; 2 * 2,200 of credit.
      'taxable income': 24_800,
      'child tax credit total': 4400,
      // 7,316 - 0.2106 * (57,000 - 23,890 - 7,270)
      'earned income credit': expect.closeTo(1874.096, 9),
      'income tax': expect.closeTo(2480 - 4400 - 1874.096, 9),
      'employee payroll tax': expect.closeTo(4360.5, 9),
      'net income': expect.closeTo(56_433.596, 9),
    })
    expect(household).toMatchObject({
      // The second bracket, payroll tax, and the end of the earned income credit.
      marginalRate: { rate: expect.closeTo(0.12 + 0.0765 + 0.2106, 6), step: 1, per: 'WAGES' },
      nextThousand: { rate: expect.closeTo(0.4071, 6), step: 1000 },
      effectiveRate: { rate: expect.closeTo(1 - 56_433.596 / 57_000, 9) },
      curve: { x: { length: 11, 10: 100_000 } },
      runs: { length: 1, 0: { kind: 'CALCULATION', status: 'SUCCEEDED' } },
      cliffs: { cliffs: { length: 4, 0: { at: 391_000, programmes: [{ change: -50 }] } } },
    })
    const trace = household!['trace'] as { name: string; operands: { name: string; parameter: object | null }[] }[]
    const limit = trace.find(({ name }) => name === 'earned income credit limit')
    expect(limit?.operands).toContainEqual(
      expect.objectContaining({
        name: 'earned income credit phase out start[two]',
        value: 23_890,
        parameter: expect.objectContaining({ valueFrom: '2026-01-01' }),
      }),
    )
    expect(JSON.stringify(household)).not.toMatch(/\[\]/)
  })

  it('tells what a reform of one figure changes for another', async () => {
    await answer('LargerCredit')
    const { household } = await answer('Reformed')
    expect(household).toMatchObject({
      reform: { title: 'A child tax credit of 3,000' },
      change: [
        { name: 'net income', value: expect.closeTo(1600, 9) },
        { name: 'child tax credit', value: 1600 },
      ],
    })
    expect(JSON.stringify(household!['trace'])).toContain('"reformed":true')
  })
})

describe('scenario.yaml', () => {
  it('runs with its reform, in its economy, with its portfolio', async () => {
    const { code, out } = await quesnay('run', packageFile('examples', 'scenario.yaml'), '--json')
    expect(code).toBe(0)
    const run = JSON.parse(out) as { status: string; scenario: { id: string }; results: { draws: number } }
    const file = parse(readFileSync(packageFile('examples', 'scenario.yaml'), 'utf8')) as Record<string, unknown>
    expect(run).toMatchObject({ status: 'SUCCEEDED', results: { draws: file['draws'] } })
    const { scenario } = await ask<{ scenario: object }>(
      client,
      `query ($id: ID!) { scenario(id: $id) {
        title economy { id } bank { id } portfolio { id } year seed
        reform { title changes { parameter { id } from values unit } }
        netTaxChange { fraction } portfolioImpact { maxLoss }
      } }`,
      { id: run.scenario.id },
    )
    expect(scenario).toMatchObject({
      title: file['title'],
      economy: { id: 'USA' },
      bank: { id: 'us-health@1.0.0' },
      portfolio: { id: 'balanced-demo' },
      year: 2025,
      seed: '1',
      reform: { changes: [{ parameter: { id: 'us.federal.income_tax.brackets.7.rate' }, from: '2025-01-01' }] },
    })
    const { netTaxChange, portfolioImpact } = scenario as Record<string, Record<string, number>>
    expect(netTaxChange!['fraction']).toBeGreaterThan(0)
    expect(portfolioImpact!['maxLoss']).toBeGreaterThan(0)
  })
})

describe('models', () => {
  const models = readdirSync(packageFile('examples', 'models')).map((name) => {
    const text = readFileSync(packageFile('examples', 'models', name), 'utf8')
    return { name, command: /^#.* quesnay (run examples\/models\/.+)$/m.exec(text)?.[1]?.trim() }
  })
  const runnable = models.filter(({ command }) => command !== undefined)

  it.each(runnable)('$name runs as its first line says', async ({ command }) => {
    const [run = '', file = '', ...options] = command!.split(' ')
    const { code, out, err } = await quesnay(run, packageFile(...file.split('/')), ...options)
    expect(err).toBe('')
    expect(code).toBe(0)
    expect(out).toMatch(/verify with/)
  })

  it('of data, which a scenario has none of, are said to need it', async () => {
    const needy = models.filter(({ command }) => command === undefined)
    expect(needy.length).toBeGreaterThan(0)
    for (const { name } of needy) {
      const { code, err } = await quesnay('run', packageFile('examples', 'models', name))
      expect(code).toBe(1)
      expect(err).toMatch(/^quesnay: CONSTRUCT_UNSUPPORTED: .*column of data/)
    }
  })

  it('are run as README shows, with the table that it shows', async () => {
    const shown = readFileSync(packageFile('README.md'), 'utf8')
    const [, table] = /```text\n([\s\S]*?)```/.exec(shown) ?? []
    const { out } = await quesnay('run', packageFile('examples', 'models', 'sir.yaml'))
    expect(out).toContain(table)
  })
})

describe('subscribe.ts', () => {
  const subscribe = (id: string) =>
    promisify(execFile)(process.execPath, [builtFile('examples', 'subscribe.js'), id, `${server.url}graphql`])

  it('is a client of about 30 lines', () => {
    const lines = readFileSync(packageFile('examples', 'subscribe.ts'), 'utf8').trim().split('\n')
    expect(lines.length).toBeLessThan(40)
  })

  it('prints each state of a run, and where the variables ended', async () => {
    const { createScenario } = await ask<{ createScenario: { scenario: { run: { id: string } } } }>(
      client,
      'mutation ($input: CreateScenarioInput!) { createScenario(input: $input) { scenario { run { id } } } }',
      { input: { title: 'Watched', economyId: 'USA', bankId: 'us-health@1.0.0', draws: 2000, seed: '7' } },
    )
    const { id } = createScenario.scenario.run
    const { stdout } = await subscribe(id)
    const { run } = await ask<{ run: { resultHash: string } }>(
      client,
      '{ run(id: "$") { resultHash } }'.replace('$', id),
    )
    expect(stdout).toMatch(/^[A-Z]+ \d+ % /)
    expect(stdout).toContain(`SUCCEEDED 100 % ${run.resultHash}\n`)
    expect(stdout.match(/^ {2}\w+ -?[\de.-]+ SD$/gm)!.length).toBeGreaterThan(40)
  })

  it('says that there is no such run', async () => {
    await expect(subscribe('none')).rejects.toMatchObject({ code: 1, stderr: 'no run "none"\n' })
  })
})
