// The command line as people use it: every command as a process, against a server that it finds by the data directory.
import { once } from 'node:events'
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ask, type GraphClient, httpClient } from '../../cli/client.ts'
import { packageFile } from '../../infra/paths.ts'
import { type Ended, startCommand } from '../support/command.ts'
import { type ServerProcess, startServer } from '../support/server-process.ts'
import { lacksSharedData, sharedData } from '../support/shared-data.ts'

const directory = mkdtempSync(join(tmpdir(), 'quesnay-cli-'))
const environment = { QUESNAY_DATA: join(directory, 'data') }
let server: ServerProcess
let client: GraphClient

beforeAll(async () => {
  server = await startServer([], environment)
  client = httpClient(server.url)
})
afterAll(async () => {
  await server?.interrupt()
  rmSync(directory, { recursive: true, force: true })
})

const start = (...args: string[]) => startCommand(args, environment)
const quesnay = (...args: string[]) => start(...args).ended
const typing = (input: string, ...args: string[]) => startCommand(args, environment, input).ended
const example = (name: string) => packageFile('examples', name)

/** Writes a file for a command to read; returns its path. */
function written(name: string, text: string): string {
  const path = join(directory, name)
  mkdirSync(join(path, '..'), { recursive: true })
  writeFileSync(path, text)
  return path
}

/** The one line that a command failed with. */
function failure({ code, err }: Ended): string {
  expect(code).toBe(1)
  expect(err.trim().split('\n')).toHaveLength(1)
  return err.trim()
}

const idsOf = async (field: string) => {
  const { list } = await ask<{ list: { edges: { node: { id: string } }[] } }>(
    client,
    `{ list: ${field} { edges { node { id } } } }`,
  )
  return list.edges.map(({ node }) => node.id)
}

describe('quesnay', () => {
  it('lists its commands and the environment variables with --help', async () => {
    const [general, serve] = await Promise.all([quesnay('--help'), quesnay('serve', '--help')])
    for (const { code, out } of [general, serve]) {
      expect(code).toBe(0)
      for (const name of ['QUESNAY_DATA', 'QUESNAY_PORT', 'DATABASE_URL', 'NATS_URL', 'QUESNAY_LOG'])
        expect(out).toContain(name)
    }
    for (const name of ['serve', 'worker', 'subgraph', 'gateway', 'demo', 'import', 'run', 'query'])
      expect(general.out).toMatch(new RegExp(`^  ${name}\\b`, 'm'))
  })

  it('answers --version with the version of the package', async () => {
    expect((await quesnay('--version')).out).toMatch(/^\d+\.\d+\.\d+\n$/)
  })

  it.concurrent.each([
    ['an unknown command', ['qurey'], 'BAD_INPUT', 'Did you mean query?'],
    ['an unknown option', ['query', 'x', '--varables', '{}'], 'BAD_INPUT', '--variables'],
    ['an option without a number', ['demo', '--draws', 'many'], 'BAD_INPUT', 'whole number'],
    ['a missing argument', ['import', 'series'], 'BAD_INPUT', "'path'"],
    ['an unknown subgraph', ['subgraph', 'portfolio'], 'BAD_INPUT', 'did you mean "portfolios"?'],
    ['a missing argument of a command below', ['tenant', 'set'], 'BAD_INPUT', 'quesnay tenant set --help'],
    ['workers without services', ['serve', '--workers', '3'], 'BAD_INPUT', 'add --services'],
    ['a worker without its backends', ['worker'], 'CONFIG_INVALID', 'DATABASE_URL and NATS_URL'],
    ['a list of workers without a bus', ['worker', 'list'], 'CONFIG_INVALID', 'quesnay top'],
    ['run without a scenario', ['run'], 'BAD_INPUT', '--verify RUN_ID'],
    ['a missing scenario file', ['run', 'none.yaml'], 'BAD_INPUT', 'none.yaml'],
    ['an unknown scenario', ['run', 'none'], 'NOT_FOUND', '"none"'],
    ['an unknown run', ['run', '--verify', 'none'], 'NOT_FOUND', '"none"'],
    ['zero draws', ['demo', '--draws', '0'], 'BAD_INPUT', 'draws'],
    ['a missing operation file', ['query', 'none.graphql'], 'BAD_INPUT', 'none.graphql'],
    ['a folder for a file', ['query', 'examples'], 'BAD_INPUT', 'folder'],
    ['variables that are no JSON', ['query', example('first-query.graphql'), '--variables', '{'], 'BAD_INPUT', 'JSON'],
    ['an unknown kind of import', ['import', 'serie', 'x.csv'], 'BAD_INPUT', 'did you mean "series"?'],
    ['an endpoint that is no URL', ['query', example('first-query.graphql'), '--endpoint', 'host'], 'BAD_INPUT', 'URL'],
  ])('fails on %s with one line, a code and a hint, and one JSON object with --json', async (_, args, code, says) => {
    const [plain, json] = await Promise.all([quesnay(...args), quesnay(...args, '--json')])
    const line = failure(plain)
    expect(line).toMatch(new RegExp(`^quesnay: ${code}: .+ \\(.+\\)$`))
    expect(line).toContain(says)
    const { error } = JSON.parse(failure(json)) as { error: Record<string, unknown> }
    expect(error).toMatchObject({ code, message: expect.any(String), hint: expect.any(String) })
  })

  it('says in one line that nothing answers at --endpoint', async () => {
    const nowhere = ['query', example('first-query.graphql'), '--endpoint', 'http://127.0.0.1:1']
    expect(failure(await quesnay(...nowhere))).toMatch(/^quesnay: SUBGRAPH_UNAVAILABLE: .+127\.0\.0\.1:1.+\(.+\)$/)
  })

  it('says in one line that something else answers at --endpoint', async () => {
    const elsewhere = ['query', example('first-query.graphql'), '--endpoint', `${server.url}health`]
    expect(failure(await quesnay(...elsewhere))).toMatch(/^quesnay: BAD_INPUT: .+\/health/)
  })

  it('lists every faulty environment variable and starts nothing', async () => {
    const faulty = { ...environment, QUESNAY_PORT: 'http', QUESNAY_THREADS: '0' }
    const line = failure(await startCommand(['serve'], faulty).ended)
    expect(line).toMatch(/^quesnay: CONFIG_INVALID: .*QUESNAY_PORT.*QUESNAY_THREADS/)
  })
})

describe('quesnay serve', () => {
  it('says who holds the data directory when it is held, and leaves that server alone', async () => {
    const second = await startCommand(['serve'], { ...environment, QUESNAY_PORT: '0' }).ended
    expect(failure(second)).toContain(
      `DATA_DIRECTORY_HELD: ${environment.QUESNAY_DATA} is held by process ${server.child.pid}`,
    )
    expect((await fetch(`${server.url}ready`)).status).toBe(200)
  })
})

describe('quesnay query', () => {
  const byId = 'query ById($id: ID!) { parameter(id: $id) { id unit } }'
  const id = 'us.federal.income_tax.brackets.7.rate'

  it('finds the running server by itself and prints the answer', async () => {
    const { code, out, err } = await quesnay('query', example('first-query.graphql'))
    expect(err).toBe('')
    expect(code).toBe(0)
    expect(JSON.parse(out)).toMatchObject({
      data: { economy: { name: 'United States' }, parameter: expect.anything() },
    })
  })

  it('takes variables inline and from a file, and the operation from standard input', async () => {
    const file = written('by-id.graphql', byId)
    const variables = written('variables.json', JSON.stringify({ id }))
    const answers = await Promise.all([
      quesnay('query', file, '--json', '--variables', JSON.stringify({ id })),
      quesnay('query', file, '--json', '--variables', `@${variables}`),
      typing(byId, 'query', '-', '--json', '--variables', JSON.stringify({ id })),
    ])
    for (const { code, out } of answers) {
      expect(code).toBe(0)
      expect(out).toBe(`${JSON.stringify({ data: { parameter: { id, unit: 'fraction' } } })}\n`)
    }
  })

  it('wants --operation where the file holds several, and names them', async () => {
    const both = written('both.graphql', '{ runs { totalCount } }'.replace('{', 'query One {') + byId)
    expect(failure(await quesnay('query', both))).toMatch(/--operation: One, ById/)
    expect(failure(await quesnay('query', both, '--operation', 'Onne'))).toContain('did you mean "One"?')
    expect((await quesnay('query', both, '--operation', 'One')).code).toBe(0)
  })

  it('names line and column of a malformed operation', async () => {
    const broken = written('broken.graphql', 'query Broken {\n  economy(id: "USA" { name }\n}')
    expect(failure(await quesnay('query', broken))).toMatch(/BAD_INPUT: line 2, column 21: Syntax Error/)
  })

  it('prints an answer with errors, and its first error as every other', async () => {
    const { out, ...rest } = await typing('{ parameter(id: "none") { id } }', 'query', '-')
    expect(JSON.parse(out)).toMatchObject({ data: { parameter: null }, errors: [{ path: ['parameter'] }] })
    expect(failure({ out, ...rest })).toMatch(/^quesnay: NOT_FOUND: .*none/)
  })

  it('names line and column of the file, however it is written and whatever else it holds', async () => {
    const short = await typing('{ parametr(id: "none") { id } }', 'query', '-')
    expect(failure(short)).toMatch(/BAD_INPUT: line 1, column 3: .*Did you mean "parameter"/)
    const several =
      'query One { runs { totalCount } }\n\nquery Two { runs { ...Total } } fragment Total on RunConnection { count }'
    const second = await typing(several, 'query', '-', '--operation', 'Two')
    expect(failure(second)).toMatch(/BAD_INPUT: line 3, column 67: Cannot query field "count"/)
  })

  it('ends without complaint when nobody reads on', async () => {
    const { child, ended } = start('query', example('first-query.graphql'))
    child.stdout?.destroy()
    expect(await ended).toEqual({ code: 0, out: '', err: '' })
  })
})

describe('quesnay run', () => {
  const scenario = (draws: number, more = '') =>
    written(`scenario-${draws}.yaml`, `title: Short\neconomyId: USA\nbankId: us-health@1.0.0\ndraws: ${draws}\n${more}`)
  const shock = 'shocks: [{ variable: unemployment_rate, value: 1 }]\n'
  interface Ran {
    readonly id: string
    readonly status: string
    readonly resultHash: string
    readonly scenario: { readonly id: string }
    readonly results: { readonly columns: { readonly variable: string }[] }
  }

  it('runs a scenario file and prints a table, fans, the run and how to verify it', async () => {
    const { code, out, err } = await quesnay('run', scenario(32, shock))
    expect(err).toBe('')
    expect(code).toBe(0)
    expect(out).toContain('32 draws, 10 years')
    expect(out).toMatch(/^alcohol_induced_mortality +SD +[-\d.e]+ /m)
    expect(out).toMatch(/median +[▁▂▃▄▅▆▇█]{20,}/)
    expect(out).toMatch(/input hash +[0-9a-f]{64}\nresult hash +[0-9a-f]{64}/)
    expect(out).toMatch(/verify with +quesnay run --verify \w+\n$/)
  })

  it('gives the same result by file, by id and cut into shards, and verifies it', async () => {
    const file = scenario(80, shock)
    const chosen = ['--variables', 'alcohol_abstinence,binge_drinking']
    const first = JSON.parse((await quesnay('run', file, '--json', '--shards', '4', ...chosen)).out) as Ran
    expect(first.status).toBe('SUCCEEDED')
    expect(first.results.columns.map(({ variable }) => variable)).toEqual(['alcohol_abstinence', 'binge_drinking'])
    const [byId, byFile, verified, told] = await Promise.all([
      quesnay('run', first.scenario.id, '--json'),
      quesnay('run', file, '--json', ...chosen),
      quesnay('run', '--verify', first.id, '--json'),
      quesnay('run', '--verify', first.id),
    ])
    expect((JSON.parse(byId.out) as Ran).id).toBe(first.id)
    expect((JSON.parse(byFile.out) as Ran).resultHash).toBe(first.resultHash)
    expect(verified.code).toBe(0)
    expect(JSON.parse(verified.out)).toEqual({
      run: first.id,
      stored: first.resultHash,
      recomputed: first.resultHash,
      verified: true,
    })
    expect(told.out).toContain('equal: verified')
  })

  it.each([
    ['a file that is no YAML', 'a: [', /BAD_INPUT: .+ is not YAML: .+line 1/],
    ['a file that holds a list', '- a', /BAD_INPUT: .+ does not hold one object/],
    ['a member that is unknown', 'title: T\ndrawz: 3', /BAD_INPUT: .*drawz/],
    [
      'an unknown variable of a shock',
      'title: T\nbankId: us-health@1.0.0\nshocks: [{ variable: x, value: 1 }]',
      /BAD_INPUT: .*x/,
    ],
    ['a scenario without a bank', 'title: T\neconomyId: USA', /BAD_INPUT: .*bank/],
  ])('names the fault of %s', async (_, text, says) => {
    expect(failure(await quesnay('run', written('faulty.yaml', text)))).toMatch(says)
  })

  it('names the variables there are when asked for one that is not', async () => {
    expect(failure(await quesnay('run', scenario(32, shock), '--variables', 'binge_drinkin'))).toContain(
      'binge_drinking',
    )
  })

  const newest = async () => {
    const query = '{ runs(first: 1, kind: SIMULATION) { edges { node { id status lanes } } } }'
    const { runs } = await ask<{ runs: { edges: { node: { id: string; status: string; lanes: number } }[] } }>(
      client,
      query,
    )
    return runs.edges[0]!.node
  }
  /** So many steps of integration that it cannot end before it is cancelled. */
  const LONG = 'horizonYears: 100\nstepsPerYear: 365\nsavesPerYear: 1\n'

  it('cancels the run on Ctrl-C and ends with code 130', async () => {
    const { child, ended } = start('run', scenario(1999, LONG))
    await expect.poll(newest, { timeout: 20_000 }).toMatchObject({ lanes: 1999, status: 'RUNNING' })
    child.kill('SIGINT')
    const { code, out, err } = await ended
    expect(code).toBe(130)
    expect(out).toBe('')
    expect(err).toMatch(/^quesnay: RUN_CANCELLED: run \w+ was cancelled \(.+\)\n$/)
    expect(await newest()).toMatchObject({ lanes: 1999, status: 'CANCELLED' })
  })

  it('is told, with the same code, when somebody else cancels it; a subscription to it ends on Ctrl-C alone', async () => {
    const { ended } = start('run', scenario(1998, LONG), '--json')
    await expect.poll(newest, { timeout: 20_000 }).toMatchObject({ lanes: 1998, status: 'RUNNING' })
    const { id } = await newest()
    const watch = written('watch.graphql', 'subscription ($id: ID!) { runUpdated(id: $id) { status } }')
    const watching = start('query', watch, '--variables', JSON.stringify({ id }))
    await once(watching.child.stdout!, 'data')
    watching.child.kill('SIGINT')
    expect((await watching.ended).code).toBe(130)
    expect(await newest()).toMatchObject({ status: 'RUNNING' })

    await ask(client, 'mutation ($id: ID!) { cancelRun(input: { id: $id }) { run { id } } }', { id })
    const { code, err } = await ended
    expect(code).toBe(130)
    expect(JSON.parse(err)).toMatchObject({ error: { code: 'RUN_CANCELLED', detail: { run: id } } })
  })
})

describe('quesnay demo', () => {
  it('prints one JSON object with the whole answer', async () => {
    const { code, out, err } = await quesnay('demo', '--json', '--draws', '64')
    expect(err).toBe('')
    expect(code).toBe(0)
    expect(JSON.parse(out)).toMatchObject({
      status: 'SUCCEEDED',
      results: { draws: 64 },
      scenario: { populationRun: { populationImpact: { units: 1000 } }, portfolioImpact: { currency: 'USD' } },
    })
  })

  it('prints tables, a fan chart and the run', async () => {
    const { code, out } = await quesnay('demo', '--draws', '64')
    expect(code).toBe(0)
    for (const part of ['1000 example tax units', 'circular flow', 'mechanism network', 'portfolio', 'result hash'])
      expect(out).toContain(part)
  })

  it('follows a subscription with query, one line for each answer', async () => {
    const [run] = await idsOf('runs(first: 1, kind: SIMULATION, status: SUCCEEDED)')
    const { code, out } = await quesnay(
      ...['query', example('flagship.graphql'), '--operation', 'Answer'],
      ...['--variables', JSON.stringify({ run })],
    )
    expect(code).toBe(0)
    const lines = out.trim().split('\n')
    expect(lines.length).toBeGreaterThan(0)
    expect(JSON.parse(lines.at(-1)!)).toMatchObject({ data: { runUpdated: { id: run, status: 'SUCCEEDED' } } })
  })
})

describe('quesnay import mechanisms', () => {
  const bank = (id: string, to: string) => `
format: quesnay-mechanism-bank/1
name: ${id}
version: 1.0.0
title: Two nodes
nodes:
  - { id: wages, name: Wages, unit: SD, initial: 0 }
  - { id: health, name: Health, unit: SD, initial: 0, decay_per_year: 0.5 }
mechanisms:
  - { id: wages_to_health, name: Wages to health, from: wages, to: ${to}, sign: POSITIVE, form: LINEAR,
      effect: { measure: CORRELATION, value: 0.2, ci: [0.1, 0.3] } }
`

  it('imports a file, and from then on the graph has the bank', async () => {
    const { code, out } = await quesnay('import', 'mechanisms', written('bank/bank.yaml', bank('tiny', 'health')))
    expect(out).toMatch(/\nimported\n$/)
    expect(code).toBe(0)
    expect(await idsOf('mechanismBanks')).toContain('tiny@1.0.0')
  })

  it('changes nothing where a mechanism points to a missing node, and names file, line and node', async () => {
    const folder = join(directory, 'broken-bank')
    cpSync(join(directory, 'bank'), folder, { recursive: true })
    written('broken-bank/bank.yaml', bank('broken', 'wealth'))
    const { code, out, err } = await quesnay('import', 'mechanisms', folder)
    expect(code).toBe(1)
    expect(out).toMatch(/ERROR \w+ bank\.yaml:\d+: .*wealth/)
    expect(out).toMatch(/nothing was changed\n$/)
    expect(err).toMatch(/^quesnay: IMPORT_REJECTED: 1 fault, nothing was changed \(.+\)\n$/)
    expect(await idsOf('mechanismBanks')).not.toContain('broken@1.0.0')
  })

  it('refuses a damaged archive', async () => {
    const archive = written('damaged.tar.gz', 'no archive')
    expect(failure(await quesnay('import', 'mechanisms', archive))).toMatch(
      /BAD_INPUT: .+damaged\.tar\.gz is no whole archive/,
    )
  })

  describe.skipIf(lacksSharedData('mechanisms', 'bank-sample.tar.gz'))('of the sample bank', () => {
    const archive = sharedData('mechanisms', 'bank-sample.tar.gz')

    it('wants a name where the files have none', async () => {
      const { code, err } = await quesnay('import', 'mechanisms', archive)
      expect(code).toBe(1)
      expect(err).toMatch(/IMPORT_REJECTED: 1 fault, .+--name NAME@VERSION/)
    })

    it('only reports on a dry run, and imports without', async () => {
      const dry = await quesnay('import', 'mechanisms', archive, '--name', 'sample@1.0.0', '--dry-run')
      expect(dry.code).toBe(0)
      expect(dry.out).toMatch(/^WARNING EFFECT_MISSING +\d+$/m)
      expect(dry.out).toMatch(/checked, nothing was stored\n$/)
      expect(await idsOf('mechanismBanks')).not.toContain('sample@1.0.0')

      const real = await quesnay('import', 'mechanisms', archive, '--name', 'sample@1.0.0', '--json')
      expect(real.code).toBe(0)
      expect(JSON.parse(real.out)).toMatchObject({ imported: true, findings: expect.any(Array) })
      expect(await idsOf('mechanismBanks')).toContain('sample@1.0.0')
    })
  })
})

describe('quesnay import series', () => {
  const about = `
datasetId: nz-flow@1.0.0
economyId: NZL
economyName: New Zealand
currency: NZD
title: Annual flows
frequency: ANNUAL
governmentScope: CONSUMPTION_AND_INVESTMENT
origin: made for a test
licence: CC0-1.0
retrieved: "2025-01-31"
series:
${['GDP', 'C', 'I', 'G', 'X', 'M'].map((role) => `  - { name: ${role}, role: ${role}, unit: NZD bn }`).join('\n')}
`
  const csv = 'period,GDP,C,I,G,X,M\n2022,380,230,95,80,90,115\n2023,400,240,95,85,95,115\n'

  it('names every broken row by its line and changes nothing', async () => {
    written('broken.yaml', about)
    const broken = written('broken.csv', csv.replace('2023,400', '2023,many').concat('2025-Q1,1,2,3\n'))
    const { code, out, err } = await quesnay('import', 'series', broken)
    expect(code).toBe(1)
    expect(out).toMatch(/^ERROR \w+ csv:3\S*: .+\(.+\)$/m)
    expect(out).toMatch(/^ERROR \w+ csv:4\S*: .+$/m)
    expect(err).toMatch(/^quesnay: IMPORT_REJECTED: \d faults, nothing was changed/)
    expect(await idsOf('economies')).not.toContain('NZL')
  })

  it('imports a CSV with the YAML beside it, or the one named, and the circular flow closes', async () => {
    const file = written('figures.csv', csv)
    expect(failure(await quesnay('import', 'series', file))).toContain('figures.yaml')
    const { code, out } = await quesnay('import', 'series', file, '--about', written('about.yaml', about))
    expect(out).toMatch(/imported\n$/)
    expect(code).toBe(0)
    const flow = await typing('{ economy(id: "NZL") { circularFlow(period: "2023") { Y gap status } } }', 'query', '-')
    expect(JSON.parse(flow.out)).toEqual({
      data: { economy: { circularFlow: { Y: 400, gap: 0, status: 'COMPLETE' } } },
    })
  })
})

describe('quesnay import prices', () => {
  it('makes the instruments of the YAML beside the CSV, and names a broken row by its line', async () => {
    written('prices.yaml', 'instruments: [{ id: share, name: Share, assetClass: EQUITY, currency: USD }]')
    const csv = 'instrument,date,price\nshare,2024-01-02,10\n'
    const broken = await quesnay('import', 'prices', written('prices.csv', `${csv}share,2024-01-03,free\n`))
    expect(broken.code).toBe(1)
    expect(broken.out).toMatch(/^ERROR PRICE_INVALID csv:3:price: .+$/m)
    expect(await idsOf('instruments')).not.toContain('share')
    const { code, out } = await quesnay('import', 'prices', written('prices.csv', csv))
    expect(out).toBe('imported\n')
    expect(code).toBe(0)
    expect(await idsOf('instruments')).toContain('share')
  })
})

describe('a command without a server', () => {
  it('starts the graph in its own process, and gives the data directory free again', async () => {
    const alone = { QUESNAY_DATA: join(directory, 'alone') }
    const { code, out, err } = await startCommand(['query', '-', '--json'], alone, '{ parameterTrees { id } }').ended
    expect(err).toBe('')
    expect(out).toBe('{"data":{"parameterTrees":[{"id":"uk"},{"id":"us-federal"}]}}\n')
    expect(code).toBe(0)
    expect(existsSync(join(alone.QUESNAY_DATA, 'server.json'))).toBe(false)
  })

  it('heals the data directory that a killed one left', async () => {
    const alone = { QUESNAY_DATA: join(directory, 'alone') }
    const killed = startCommand(['serve', '--json'], { ...alone, QUESNAY_PORT: '0' })
    await once(killed.child.stdout!, 'data')
    killed.child.kill('SIGKILL')
    await killed.ended
    expect(existsSync(join(alone.QUESNAY_DATA, 'server.json'))).toBe(true)
    expect((await startCommand(['query', '-'], alone, '{ parameterTrees { id } }').ended).code).toBe(0)
  })
})
