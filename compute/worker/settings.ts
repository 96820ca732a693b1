// The settings of a worker as options of a command line: `--ack-wait-ms 20000`.
import { parseArgs } from 'node:util'
import { QuesnayError } from '../../schema/errors.ts'
import { WORKER_SETTINGS, type WorkerSettings } from './context.ts'

/** What each is, for the help page. */
const SAY: { readonly [name in keyof WorkerSettings]: string } = {
  ackWaitMs: "the bus's acknowledgement timer; a shard sends heartbeats every third of it",
  heartbeatMs: 'time between two heartbeats of the worker',
  watchMs: 'time between two looks at cancel flags, deadlines and hangs',
  hangMs: 'a shard whose progress stands still this long hangs',
  graceMs: 'time a cancelled kernel has to give up before its thread is ended',
  leaseMs: "a merge not renewed within this time is anybody's",
  drainMs: 'time that shards have to finish when the worker drains',
  retryMs: 'what a shard waits after its first failure; then twice as long, to a minute',
  storePatienceMs: 'how long a computed shard waits for a store that is away',
  kernelPatienceMs: 'how long a shard waits for a worker that holds its kernel',
  kernelPages: 'most pages of 64 KiB that a kernel may declare for its memory',
  threadHeapMb: 'heap of each thread in MiB; a thread that needs more ends alone',
  bindingCacheBytes: 'kept of plans, inputs and specs',
  columnCacheBytes: 'kept of the columns of populations',
  computedBytes: 'kept of computed shards for a merge by this worker',
  mergeCells: 'values that one round of a merge holds in memory',
}

export interface WorkerOption {
  readonly name: keyof WorkerSettings
  /** As written after `--`. */
  readonly option: string
  readonly say: string
  readonly fallback: number
}

export const WORKER_OPTIONS: readonly WorkerOption[] = Object.entries(WORKER_SETTINGS).map(([key, fallback]) => {
  const name = key as keyof WorkerSettings
  return { name, option: kebab(name), say: SAY[name], fallback }
})

/** The settings that arguments name. BAD_INPUT: an option that is not known, or no whole number from 1. */
export function readWorkerSettings(args: readonly string[]): Partial<WorkerSettings> {
  const options = Object.fromEntries(WORKER_OPTIONS.map(({ option }) => [option, { type: 'string' as const }]))
  let values: Readonly<Record<string, unknown>>
  try {
    values = parseArgs({ args: [...args], options }).values
  } catch (error) {
    throw new QuesnayError('BAD_INPUT', (error as Error).message, { path: 'command line' })
  }
  const given = WORKER_OPTIONS.filter(({ option }) => values[option] !== undefined)
  return Object.fromEntries(given.map(({ name, option }) => [name, wholeNumber(option, String(values[option]))]))
}

/** The same settings as arguments. */
export function writeWorkerSettings(settings: Partial<WorkerSettings>): string[] {
  return Object.entries(settings).map(([name, value]) => `--${kebab(name)}=${value}`)
}

function wholeNumber(option: string, text: string): number {
  const value = /^\d+$/.test(text) ? Number(text) : Number.NaN
  if (Number.isSafeInteger(value) && value > 0) return value
  throw new QuesnayError('BAD_INPUT', `--${option} takes a whole number from 1`, { path: `--${option}` })
}

function kebab(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)
}
