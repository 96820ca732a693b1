// A progress bar on a terminal for work that takes over a second; nothing elsewhere.
import { SingleBar } from 'cli-progress'
import type { Clock } from '../../infra/clock.ts'

const SHOW_AFTER_MS = 1000

export interface Progress {
  update(fraction: number, note: string): void
  stop(): void
}

export function openProgress(clock: Clock, stream: NodeJS.WriteStream = process.stderr): Progress {
  if (!stream.isTTY) return { update() {}, stop() {} }
  const startedAt = clock.now()
  let bar: SingleBar | undefined
  return {
    update(fraction, note) {
      if (!bar && clock.now() - startedAt < SHOW_AFTER_MS) return
      if (!bar) {
        bar = new SingleBar({ stream, format: '{bar} {percentage} %  {note}', hideCursor: true, clearOnComplete: true })
        bar.start(100, 0, { note })
      }
      bar.update(Math.round(fraction * 100), { note })
    },
    stop() {
      bar?.stop()
    },
  }
}
