// quesnay doctor as a process: over a data directory that nobody has made, that a server holds, and that stands still; over a database that is away.
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { startCommand } from '../support/command.ts'
import { startServer } from '../support/server-process.ts'

const root = mkdtempSync(join(tmpdir(), 'quesnay-doctor-'))
const directory = join(root, 'data')
afterAll(() => rmSync(root, { recursive: true, force: true }))

const environment = { QUESNAY_DATA: directory, QUESNAY_THREADS: '1', DATABASE_URL: '', NATS_URL: '' }
interface Report {
  readonly healthy: boolean
  readonly findings: readonly { check: string; level: string; say: string; fix?: string }[]
}
async function doctor(changes: Record<string, string> = {}): Promise<{ code: number | null; report: Report }> {
  const { code, out, err } = await startCommand(['doctor', '--json'], { ...environment, ...changes }).ended
  expect(err).toBe('')
  return { code, report: JSON.parse(out) as Report }
}
const said = ({ findings }: Report, check: string) =>
  findings.filter((found) => found.check === check).map(({ say }) => say)

it('says before the first start what there is, and makes nothing', async () => {
  const { code, report } = await doctor()
  expect(code).toBe(0)
  expect(said(report, 'database')).toEqual([expect.stringMatching(/^none yet/)])
  expect(existsSync(directory)).toBe(false)
})

it('asks the database and the server while the server runs, and the database alone when it has stopped', async () => {
  const server = await startServer([], environment)
  const running = await doctor()
  await server.interrupt()
  expect(running.code).toBe(0)
  expect(said(running.report, 'database')).toEqual([expect.stringMatching(/bundled, running/)])
  expect(said(running.report, 'server')).toEqual([expect.stringMatching(/answers at http/)])
  expect(said(running.report, 'workers')).toEqual([expect.stringMatching(/computes on 1 thread/)])
  const stopped = await doctor()
  expect(stopped.code).toBe(0)
  expect(said(stopped.report, 'database')).toEqual([expect.stringMatching(/started for this look/)])
  expect(said(stopped.report, 'migrations')).toEqual([expect.stringMatching(/none pending/)])
  expect(stopped.report.findings.filter(({ level }) => level !== 'ok')).toEqual([])
  // The data directory is given back.
  expect(existsSync(join(directory, 'server.json'))).toBe(false)
}, 120_000)

it('ends with 1, each with its fix, where database and broker are away and where a variable is wrong', async () => {
  const away = { DATABASE_URL: 'postgresql://u:hunter2@127.0.0.1:1/x', NATS_URL: 'nats://127.0.0.1:1' }
  const { code, report } = await doctor(away)
  expect(code).toBe(1)
  const failed = report.findings.filter(({ level }) => level === 'fail')
  expect(failed.map(({ check }) => check)).toEqual(['database', 'bus', 'workers'])
  expect(failed.every(({ fix }) => fix)).toBe(true)
  expect(JSON.stringify(report)).not.toContain('hunter2')
  const wrong = await doctor({ QUESNAY_THREADS: 'many' })
  expect(wrong).toMatchObject({ code: 1, report: { healthy: false, findings: [{ check: 'configuration' }] } })
})

it('prints a line a finding for people, with what to do below it', async () => {
  const { code, out } = await startCommand(['doctor'], { ...environment, NATS_URL: 'nats://127.0.0.1:1' }).ended
  expect(code).toBe(1)
  expect(out).toMatch(/^ok {4}node +Node \d+/m)
  expect(out).toMatch(/^fail {2}bus +.*does not answer.*\n +fix: /m)
})
