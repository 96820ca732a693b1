// The tables of `quesnay top`: which columns they have, and how a value is written.
import type { Column } from './columns.ts'
import type { TopData, TopRun, TopShard, TopWorker } from './data.ts'

/** "0.4 s", "12 s", "3m20", "2h05", "4d01". */
export function duration(seconds: number): string {
  if (seconds < 10) return `${seconds.toFixed(1)} s`
  if (seconds < 60) return `${Math.round(seconds)} s`
  const parts = (big: number, small: number, letter: string) =>
    `${Math.floor(seconds / big)}${letter}${String(Math.floor((seconds % big) / small)).padStart(2, '0')}`
  if (seconds < 3600) return parts(60, 1, 'm')
  return seconds < 86_400 ? parts(3600, 60, 'h') : parts(86_400, 3600, 'd')
}

const bar = (fraction: number, width = 10) => {
  const full = Math.round(Math.min(1, Math.max(0, fraction)) * width)
  return `${'#'.repeat(full)}${'.'.repeat(width - full)}`
}

const since = (from: string, to: string) => Math.max(0, (Date.parse(to) - Date.parse(from)) / 1000)
const mebibytes = (bytes: number) => `${Math.round(bytes / 2 ** 20)} M`
/** The hash says which build; its first digits are enough to compare. */
const kernelName = (kernel: string) => kernel.replace(/@([0-9a-f]{6})[0-9a-f]*$/, '@$1')

export const workerColumns = ({ at }: TopData): readonly Column<TopWorker>[] => [
  { title: 'WORKER', width: 28, cell: ({ id }) => id },
  { title: 'HOST', width: 8, cell: ({ host }) => host },
  { title: 'BUSY', width: 5, right: true, cell: ({ busy, slots }) => `${busy}/${slots}` },
  { title: 'STATE', width: 8, cell: ({ draining, busy }) => (draining ? 'draining' : busy > 0 ? 'busy' : 'idle') },
  { title: 'BEAT', width: 6, right: true, cell: ({ heartbeatSeconds }) => duration(heartbeatSeconds) },
  { title: 'UP', width: 6, right: true, cell: ({ startedAt }) => duration(since(startedAt, at)) },
  { title: 'MEM', width: 6, right: true, cell: ({ rssBytes }) => mebibytes(rssBytes) },
  { title: 'NS/OP', width: 6, right: true, cell: ({ nsPerOperation }) => nsPerOperation?.toFixed(2) ?? '-' },
  { title: 'VERSION', width: 8, cell: ({ version }) => version },
  { title: 'KERNELS', width: 0, cell: ({ kernels }) => kernels.map(kernelName).join(' ') },
]

type Queue = TopData['queues'][number]
const count = (title: string, value: (queue: Queue) => number): Column<Queue> => ({
  title,
  width: 8,
  right: true,
  cell: (queue) => String(value(queue)),
})

export const queueColumns: readonly Column<Queue>[] = [
  { title: 'QUEUE', width: 12, cell: (queue) => queue.class.toLowerCase() },
  count('WAITING', ({ own }) => own.waiting),
  count('RUNNING', ({ own }) => own.running),
  { title: 'WORK', width: 8, right: true, cell: ({ own }) => duration(own.costSeconds) },
  count('ALL WAIT', ({ total }) => total.waiting),
  count('ALL RUN', ({ total }) => total.running),
  { title: 'ALL WORK', width: 8, right: true, cell: ({ total }) => duration(total.costSeconds) },
]

export const runColumns = ({ at }: TopData): readonly Column<TopRun>[] => [
  { title: 'RUN', width: 26, cell: ({ id }) => id },
  { title: 'STATUS', width: 9, cell: ({ status }) => status },
  { title: 'PROGRESS', width: 10, cell: ({ progress, status }) => bar(status === 'SUCCEEDED' ? 1 : progress.fraction) },
  {
    title: 'SHARDS',
    width: 9,
    right: true,
    cell: ({ progress, cached }) => (cached ? 'cached' : `${progress.shardsDone}/${progress.shardsTotal}`),
  },
  { title: 'TIME', width: 6, right: true, cell: (run) => duration(since(run.createdAt, run.finishedAt ?? at)) },
  { title: 'KIND', width: 11, cell: ({ kind }) => kind },
  { title: 'CPU', width: 6, right: true, cell: ({ computeSeconds }) => duration(computeSeconds) },
  { title: 'ABOUT', width: 0, cell: ({ subject }) => `${subject.type} ${subject.id}` },
]

export const shardColumns: readonly Column<TopShard>[] = [
  { title: 'SHARD', width: 6, right: true, cell: ({ index }) => String(index) },
  { title: 'STATUS', width: 9, cell: ({ status }) => status },
  { title: 'LANES', width: 15, cell: ({ from, to }) => `${from}-${to - 1}` },
  { title: 'SENT', width: 4, right: true, cell: ({ sent }) => String(sent) },
  { title: 'DEATHS', width: 6, right: true, cell: ({ deaths }) => String(deaths) },
  { title: 'CPU', width: 7, right: true, cell: ({ computeSeconds: s }) => (s === null ? '-' : `${s.toFixed(3)}s`) },
  { title: 'WORKER', width: 28, cell: ({ workerId }) => workerId ?? '-' },
]
