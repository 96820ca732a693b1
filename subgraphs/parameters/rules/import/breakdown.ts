// What a breakdown runs over: the values of an enum, a range of numbers, or a list.
import { FILING_STATUSES } from '../../../../schema/terms/tax.ts'

/** Members by the name of the variable. */
export type Enums = Readonly<Record<string, readonly string[]>>

// States of the United States, the District of Columbia, territories and military mail (USPS Publication 28, appendix B).
const STATES =
  'AL AK AZ AR CA CO CT DE FL GA HI ID IL IN IA KS KY LA ME MD MA MI MN MS MO MT NE NV NH NJ NM NY NC ND OH OK OR PA RI SC SD TN TX UT VT VA WA WV WI WY DC GU MP PW PR VI AA AE AP'

/** Those that the United States' trees name; others are given with the import. */
export const KNOWN_ENUMS: Enums = { filing_status: FILING_STATUSES, state_code: STATES.split(' ') }

/** The most members of one level. */
const MAX_MEMBERS = 10_000

const RANGE = /^(?:list\()?\s*range\(\s*(-?\d{1,9})\s*(?:,\s*(-?\d{1,9})\s*)?(?:,\s*(-?\d{1,9})\s*)?\)\s*\)?$/
const ITEM = /"([^"]*)"|'([^']*)'|(-?\d+(?:\.\d+)?)|(True|False)/g

/** As texts: one for each level. undefined where it is neither a word nor a list. */
export function readBreakdown(raw: unknown): string[] | undefined {
  if (typeof raw === 'string') return [raw]
  if (!Array.isArray(raw)) return undefined
  return raw.map((level) => (Array.isArray(level) ? JSON.stringify(level) : String(level)))
}

/**
 * Names of the children at a level: of a variable in `enums`, of `range(1,11)` (1 to 10), or of `['A', 'B']`.
 * A variable that is not known may be yes or no: `children` says so. undefined where nothing is known.
 */
export function membersOf(level: string, enums: Enums, children: readonly string[]): readonly string[] | undefined {
  if (Object.hasOwn(enums, level)) return enums[level]
  const range = RANGE.exec(level)
  if (range) return rangeOf(range[1]!, range[2], range[3])
  if (/^[[(].*[\])]$/s.test(level.trim())) return [...level.matchAll(ITEM)].map(([, a, b, c, d]) => a ?? b ?? c ?? d!)
  if (children.length > 0 && children.every((child) => /^(?:true|false)$/i.test(child)))
    return children[0]!.startsWith('t') || children[0]!.startsWith('f') ? ['true', 'false'] : ['True', 'False']
  return undefined
}

function rangeOf(first: string, second: string | undefined, third: string | undefined): string[] | undefined {
  const [start, stop, step] =
    second === undefined ? [0, Number(first), 1] : [Number(first), Number(second), Number(third ?? 1)]
  const count = step === 0 ? 0 : Math.max(0, Math.ceil((stop - start) / step))
  return count > MAX_MEMBERS ? undefined : Array.from({ length: count }, (_, i) => String(start + i * step))
}
