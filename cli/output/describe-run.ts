// A run and its result as text.
import type { RunStatus } from '../../schema/terms/run.ts'
import { fanChart, lineChart, significant } from './fan.ts'
import { mostMoved } from './most-moved.ts'
import { table } from './table.ts'

export interface WatchedRun {
  readonly id: string
  readonly status: RunStatus
  readonly cached: boolean
  readonly inputHash: string
  readonly resultHash: string | null
  readonly computeSeconds: number
  readonly progress: { readonly fraction: number; readonly shardsDone: number; readonly shardsTotal: number }
  readonly provenance?: { readonly planHash: string; readonly seed: string; readonly engineVersion: string }
  readonly scenario?: { readonly id: string; readonly title: string } | null
  readonly results?: Results | null
}

export interface Results {
  readonly times: readonly number[]
  readonly timeUnit: string
  readonly draws: number
  readonly columns: readonly Column[]
}

export interface Column {
  readonly variable: string
  readonly unit: string
  readonly mean: readonly number[]
  readonly p05: readonly number[]
  readonly p50: readonly number[]
  readonly p95: readonly number[]
  readonly sd?: readonly number[]
}

/** How many variables are listed, and how many drawn, where none are asked for by name. */
const LISTED = 20
const DRAWN = 4

/**
 * A table of where the variables end, fans of those that move most, and how to verify the run.
 * Variables that were asked for by name are all shown; of many others, those that move.
 */
export function describeRun(run: WatchedRun, variables?: readonly string[]): string {
  const { columns: all = [], draws = 0, times = [], timeUnit = '' } = run.results ?? {}
  const still = times.length < 2
  const moved = variables ? all : mostMoved(all, LISTED)
  const listed = still ? all.slice(0, variables ? all.length : LISTED) : withStill(all, moved)
  const drawn = variables ? all : moved.slice(0, DRAWN)
  const fan = draws > 1
  const rows = listed.map((column) => {
    const { variable, unit, mean, p05, p50, p95 } = column
    const shown = fan ? [mean, p05, p50, p95] : [mean]
    return [variable, unit, ...shown.map((values) => significant(values.at(-1) ?? Number.NaN))]
  })
  const statistics = fan ? ['mean', '5 %', 'median', '95 %'] : ['value']
  return [
    [
      `${run.scenario?.title ?? run.id}: ${counted(all.length, 'variable')}`,
      counted(draws, 'draw'),
      ...span(times, timeUnit),
    ].join(', '),
    '',
    table([still ? 'variable' : 'variable at the end', 'unit', ...statistics], rows, [2, 3, 4, 5]),
    ...(all.length > listed.length
      ? [`${all.length - listed.length} more move less or not at all; --variables NAME,NAME shows others, --json all`]
      : []),
    '',
    ...(still ? [] : drawn.map((column) => `${fan ? fanChart(column) : lineChart(column)}\n`)),
    describeIdentity(run),
  ].join('\n')
}

/** Those that do not move behind them, where there is room for all or nothing moves. */
function withStill(all: readonly Column[], moved: readonly Column[]): readonly Column[] {
  if (all.length > LISTED && moved.length > 0) return moved
  return [...moved, ...all.filter((column) => !moved.includes(column))].slice(0, Math.max(LISTED, moved.length))
}

const counted = (count: number, what: string) => `${count} ${what}${count === 1 ? '' : 's'}`

/** From when to when, where a model moves through time at all. */
function span(times: readonly number[], unit: string): string[] {
  const [start = 0] = times
  const end = times.at(-1) ?? 0
  if (times.length < 2) return []
  const one = unit.replace(/s$/i, '')
  return [start === 0 && unit !== '' ? counted(end, one) : `time ${start} to ${end} ${unit}`.trim()]
}

/** Which run it was and how anyone can check it. */
export function describeIdentity(run: WatchedRun): string {
  const { shardsTotal } = run.progress
  return [
    ...(run.scenario ? [`scenario     ${run.scenario.id}`] : []),
    `run          ${run.id}${run.cached ? ' (from the store)' : ''}`,
    `input hash   ${run.inputHash}`,
    `result hash  ${run.resultHash}`,
    `computed in  ${run.computeSeconds.toFixed(3)} s of worker time, ${shardsTotal} shard${shardsTotal === 1 ? '' : 's'}`,
    `verify with  quesnay run --verify ${run.id}`,
  ].join('\n')
}
