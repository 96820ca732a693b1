// The simulation specifications of a file: when a run begins and ends, its step and method (XMILE 1.0, 2.3 and 3.4).
import type { Method } from '../model.ts'
import type { SourceFinding, SourceTime } from '../source/source.ts'
import { invalid, unsupported } from './faults.ts'
import { child, numberOf, textOf, type XmlElement } from './xml.ts'

const METHODS: Readonly<Record<string, Method>> = { euler: 'euler', rk2: 'rk2', rk4: 'rk4' }
/** The standard's optional methods, and isee's, that only a fallback after them can stand for. */
const OPTIONAL = new Set(['rk45', 'gear', 'cycle_time', 'rkauto', 'rk_auto'])

/**
 * Start and stop have no default; dt is 1, the method euler. `dt reciprocal="true"` is 1/dt. Of a list of methods the first that is
 * had. isee's save_interval (also written save_step, savestep) is kept.
 * Errors: MODEL_INVALID names the tag; CONSTRUCT_UNSUPPORTED a method without a fallback, or runs of single groups and modules.
 */
export function readSimSpecs(element: XmlElement, find: (finding: SourceFinding) => void): SourceTime {
  const start = required(element, 'start')
  const stop = required(element, 'stop')
  const dt = stepOf(element)
  if (stop <= start)
    throw invalid({ path: 'sim_specs', line: element.line }, `stops at ${stop}, not after its start at ${start}`)
  const run = child(element, 'run')
  const by = run?.attributes.get('by') ?? 'all'
  if (by !== 'all') throw unsupported({ path: 'sim_specs', line: run?.line ?? element.line }, `a run by ${by}`)
  const saveEvery = saveIntervalOf(element)
  return {
    start,
    stop,
    dt,
    method: methodOf(element, find),
    unit: (element.attributes.get('time_units') ?? textOf(element, 'time_units') ?? '').trim(),
    ...(saveEvery !== undefined && { saveEvery }),
  }
}

function required(element: XmlElement, tag: string): number {
  const text = textOf(element, tag)
  const value = numberOf(text)
  const line = child(element, tag)?.line ?? element.line
  if (text === undefined) throw invalid({ path: 'sim_specs', line }, `has no <${tag}>`)
  if (!Number.isFinite(value)) throw invalid({ path: 'sim_specs', line }, `<${tag}> is '${text}', not a number`)
  return value
}

function stepOf(element: XmlElement): number {
  const step = child(element, 'dt')
  if (!step?.text.trim()) return 1
  const value = numberOf(step.text)
  if (!(value > 0 && Number.isFinite(value)))
    throw invalid({ path: 'sim_specs', line: step.line }, `<dt> is '${step.text.trim()}', not a number above 0`)
  return step.attributes.get('reciprocal')?.toLowerCase() === 'true' ? 1 / value : value
}

function methodOf(element: XmlElement, find: (finding: SourceFinding) => void): Method {
  const written = element.attributes.get('method') ?? textOf(element, 'method')
  if (!written?.trim()) return 'euler'
  const wanted = written.split(',').map((name) => name.trim().toLowerCase())
  const at = wanted.findIndex((name) => Object.hasOwn(METHODS, name))
  const unknown = wanted.slice(0, at < 0 ? undefined : at).find((name) => !OPTIONAL.has(name))
  if (unknown !== undefined || at < 0)
    throw unsupported(
      { path: 'sim_specs', line: element.line },
      `the method ${unknown ?? written.trim()}`,
      'euler, rk2 or rk4',
    )
  if (at > 0)
    find({
      severity: 'INFO',
      code: 'METHOD_FALLBACK',
      path: 'sim_specs',
      message: `${wanted[0]} is not had; ${wanted[at]}, its fallback, is used`,
    })
  return METHODS[wanted[at]!]!
}

function saveIntervalOf(element: XmlElement): number | undefined {
  const names = ['save_step', 'savestep', 'save_interval']
  const written =
    names.map((tag) => textOf(element, tag)).find((text) => text !== undefined) ??
    [...element.attributes].find(([name]) => names.includes(name.replace(/^[^:]*:/, '')))?.[1]
  if (written === undefined) return undefined
  const value = numberOf(written)
  if (!(value > 0 && Number.isFinite(value)))
    throw invalid({ path: 'sim_specs', line: element.line }, `the save interval is '${written}', not a number above 0`)
  return value
}
