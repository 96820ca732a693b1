// quesnay top: the fleet on a terminal, live; or once, as a table or as JSON.
import { systemClock } from '../../infra/clock.ts'
import { QuesnayError } from '../../schema/errors.ts'
import type { GraphClient } from '../client.ts'
import { loadTop } from '../top/data.ts'
import { firstState, withData } from '../top/state.ts'
import { plainLines, STYLED } from '../top/view.ts'
import { watchTop } from '../top/watch.ts'

export interface TopOptions {
  readonly json: boolean
  /** One table, also on a terminal. */
  readonly once?: boolean
  /** Seconds between two looks. */
  readonly interval: number
  readonly runs: number
}

const LEAST_INTERVAL = 0.1
const MOST_INTERVAL = 3600

/** BAD_INPUT for an interval that is too short or too long. */
export function checkTop({ interval }: TopOptions): void {
  if (interval >= LEAST_INTERVAL && interval <= MOST_INTERVAL) return
  const message = `--interval takes ${LEAST_INTERVAL} to ${MOST_INTERVAL} seconds`
  throw new QuesnayError('BAD_INPUT', message, { path: '--interval', suggestion: 'leave it out for one second' })
}

export async function top(client: GraphClient, options: TopOptions): Promise<void> {
  const { json, once = false, interval, runs } = options
  const live = !json && !once && process.stdout.isTTY && process.stdin.isTTY
  if (!live) {
    const data = await loadTop(client, runs)
    const lines = json ? [JSON.stringify(data)] : plainLines(withData(firstState(client.endpoint), data))
    return void process.stdout.write(`${lines.join('\n')}\n`)
  }
  const stop = new AbortController()
  const end = () => stop.abort()
  process.once('SIGTERM', end)
  process.once('SIGHUP', end)
  try {
    await watchTop({
      ...{ client, clock: systemClock, input: process.stdin, output: process.stdout, style: STYLED },
      ...{ intervalMs: interval * 1000, signal: stop.signal, runs },
    })
  } finally {
    process.off('SIGTERM', end)
    process.off('SIGHUP', end)
  }
}
