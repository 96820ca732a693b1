// The loop of `quesnay top`: asks, draws, listens to keys, until it is told to quit.
import type { Clock } from '../../infra/clock.ts'
import { isQuesnayError } from '../../schema/errors.ts'
import type { GraphClient } from '../client.ts'
import { cancelRun, loadShards, loadTop } from './data.ts'
import { openScreen, type ScreenInput, type ScreenOutput } from './screen.ts'
import { firstState, type Key, press, type TopAction, type TopState, withData } from './state.ts'
import { type Style, topLines } from './view.ts'

export interface WatchOptions {
  readonly client: GraphClient
  readonly clock: Clock
  readonly input: ScreenInput
  readonly output: ScreenOutput
  readonly style: Style
  /** Between two looks. */
  readonly intervalMs: number
  /** Ends it from outside, as the key q does. */
  readonly signal: AbortSignal
  /** How many runs are asked for. */
  readonly runs: number
}

/** Shows the fleet until q, Ctrl-C or the signal. A graph that does not answer is asked again; the last picture stays. */
export async function watchTop(options: WatchOptions): Promise<void> {
  const { client, clock, intervalMs, signal } = options
  const quitting = new AbortController()
  const quit = () => quitting.abort()
  signal.addEventListener('abort', quit, { once: true })
  if (signal.aborted) quit()
  let state: TopState = firstState(client.endpoint)
  let hurry = new AbortController()
  const show = (next: TopState) => {
    state = next
    screen.draw(topLines(state, screen.size, options.style))
  }
  const screen = openScreen(options.input, options.output, {
    key: (key: Key) => {
      const step = press(state, key)
      show(step.state)
      if (step.action) void act(step.action)
    },
    resize: () => show(state),
  })

  async function act(action: TopAction): Promise<void> {
    if (action.kind === 'quit') return quit()
    if (action.kind === 'cancel') {
      const notice = await cancelRun(client, action.id).then((status) => `${action.id}: ${status}`, problemOf)
      show({ ...state, notice })
    }
    hurry.abort()
  }

  async function look(): Promise<void> {
    const { open, selected } = state
    try {
      const [data, shards] = await Promise.all([
        loadTop(client, options.runs),
        open && selected !== undefined ? loadShards(client, selected) : undefined,
      ])
      const next = withData(state, data)
      const still = next.open && next.selected === selected
      show(still && shards ? { ...next, shards } : next)
    } catch (error) {
      show({ ...state, problem: problemOf(error) })
    }
  }

  try {
    show(state)
    while (!quitting.signal.aborted) {
      hurry = new AbortController()
      if (!state.paused) await look()
      const either = AbortSignal.any([quitting.signal, hurry.signal])
      await clock.sleep(intervalMs, either).catch(() => {})
    }
  } finally {
    signal.removeEventListener('abort', quit)
    screen.close()
  }
}

const problemOf = (error: unknown) =>
  isQuesnayError(error) ? `${error.code}: ${error.message}` : error instanceof Error ? error.message : 'no answer'
