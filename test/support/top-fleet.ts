// A fleet as the graph gives it, for tests of `quesnay top`.
import type { TopData, TopRun, TopWorker } from '../../cli/top/data.ts'

export function worker(more: Partial<TopWorker> = {}): TopWorker {
  return {
    id: 'w-01m8mwtx1cppv1rctg40c8xkk5',
    version: '0.4.0',
    host: 'host-1',
    slots: 4,
    busy: 3,
    draining: false,
    kernels: [`machine@${'a1b2c3d4'.repeat(8)}`],
    nsPerOperation: 0.874,
    rssBytes: 335 * 2 ** 20,
    startedAt: '2026-03-01T10:00:00.000Z',
    heartbeatSeconds: 2.34,
    ...more,
  }
}

export function run(id: string, more: Partial<TopRun> = {}): TopRun {
  return {
    id,
    kind: 'SIMULATION',
    status: 'RUNNING',
    cached: false,
    subject: { type: 'Scenario', id: 'carbon-tax' },
    progress: { shardsDone: 3, shardsTotal: 8, fraction: 0.375 },
    computeSeconds: 12.4,
    createdAt: '2026-03-01T12:04:00.000Z',
    finishedAt: null,
    error: null,
    ...more,
  }
}

const load = (waiting: number, running: number, costSeconds: number) => ({ waiting, running, costSeconds })

export function fleet(more: Partial<TopData> = {}): TopData {
  return {
    at: '2026-03-01T12:05:06.000Z',
    backlogSeconds: 62.4,
    workers: [
      worker(),
      worker({ id: 'w-01m8mwtx1pbebsba9hwfxhxyxk', host: 'host-2', busy: 0, draining: true, nsPerOperation: null }),
    ],
    queues: [
      { class: 'INTERACTIVE', own: load(5, 3, 40), total: load(9, 3, 75.5) },
      { class: 'NORMAL', own: load(0, 0, 0), total: load(0, 0, 0) },
      { class: 'BATCH', own: load(0, 0, 0), total: load(5000, 4, 9000) },
    ],
    runs: [
      run('01M8RUNNING'),
      run('01M8DONE', {
        status: 'SUCCEEDED',
        progress: { shardsDone: 1, shardsTotal: 1, fraction: 1 },
        computeSeconds: 0.2,
        createdAt: '2026-03-01T12:03:00.000Z',
        finishedAt: '2026-03-01T12:03:01.000Z',
      }),
      run('01M8FAILED', {
        status: 'FAILED',
        computeSeconds: 40,
        createdAt: '2026-03-01T11:00:00.000Z',
        finishedAt: '2026-03-01T11:10:05.000Z',
        error: { code: 'NOT_A_NUMBER', message: 'months is not a finite number in lane 3 at time 9' },
      }),
    ],
    ...more,
  }
}
