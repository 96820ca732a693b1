// Reads and writes `uprating`: by which index a parameter goes on after its last value, and how it is rounded.
import type { Indexation, Rounding, RoundingMode } from '../tree.ts'
import { dayOf } from './instant.ts'

// The rounding called nearest is Python's: halves go to the even one.
const MODES: Readonly<Record<string, RoundingMode>> = { nearest: 'EVEN', upwards: 'UP', downwards: 'DOWN' }
const KEYS = ['parameter', 'rounding', 'start_instant', 'from', 'to', 'interval', 'number', 'at_defined_interval']

export interface ReadUprating {
  readonly indexation: Indexation
  /** It says more than an Indexation holds: kept as it is. */
  readonly more: boolean
  /** What is wrong with it; it is read as far as it goes. */
  readonly faults: readonly string[]
}

/** `gov.x[0].amount`, counted from 0, is gov.x.1.amount here. */
export const idOf = (path: string): string =>
  path.replace(/(?:\.brackets)?\[(\d{1,6})\]/g, (_, index: string) => `.${Number(index) + 1}`)

/** undefined where there is none. `below` is put before the ids of the tree. */
export function readUprating(raw: unknown, below: (id: string) => string): ReadUprating | string | undefined {
  if (raw === undefined || raw === null || raw === false) return undefined
  const map = typeof raw === 'string' ? { parameter: raw } : raw
  if (typeof map !== 'object' || Array.isArray(map)) return 'uprating is neither the name of a parameter nor a map'
  const { parameter, rounding, start_instant, from, to, ...rest } = map as Record<string, unknown>
  if (typeof parameter !== 'string' || parameter === '') return 'uprating names no parameter'
  const faults = Object.keys(rest)
    .filter((key) => !KEYS.includes(key))
    .map((key) => `"${key}" has no meaning in uprating`)
  const read = readRounding(rounding)
  if (typeof read === 'string') faults.push(read)
  const self = parameter === 'self'
  const start = dayText(self ? from : start_instant, faults)
  const end = dayText(to, faults)
  return {
    faults,
    more: Object.keys(rest).length > 0 || (self ? start_instant : from) !== undefined,
    indexation: {
      index: self ? 'self' : below(idOf(parameter)),
      rounding: typeof read === 'string' ? null : read,
      ...(start === undefined ? {} : { from: start }),
      ...(end === undefined ? {} : { to: end }),
      chained: rest['at_defined_interval'] !== undefined && rest['at_defined_interval'] !== null,
    },
  }
}

function dayText(raw: unknown, faults: string[]): string | undefined {
  if (raw === undefined || raw === null) return undefined
  const day = dayOf(String(raw))
  if (day === undefined) faults.push(`"${String(raw).slice(0, 40)}" is no date`)
  return day
}

/** A number is an interval to whose nearest multiple it is rounded. */
function readRounding(raw: unknown): Rounding | null | string {
  if (raw === undefined || raw === null) return null
  const { type = 'nearest', interval } = typeof raw === 'object' ? (raw as Record<string, unknown>) : { interval: raw }
  const mode = typeof type === 'string' && Object.hasOwn(MODES, type) ? MODES[type] : undefined
  if (typeof interval !== 'number' || !(interval > 0)) return 'rounding has no interval above 0'
  return mode
    ? { mode, interval }
    : `rounding is by ${Object.keys(MODES).join(', ')}, not "${String(type).slice(0, 40)}"`
}

/** With every id of the tree changed by `rename`; for what is kept as it is. */
export function renameUprating(raw: unknown, rename: (id: string) => string): unknown {
  if (typeof raw === 'string') return raw === 'self' ? raw : rename(raw)
  if (typeof raw !== 'object' || raw === null || Array.isArray(raw)) return raw
  const { parameter } = raw as { parameter?: unknown }
  return typeof parameter === 'string' && parameter !== 'self' ? { ...raw, parameter: rename(parameter) } : raw
}

/** `uprating` as readUprating reads it. NEAREST is written as nearest too: it differs in halves only. */
export function writeUprating({ index, rounding, from, to }: Indexation, rename: (id: string) => string): unknown {
  const parameter = index === 'self' ? index : rename(index)
  if (!rounding && from === undefined && to === undefined) return parameter
  const type = Object.keys(MODES).find((name) => MODES[name] === rounding?.mode) ?? 'nearest'
  return {
    parameter,
    ...(rounding ? { rounding: { type, interval: rounding.interval } } : {}),
    ...(from === undefined ? {} : { [index === 'self' ? 'from' : 'start_instant']: from }),
    ...(to === undefined ? {} : { to }),
  }
}
