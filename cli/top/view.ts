// The picture that `quesnay top` draws: a pure function from what is known and the size of the terminal to its lines.

import { count } from '../doctor/finding.ts'
import { fitted, tableLines } from './columns.ts'
import type { TopData, TopRun } from './data.ts'
import { duration, queueColumns, runColumns, shardColumns, workerColumns } from './layout.ts'
import { sortedRuns, type TopState } from './state.ts'

export interface Size {
  readonly columns: number
  readonly rows: number
}

/** How words stand out; each gives back the text in as many columns as it had. */
export interface Style {
  title(text: string): string
  cursor(text: string): string
  faint(text: string): string
}

const same = (text: string) => text
export const PLAIN: Style = { title: same, cursor: same, faint: same }

/** SGR codes of ECMA-48, 8.3.117. */
const sgr = (on: number, off: number) => (text: string) => `\u001b[${on}m${text}\u001b[${off}m`
export const STYLED: Style = { title: sgr(1, 22), cursor: sgr(7, 27), faint: sgr(2, 22) }

/** Workers take a third of the lines at most; the runs have what is left. */
const WORKER_SHARE = 3
const LEAST_WORKERS = 2

/** As many lines as the terminal has rows, none wider than it. */
export function topLines(state: TopState, { columns, rows }: Size, style: Style): string[] {
  const { data } = state
  const foot = style.faint(fitted(footer(state), columns))
  const lines = [style.title(fitted(headline(state), columns))]
  if (data) {
    const room = Math.max(LEAST_WORKERS, Math.floor(rows / WORKER_SHARE) - 2)
    lines.push(...heads(tableLines(queueColumns, data.queues, columns), style), '')
    lines.push(...workerLines(data, room, columns, style), '')
    const left = Math.max(0, rows - 1 - lines.length)
    lines.push(...(state.open ? openLines(state, left, columns, style) : runLines(state, data, left, columns, style)))
  }
  const body = lines.slice(0, Math.max(0, rows - 1))
  return [...body, ...Array<string>(Math.max(0, rows - 1 - body.length)).fill(''), foot].slice(0, rows)
}

/** The same as one table without a frame, for a pipe or a log: every worker, every run. */
export function plainLines(state: TopState): string[] {
  const columns = 132
  const { data } = state
  const trimmed = (lines: readonly string[]) => lines.map((line) => line.trimEnd())
  if (!data) return trimmed([headline(state)])
  return trimmed([
    headline(state),
    ...tableLines(queueColumns, data.queues, columns),
    '',
    ...workerLines(data, Number.POSITIVE_INFINITY, columns, PLAIN),
    '',
    ...tableLines(runColumns(data), sortedRuns(state), columns),
  ])
}

function headline({ data, endpoint, problem, paused }: TopState): string {
  if (!data) return `quesnay top  ${problem ?? `waiting for ${endpoint}`}`
  const slots = data.workers?.reduce((sum, worker) => sum + worker.slots, 0)
  const busy = data.workers?.reduce((sum, worker) => sum + worker.busy, 0)
  const fleet = data.workers
    ? `${count(data.workers.length, 'worker')}  ${busy}/${slots} slots busy  backlog ${duration(data.backlogSeconds ?? 0)}`
    : 'workers unknown: the bus does not answer'
  const mark = paused ? '  PAUSED' : problem ? `  STALE: ${problem}` : ''
  return `quesnay top  ${data.at.slice(11, 19)}  ${fleet}${mark}  ${endpoint}`
}

function footer({ confirming, notice, sort, open }: TopState): string {
  if (confirming !== undefined) return `Cancel the run ${confirming}? y: yes, any other key: no`
  const keys = open
    ? 'q quit  p pause  up/down scroll  c cancel  esc back'
    : `q quit  p pause  s sort (${sort})  up/down select  enter shards  c cancel`
  return notice === undefined ? keys : `${notice}  |  ${keys}`
}

const heads = ([first = '', ...rest]: string[], style: Style) => [style.title(first), ...rest]

function workerLines(data: TopData, room: number, columns: number, style: Style): string[] {
  const workers = data.workers ?? []
  if (workers.length === 0) return [style.title(fitted('WORKER', columns)), fitted('none', columns)]
  const shown = workers.length > room ? workers.slice(0, Math.max(1, room - 1)) : workers
  const lines = heads(tableLines(workerColumns(data), shown, columns), style)
  if (shown.length < workers.length) lines.push(fitted(`${workers.length - shown.length} more`, columns))
  return lines
}

function runLines(state: TopState, data: TopData, room: number, columns: number, style: Style): string[] {
  const runs = sortedRuns(state)
  if (runs.length === 0) return [style.title(fitted('RUN', columns)), fitted('none yet', columns)]
  const at = Math.max(
    0,
    runs.findIndex(({ id }) => id === state.selected),
  )
  // The page that the cursor is on.
  const page = Math.max(1, room - 1)
  const from = Math.floor(at / page) * page
  const [head = '', ...rows] = tableLines(runColumns(data), runs.slice(from, from + page), columns)
  return [style.title(head), ...rows.map((row, i) => (from + i === at ? style.cursor(row) : row))]
}

function openLines(state: TopState, room: number, columns: number, style: Style): string[] {
  const run = state.data?.runs.find(({ id }) => id === state.selected)
  if (!run) return []
  const about = aboutRun(run).map((line) => fitted(line, columns))
  const { shards } = state
  if (!shards) return [...about, fitted('loading its shards', columns)]
  const rows = shards.slice(state.scroll, state.scroll + Math.max(0, room - about.length - 1))
  return [...about, ...heads(tableLines(shardColumns, rows, columns), style)]
}

function aboutRun({ id, kind, status, progress, computeSeconds, subject, error }: TopRun): string[] {
  const { shardsDone, shardsTotal, fraction } = progress
  const done = `${shardsDone} of ${shardsTotal} shards, ${Math.round(fraction * 100)} %`
  const lines = [`${id}  ${kind}  ${status}  ${done}, ${duration(computeSeconds)} of computing`]
  lines.push(`about ${subject.type} ${subject.id}`)
  if (error) lines.push(`${error.code}: ${error.message}`)
  return lines
}
