// What `quesnay top` knows between two pictures, and what each key makes of it.
import type { TopData, TopRun, TopShard } from './data.ts'

export const SORTS = ['newest', 'progress', 'seconds', 'status'] as const
export type Sort = (typeof SORTS)[number]

export interface TopState {
  readonly endpoint: string
  /** undefined before the first answer. */
  readonly data: TopData | undefined
  /** Why there is no newer answer. */
  readonly problem: string | undefined
  readonly paused: boolean
  readonly sort: Sort
  /** Id of the run that the cursor is on. */
  readonly selected: string | undefined
  /** Whether the run's shards are shown in place of the runs. */
  readonly open: boolean
  /** Of the run that is open; undefined before they are loaded. */
  readonly shards: readonly TopShard[] | undefined
  /** Lines of shards above the first that is shown. */
  readonly scroll: number
  /** Id of the run that is cancelled where the answer is yes. */
  readonly confirming: string | undefined
  /** What the last key did. */
  readonly notice: string | undefined
}

export const firstState = (endpoint: string): TopState => ({
  endpoint,
  data: undefined,
  problem: undefined,
  paused: false,
  sort: 'newest',
  selected: undefined,
  open: false,
  shards: undefined,
  scroll: 0,
  confirming: undefined,
  notice: undefined,
})

/** What is to be done beside drawing the next picture. */
export type TopAction = { readonly kind: 'quit' } | { readonly kind: 'load' } | { readonly kind: 'cancel'; id: string }

interface Step {
  readonly state: TopState
  readonly action?: TopAction
}

export interface Key {
  readonly name?: string | undefined
  readonly ctrl?: boolean | undefined
}

const LIVE = ['RUNNING', 'MERGING', 'QUEUED']

/** The runs in the order chosen; what goes on stands first by status. */
export function sortedRuns({ data, sort }: TopState): readonly TopRun[] {
  const runs = [...(data?.runs ?? [])]
  const newest = (a: TopRun, b: TopRun) => (a.createdAt < b.createdAt ? 1 : a.createdAt > b.createdAt ? -1 : 0)
  const place = (run: TopRun) => LIVE.indexOf(run.status) + (LIVE.includes(run.status) ? 0 : LIVE.length + 1)
  const orders: Record<Sort, (a: TopRun, b: TopRun) => number> = {
    newest,
    progress: (a, b) => b.progress.fraction - a.progress.fraction || newest(a, b),
    seconds: (a, b) => b.computeSeconds - a.computeSeconds || newest(a, b),
    status: (a, b) => place(a) - place(b) || (a.status < b.status ? -1 : a.status > b.status ? 1 : newest(a, b)),
  }
  return runs.sort(orders[sort])
}

/** The state after an answer; the cursor stays on its run, or goes to the first. */
export function withData(state: TopState, data: TopData): TopState {
  const next = { ...state, data, problem: undefined }
  const runs = sortedRuns(next)
  if (runs.some(({ id }) => id === state.selected)) return next
  return { ...next, selected: runs[0]?.id, open: false, shards: undefined, confirming: undefined }
}

export function press(state: TopState, { name = '', ctrl = false }: Key): Step {
  if (name === 'q' || (ctrl && name === 'c')) return { state, action: { kind: 'quit' } }
  if (ctrl) return { state }
  if (state.confirming !== undefined) return answer(state, state.confirming, name)
  const quiet = { ...state, notice: undefined }
  switch (name) {
    case 'p':
    case 'space':
      return { state: { ...quiet, paused: !state.paused }, ...(state.paused ? { action: { kind: 'load' } } : {}) }
    case 's':
      return { state: { ...quiet, sort: SORTS[(SORTS.indexOf(state.sort) + 1) % SORTS.length]! } }
    case 'up':
    case 'k':
      return { state: moved(quiet, -1) }
    case 'down':
    case 'j':
      return { state: moved(quiet, 1) }
    case 'return':
    case 'enter':
      if (state.selected === undefined || state.open) return { state: quiet }
      return { state: { ...quiet, open: true, shards: undefined, scroll: 0 }, action: { kind: 'load' } }
    case 'escape':
    case 'backspace':
      return { state: { ...quiet, open: false, shards: undefined, scroll: 0 } }
    case 'c':
      return { state: asking(quiet) }
    default:
      return { state }
  }
}

function answer(state: TopState, id: string, name: string): Step {
  const over = { ...state, confirming: undefined }
  if (name !== 'y') return { state: { ...over, notice: 'not cancelled' } }
  return { state: { ...over, notice: `cancelling ${id}` }, action: { kind: 'cancel', id } }
}

function asking(state: TopState): TopState {
  const run = state.data?.runs.find(({ id }) => id === state.selected)
  if (!run) return state
  if (LIVE.includes(run.status)) return { ...state, confirming: run.id }
  return { ...state, notice: `${run.id} has ended: ${run.status}` }
}

function moved(state: TopState, by: number): TopState {
  if (state.open) {
    const last = Math.max(0, (state.shards?.length ?? 0) - 1)
    return { ...state, scroll: Math.min(last, Math.max(0, state.scroll + by)) }
  }
  const runs = sortedRuns(state)
  const at = runs.findIndex(({ id }) => id === state.selected)
  return { ...state, selected: runs[Math.min(runs.length - 1, Math.max(0, at + by))]?.id }
}
