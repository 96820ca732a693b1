// A progress bar on a terminal for work that takes over a second; nothing elsewhere.
import { SingleBar } from 'cli-progress'
import type { Clock } from '../../infra/clock.ts'

const SHOW_AFTER_MS = 1000

export interface Progress {
  /** How far it is, 0 to 1, and what is being done. */
  update(fraction: number, note: string): void
  /** Takes the bar away. */
  stop(): void
}

export const NO_PROGRESS: Progress = { update() {}, stop() {} }

/** The bar appears by itself after a second, also where nothing has been heard since. */
export function openProgress(clock: Clock, note: string, stream: NodeJS.WriteStream = process.stderr): Progress {
  if (!stream.isTTY) return NO_PROGRESS
  const format = '{bar} {percentage} %  {note}  {duration_formatted}'
  // What Ctrl-C does is for the command to say, so the bar neither listens for it nor changes how the terminal behaves.
  const manners = { gracefulExit: false, hideCursor: false, linewrap: true, clearOnComplete: true }
  const bar = new SingleBar({ stream, format, fps: 5, ...manners })
  const stopped = new AbortController()
  let last = { percent: 0, note }
  let shown = false
  const show = () => {
    shown = true
    bar.start(100, last.percent, last)
  }
  clock.sleep(SHOW_AFTER_MS, stopped.signal).then(show, () => {})
  return {
    update(fraction, note) {
      last = { percent: Math.round(fraction * 100), note }
      if (shown) bar.update(last.percent, last)
    },
    stop() {
      stopped.abort()
      if (shown) bar.stop()
    },
  }
}

/** Shows a bar while something goes on whose progress nobody counts. */
export async function withProgress<T>(clock: Clock, note: string, work: () => Promise<T>): Promise<T> {
  const progress = openProgress(clock, note)
  try {
    return await work()
  } finally {
    progress.stop()
  }
}
