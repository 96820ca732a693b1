// Writes answers line by line: beside the file first, so that what stands there is replaced by the whole or not at all.
import { once } from 'node:events'
import { createWriteStream, renameSync, rmSync, statSync } from 'node:fs'
import type { Writable } from 'node:stream'

export interface AnswersFile {
  write(text: string): Promise<void>
  /** All is there. */
  close(): Promise<void>
  /** Nothing is to be left behind. */
  discard(): Promise<void>
}

/** A file, or standard output for "-". Errors of the disk reject. */
export function openAnswers(path: string): AnswersFile {
  if (path === '-')
    return { write: (text) => into(process.stdout, text), close: async () => {}, discard: async () => {} }
  const there = statSync(path, { throwIfNoEntry: false })
  // A pipe or a device takes what is written as it comes.
  const direct = there !== undefined && !there.isFile()
  const place = direct ? path : `${path}.part`
  const stream = createWriteStream(place)
  const failed = new Promise<never>((_, reject) => stream.once('error', reject))
  failed.catch(() => {})
  return {
    write: (text) => Promise.race([into(stream, text), failed]),
    async close() {
      await Promise.race([new Promise<void>((resolve) => stream.end(resolve)), failed])
      if (!direct) renameSync(place, path)
    },
    async discard() {
      // A file that is still being opened would be made after it was removed.
      if (!stream.closed) await new Promise<void>((resolve) => stream.destroy().once('close', resolve))
      if (!direct) rmSync(place, { force: true })
    },
  }
}

async function into(stream: Writable, text: string): Promise<void> {
  if (stream.destroyed) throw stream.errored ?? new Error('nobody reads on')
  if (!stream.write(text)) await once(stream, 'drain')
}

/** An amount of money to the cent, without a negative zero; any other number as it is. */
export function written(value: number, isMoney: boolean): string {
  if (!isMoney) return String(value + 0)
  const text = value.toFixed(2)
  return text === '-0.00' ? '0.00' : text
}

/** A field of CSV (RFC 4180). */
export const field = (text: string): string => (/[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text)
