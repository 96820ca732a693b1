// One question through the services mode, as its operator sees it: its trace, its lines of log, the metrics, and top.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { httpClient } from '../../cli/client.ts'
import type { TopData } from '../../cli/top/data.ts'
import { inheritedEnvironment } from '../../infra/config.ts'
import { builtFile } from '../../infra/paths.ts'
import { readTraceparent } from '../../schema/trace-context.ts'
import { type CollectedSpan, type Collector, startCollector } from '../support/collector.ts'
import { startCommand } from '../support/command.ts'
import { freshDatabase, type TestDatabase } from '../support/database.ts'
import { type Family, readExposition, sumOf } from '../support/exposition.ts'
import { lacksNatsServer } from '../support/nats-server.ts'
import { lacksPty, startOnTerminal } from '../support/pty.ts'
import { type ServerProcess, startServer } from '../support/server-process.ts'

const CLIENT = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01'
const TRACE = readTraceparent(CLIENT)!.traceId
const REQUEST = 'request-of-the-test'
const SHARDS = 4
/** A title that a user gave: it belongs into the database, and into no trace and no log. */
const TITLE = 'what nobody but its author should read'

const OPERATION = `mutation Ask($input: CreateScenarioInput!, $shards: Int) {
  createScenario(input: $input) { scenario { run(shards: $shards) { id } } }
}`

type Line = Record<string, unknown>

describe.skipIf(lacksNatsServer())('a question in services mode', () => {
  const directory = mkdtempSync(join(tmpdir(), 'quesnay-seen-'))
  let database: TestDatabase
  let collector: Collector
  let server: ServerProcess
  let log = ''
  let runId = ''
  const lines = (): Line[] =>
    log.split('\n').flatMap((line) => (line.startsWith('{') ? [JSON.parse(line) as Line] : []))
  const pages = new Map<string, Map<string, Family>>()
  let spans: readonly CollectedSpan[] = []

  beforeAll(async () => {
    database = await freshDatabase()
    collector = await startCollector()
    const environment = {
      QUESNAY_DATA: directory,
      DATABASE_URL: database.url,
      QUESNAY_OTLP: collector.url,
      QUESNAY_LOG: 'debug',
    }
    server = await startServer(['--services', '--workers', '2'], environment, (text) => {
      log += text
    })
    runId = await ask(server.url)
    await succeeded(server.url, runId)
    await vi.waitFor(() => expect(lines().some(({ msg }) => msg === 'a job has its result')).toBe(true))
    for (const [name, url] of addresses(lines(), server.url)) pages.set(name, readExposition(await textOf(url)))
  }, 120_000)
  afterAll(async () => {
    await server?.interrupt()
    await collector?.close()
    await database?.drop()
    rmSync(directory, { recursive: true, force: true })
  })

  it('is found by the commands of operators through its data directory alone', async () => {
    const beside = { QUESNAY_DATA: directory, DATABASE_URL: database.url, NATS_URL: '' }
    const listed = await startCommand(['worker', 'list', '--json'], beside).ended
    expect(JSON.parse(listed.out)).toMatchObject([{ draining: false }, { draining: false }])
    const { findings } = JSON.parse((await startCommand(['doctor', '--json'], beside).ended).out)
    expect(findings.filter(({ level }: Line) => level === 'fail')).toEqual([])
    expect(findings).toContainEqual(
      expect.objectContaining({ check: 'bus', say: expect.stringMatching(/^nats-server /) }),
    )
    expect(findings).toContainEqual(
      expect.objectContaining({ check: 'workers', say: expect.stringMatching(/^2 workers /) }),
    )
  })

  describe('its metrics', () => {
    it('are on the pages of the gateway, of every subgraph and of every worker, as Prometheus reads them', () => {
      expect([...pages.keys()].filter((name) => name.startsWith('subgraph'))).toHaveLength(5)
      expect([...pages.keys()].filter((name) => name.startsWith('worker'))).toHaveLength(2)
      for (const [name, families] of pages) {
        expect(sumOf(families, 'process_cpu_seconds_total'), name).toBeGreaterThan(0)
        for (const { type, name: family, help } of families.values()) {
          expect(help, family).not.toBe('')
          if (family.startsWith('quesnay_')) expect(family.endsWith('_total'), family).toBe(type === 'counter')
        }
      }
    })

    it('count each shard, the run and the push once', () => {
      const workers = [...pages].filter(([name]) => name.startsWith('worker')).map(([, families]) => families)
      const overall = (name: string, labels?: Record<string, string>) =>
        workers.reduce((sum, families) => sum + sumOf(families, name, labels), 0)
      expect(overall('quesnay_queue_wait_seconds_count')).toBe(SHARDS)
      expect(overall('quesnay_shard_seconds_count')).toBe(SHARDS)
      expect(overall('quesnay_store_seconds_count', { operation: 'store' })).toBe(SHARDS)
      expect(overall('quesnay_run_seconds_count', { kind: 'SIMULATION', status: 'SUCCEEDED' })).toBe(1)
      expect(overall('quesnay_run_seconds_sum')).toBeGreaterThan(0)
      expect(overall('quesnay_jobs_total', { status: 'SUCCEEDED' })).toBe(1)
      expect(sumOf(pages.get('gateway')!, 'quesnay_push_seconds_count')).toBe(1)
      expect(sumOf(pages.get('gateway')!, 'quesnay_push_seconds_sum')).toBeLessThan(10)
      for (const quiet of ['shard_conflicts', 'shard_deaths', 'dead_letters'])
        expect(overall(`quesnay_${quiet}_total`), quiet).toBe(0)
    })

    it('name no tenant, run, request or user in a label', () => {
      const labels = [...pages.values()].flatMap((families) =>
        [...families.values()].flatMap(({ samples }) => samples.flatMap((sample) => Object.entries(sample.labels))),
      )
      const known = ['service', 'le', 'kind', 'status', 'class', 'operation', 'type', 'outcome', 'subgraph', 'cache']
      const ours = [...known, 'reason', 'state', 'what', 'cause', 'code', 'version', 'major', 'minor', 'patch', 'space']
      for (const [label, value] of labels) {
        if (!ours.includes(label)) expect(['quantile']).toContain(label)
        expect(value).not.toContain(runId)
        expect(value).not.toBe(REQUEST)
      }
    })
  })

  describe('its log', () => {
    it('carries the ids of the run, job, shard, tenant, worker, request and trace wherever they are known', () => {
      const about = lines().filter(({ msg }) => /^a (run|shard|job) /.test(String(msg)))
      const count = (msg: string) => about.filter((line) => line['msg'] === msg).length
      expect(count('a run was submitted')).toBe(1)
      expect(count('a shard was computed')).toBe(SHARDS)
      expect(count('a job has its result')).toBe(1)
      const { jobId } = about[0]!
      expect(jobId).toMatch(/^[0-9A-Z]{26}$/)
      for (const line of about)
        expect(line).toMatchObject({ runId, jobId, tenant: 'local', requestId: REQUEST, traceId: TRACE })
      const computed = about.filter(({ msg }) => msg === 'a shard was computed')
      expect(computed.map(({ shard }) => shard).sort()).toEqual([0, 1, 2, 3])
      for (const line of computed) expect(line['worker']).toMatch(/^w-/)
    })

    it('mentions the run in no line without its job, tenant and trace', () => {
      for (const line of lines().filter((one) => JSON.stringify(one).includes(runId)))
        expect(line).toMatchObject({ runId, jobId: expect.any(String), tenant: 'local', traceId: TRACE })
    })

    it('holds no password and nothing that the user gave', () => {
      const { password } = new URL(database.url)
      if (password) expect(log).not.toContain(`:${password}@`)
      expect(log).not.toContain(TITLE)
    })
  })

  describe('quesnay top', () => {
    const cli = (...args: string[]) =>
      spawnSync(process.execPath, [builtFile('cli', 'main.js'), 'top', '--endpoint', server.url, ...args], {
        encoding: 'utf8',
        env: inheritedEnvironment({ QUESNAY_DATA: directory }),
      })

    it('prints one table where its output is no terminal', async () => {
      // How busy workers are is as old as their last heartbeats.
      let stdout = ''
      await vi.waitFor(() => {
        const printed = cli()
        expect(printed.status).toBe(0)
        stdout = printed.stdout
        expect(stdout).toMatch(/^quesnay top {2}\d\d:\d\d:\d\d {2}2 workers {2}0\/2 slots busy/)
      }, 20_000)
      expect(stdout).toContain(`${runId} SUCCEEDED ##########       4/4`)
      expect(stdout).not.toContain('\u001b')
      expect(cli('--once').stdout).toContain(runId)
    })

    it('prints JSON for scripts', () => {
      const data = JSON.parse(cli('--json').stdout) as TopData
      expect(data.workers).toHaveLength(2)
      expect(data.queues.map((queue) => queue.class)).toEqual(['INTERACTIVE', 'NORMAL', 'BATCH'])
      expect(data.runs.map(({ id }) => id)).toEqual([runId])
    })

    it('refuses an interval that is none', () => {
      const { stderr, status } = cli('--interval', '0')
      expect([status, stderr]).toEqual([1, expect.stringContaining('--interval takes 0.1 to 3600 seconds')])
    })

    it.skipIf(lacksPty())('is live on a terminal, shows the shards of a run, and gives the terminal back', async () => {
      const command = [process.execPath, builtFile('cli', 'main.js'), 'top', '--endpoint', server.url]
      const live = startOnTerminal([...command, '--interval', '0.2'], { rows: 24, columns: 80 })
      const shows = (text: string) => vi.waitFor(() => expect(live.shown).toContain(text), { timeout: 20_000 })
      await shows(runId)
      const last = live.shown.split('\u001b[H').at(-1)!
      expect(last.split('\r\n').length).toBeLessThanOrEqual(24)
      live.type('\r')
      await shows('SHARD STATUS')
      await shows('4 of 4 shards, 100 %')
      live.type('q')
      expect(await live.ended).toBe(0)
      expect(live.shown.startsWith('\u001b[?1049h')).toBe(true)
      expect(live.shown.endsWith('\u001b[?25h\u001b[?1049l')).toBe(true)
    })

    it.skipIf(lacksPty())('gives the terminal back at Ctrl-C', async () => {
      const live = startOnTerminal(
        [process.execPath, builtFile('cli', 'main.js'), 'top', '--endpoint', server.url, '--interval', '0.2'],
        { rows: 24, columns: 80 },
      )
      await vi.waitFor(() => expect(live.shown).toContain(runId), { timeout: 20_000 })
      // Ctrl-C is a key in raw mode.
      live.type('\u0003')
      expect(await live.ended).toBe(0)
      expect(live.shown.endsWith('\u001b[?25h\u001b[?1049l')).toBe(true)
    })
  })

  // Last: it ends the server, for the spans of every process to be sent.
  describe('its trace', () => {
    beforeAll(async () => {
      await server.interrupt()
      const pushedAfter = (spans: readonly CollectedSpan[]) => {
        const finish = spans.find(({ name }) => name === 'merge.finish')
        return spans.some(({ name, endMs }) => name === 'subscription.push' && finish && endMs > finish.startMs)
      }
      // What a process sends as it ends may come a little later.
      await vi.waitFor(() => {
        spans = collector.spans.filter(({ traceId }) => traceId === TRACE)
        expect(pushedAfter(spans)).toBe(true)
      }, 30_000)
    }, 60_000)

    const named = (name: string) => spans.filter((span) => span.name === name)
    const one = (name: string): CollectedSpan => {
      const [span, ...more] = named(name)
      expect([span?.name, more.length], name).toEqual([name, 0])
      return span!
    }
    const byId = (id: string) => spans.find(({ spanId }) => spanId === id)
    /** Names from the span up to where the trace enters. */
    const lineage = (span: CollectedSpan): string[] => {
      const parent = byId(span.parentSpanId)
      return [span.name, ...(parent ? lineage(parent) : [])]
    }

    it('continues the client’s, and every span hangs together', () => {
      const operation = named('graphql.operation').find(
        ({ attributes }) => attributes['quesnay.request.id'] === REQUEST,
      )!
      expect(operation.parentSpanId).toBe(readTraceparent(CLIENT)!.spanId)
      expect(operation).toMatchObject({
        service: 'quesnay-gateway',
        attributes: { 'graphql.operation.type': 'mutation' },
      })
      const loose = spans.filter((span) => span !== operation && !byId(span.parentSpanId))
      expect(loose.map(({ name }) => name)).toEqual([])
    })

    it('goes from the operation by the subgraph and the submission to each shard', () => {
      const submit = one('dispatch.submit')
      expect(submit.service).toBe('quesnay-scenarios')
      const up = lineage(submit)
      expect(up.slice(0, 3)).toEqual(['dispatch.submit', 'subgraph.execute', 'subgraph.fetch'])
      expect(up.at(-1)).toBe('graphql.operation')
      const shards = named('shard')
      expect(shards.map(({ attributes }) => attributes['quesnay.shard']).sort()).toEqual([0, 1, 2, 3])
      for (const shard of shards) {
        expect([shard.parentSpanId, shard.service]).toEqual([submit.spanId, 'quesnay-worker'])
        const parts = spans.filter(({ parentSpanId }) => parentSpanId === shard.spanId).map(({ name }) => name)
        expect(parts).toEqual(expect.arrayContaining(['shard.queue', 'shard.claim', 'shard.compute', 'shard.store']))
      }
    })

    it('goes on from the last shard by the merge to the subscriber', () => {
      const finish = one('merge.finish')
      expect(lineage(finish).slice(0, 3)).toEqual(['merge.finish', 'merge', 'shard'])
      const [last] = named('subscription.push').sort((a, b) => b.endMs - a.endMs)
      expect(last?.service).toBe('quesnay-gateway')
      // By the merge, or by a sweeper that was there first.
      expect(lineage(last!)).toEqual(expect.arrayContaining(['dispatch.submit', 'graphql.operation']))
      expect(last!.endMs).toBeGreaterThan(finish.startMs)
    })

    it('holds nothing that the user gave', () => {
      expect(JSON.stringify(collector.spans)).not.toContain(TITLE)
    })
  })
})

describe('a process without a collector', () => {
  it('loads nothing of OpenTelemetry', () => {
    const program = `
      import { createRequire } from 'node:module'
      const { startTracing } = await import(${JSON.stringify(builtFile('infra', 'tracing.js'))})
      await import(${JSON.stringify(builtFile('compute', 'worker', 'worker.js'))})
      await (await startTracing({ otlp: undefined, service: 'test', log: console }))()
      const loaded = Object.keys(createRequire(import.meta.url).cache).filter((file) => file.includes('opentelemetry'))
      console.log(JSON.stringify(loaded))`
    const { stdout } = spawnSync(process.execPath, ['--input-type=module', '-e', program], { encoding: 'utf8' })
    expect(stdout).toBe('[]\n')
  })
})

/** Asks the question as a client does that traces what it does. */
async function ask(url: string): Promise<string> {
  const input = { title: TITLE, bankId: 'us-health@1.0.0', draws: 1600, horizonYears: 20 }
  const response = await fetch(`${url}graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', traceparent: CLIENT, 'x-request-id': REQUEST },
    body: JSON.stringify({ query: OPERATION, variables: { input, shards: SHARDS } }),
  })
  const { data, errors } = (await response.json()) as {
    data?: { createScenario: { scenario: { run: { id: string } } } }
    errors?: unknown
  }
  if (!data || errors) throw new Error(`the question failed: ${JSON.stringify(errors)}`)
  return data.createScenario.scenario.run.id
}

/** Follows the run as a subscriber, to its end. */
async function succeeded(url: string, id: string): Promise<void> {
  const client = httpClient(url)
  const watch = 'subscription Watch($id: ID!) { runUpdated(id: $id) { status } }'
  let status: unknown
  for await (const { data } of client.subscribe(watch, { id }))
    status = (data as { runUpdated: { status: string } } | undefined)?.runUpdated.status
  expect(status).toBe('SUCCEEDED')
}

/** Where each process shows its metrics, by what its log says of itself. */
function addresses(lines: readonly Line[], gateway: string): Map<string, string> {
  const found = new Map([['gateway', new URL('/metrics', gateway).href]])
  for (const { msg, url, service, id } of lines) {
    if (msg === 'serving') found.set(String(service), new URL('/metrics', String(url)).href)
    if (msg === 'a worker is ready') found.set(`worker ${id}`, new URL('/metrics', String(url)).href)
  }
  return found
}

const textOf = async (url: string) => (await fetch(url)).text()
