// The progress bar: on a terminal only, and only for what takes over a second.
import { Writable } from 'node:stream'
import { describe, expect, it } from 'vitest'
import { manualClock } from '../../test/support/manual-clock.ts'
import { openProgress, withProgress } from './progress.ts'

/** A stream that keeps what is written; a terminal or none. */
function screen(isTTY: boolean) {
  const written: string[] = []
  const stream = new Writable({
    write(chunk, _encoding, done) {
      written.push(String(chunk))
      done()
    },
  })
  return { stream: Object.assign(stream, { isTTY, columns: 80 }) as unknown as NodeJS.WriteStream, written }
}

describe('a progress bar', () => {
  it('does not appear for work of less than a second', async () => {
    const clock = manualClock()
    const { stream, written } = screen(true)
    const progress = openProgress(clock, 'working', stream)
    await clock.advance(999)
    progress.update(0.5, 'half')
    progress.stop()
    await clock.advance(1000)
    expect(written).toEqual([])
  })

  it('appears after a second by itself, with what was said last', async () => {
    const clock = manualClock()
    const { stream, written } = screen(true)
    const progress = openProgress(clock, 'working', stream)
    progress.update(0.25, '1 of 4 shards')
    await clock.advance(1000)
    progress.stop()
    expect(written.join('')).toMatch(/=+-+ 25 % {2}1 of 4 shards/)
  })

  it('appears where nothing is said at all', async () => {
    const clock = manualClock()
    const { stream, written } = screen(true)
    const progress = openProgress(clock, 'working', stream)
    await clock.advance(1000)
    progress.stop()
    expect(written.join('')).toContain('0 %  working')
  })

  it('does not appear where the stream is no terminal', async () => {
    const clock = manualClock()
    const { stream, written } = screen(false)
    const progress = openProgress(clock, 'working', stream)
    await clock.advance(5000)
    progress.update(1, 'done')
    progress.stop()
    expect(written).toEqual([])
    expect(clock.sleepers).toBe(0)
  })

  it('leaves Ctrl-C to the command', async () => {
    const clock = manualClock()
    const listeners = process.listenerCount('SIGINT')
    const progress = openProgress(clock, 'working', screen(true).stream)
    await clock.advance(1000)
    expect(process.listenerCount('SIGINT')).toBe(listeners)
    progress.stop()
  })
})

describe('withProgress', () => {
  it('returns what the work gives and throws what it throws, and waits for no second', async () => {
    const clock = manualClock()
    expect(await withProgress(clock, 'working', async () => 3)).toBe(3)
    await expect(withProgress(clock, 'working', () => Promise.reject(new Error('no')))).rejects.toThrow('no')
    expect(clock.sleepers).toBe(0)
  })
})
