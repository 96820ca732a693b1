// The check of the workers, over what they say of themselves.
import { describe, expect, it } from 'vitest'
import type { WorkerReport } from '../../compute/dispatch/workers.ts'
import { checkThreads } from './threads.ts'
import { checkWorkers } from './workers.ts'

const KERNELS = ['machine@aa', 'stats@bb']
const worker = (id: string, differences: Partial<WorkerReport> = {}): WorkerReport => ({
  ...{ id, version: '1.0.0', host: 'h', pid: 1, slots: 2, busy: 0, draining: false, kernels: KERNELS },
  ...{ nsPerOperation: null, rssBytes: 1, startedAt: 0, at: 0 },
  ...differences,
})
const check = (...reports: WorkerReport[]) => checkWorkers(reports, '1.0.0', KERNELS)

describe('checkWorkers', () => {
  it('counts workers and slots', () => {
    expect(check(worker('a'), worker('b'))).toMatchObject({ level: 'ok', say: '2 workers with 4 slots' })
  })

  it('fails where nobody computes: none there, or all about to end', () => {
    expect(check()).toMatchObject({ level: 'fail', fix: /quesnay worker/ })
    expect(check(worker('a', { draining: true }))).toMatchObject({ level: 'fail' })
  })

  it('warns of another version and of other kernels', () => {
    expect(check(worker('a'), worker('b', { version: '0.9.0' }))).toMatchObject({
      level: 'warn',
      say: /0\.9\.0; this is 1\.0\.0/,
    })
    expect(check(worker('a'), worker('b', { kernels: ['machine@cc'] }))).toMatchObject({
      level: 'warn',
      say: /which b hold other kernels/,
    })
  })
})

describe('checkThreads', () => {
  it('reads the threads of an embedded server from its metrics', () => {
    const page =
      '# TYPE quesnay_slots gauge\nquesnay_slots{service="quesnay"} 4\nquesnay_slots_busy{service="quesnay"} 1\n'
    expect(checkThreads(page)).toMatchObject({ level: 'ok', say: 'the server computes on 4 threads, 1 of them now' })
  })

  it('warns where the page is not to be had', () => {
    expect(checkThreads(undefined)).toMatchObject({ level: 'warn' })
  })
})
