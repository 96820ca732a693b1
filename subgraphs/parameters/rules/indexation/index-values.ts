// Carries a parameter on by an index: value(t) = round(base * index(t) / index(t0)).
import { pow } from '../../../../compute/model/math/pow.ts'
import { QuesnayError } from '../../../../schema/errors.ts'
import { yearsAfter, yearsBetween } from '../dates.ts'
import { timelineOf } from '../history/timeline.ts'
import type { DatedValue, Indexation, Parameter } from '../tree.ts'
import { valueAt } from '../value-at.ts'
import { roundTo } from './round.ts'

/** How to index: as in Indexation, but for which index. */
export type IndexRule = Omit<Indexation, 'index'>

/**
 * The derived values of a parameter through a last day, from its own that are known now; earlier derived ones do not count.
 *
 * The base is the last value of the law and t0 its day, or the value on `rule.from` and that day; every value comes from the unrounded
 * ratio of the index to t0, or with `chained` from the rounded value before it. A value is derived for each day after the last
 * of the law on which the index changes, up to `rule.to`. It is known when base and index are. An infinite base stays infinite.
 * Empty where the parameter is no number or has ceased.
 * Errors: BAD_INPUT where base or index has no value on the day, where the index is 0 there, or where their cells differ.
 */
export function indexedValues(
  parameter: Pick<Parameter, 'id' | 'kind' | 'values'>,
  index: readonly DatedValue[],
  rule: IndexRule,
  through: string,
): DatedValue[] {
  const last = lastOfLaw(parameter)
  if (!last) return []
  const start = rule.from ?? last.from
  const base = valueOn(ownValues(parameter), start, parameter.id)
  const origin = valueOn(index, start, `the index of ${parameter.id}`)
  const [, after] = [start, last.from].sort() as [string, string]
  const end = rule.to !== undefined && rule.to < through ? rule.to : through
  const derived: DatedValue[] = []
  let [before, ground] = [base, origin]
  for (const point of timelineOf(index)) {
    if (point.from <= after || point.from > end || point.ceased) continue
    const values = before.values.map((value, cell) =>
      roundTo(
        moved(value, cellOf(parameter.id, point, before, cell), cellOf(parameter.id, ground, before, cell)),
        rule.rounding,
      ),
    )
    const known = [before.known, point.known, ground.known].sort().at(-1)!
    const value: DatedValue = { from: point.from, known, values, derived: true }
    derived.push(value)
    if (rule.chained) [before, ground] = [value, point]
  }
  return derived
}

/**
 * The derived values of a parameter that grows as it did: once a year after its last value, by the mean yearly growth between
 * `rule.from` (a year before the last value) and `rule.to` (the day of the last value).
 * Errors: BAD_INPUT where there is no value on those days, where the first is 0, or where they are not in order.
 */
export function selfIndexedValues(
  parameter: Pick<Parameter, 'id' | 'kind' | 'values'>,
  rule: IndexRule,
  through: string,
): DatedValue[] {
  const last = lastOfLaw(parameter)
  if (!last) return []
  const own = ownValues(parameter)
  const [from, to] = [rule.from ?? yearsAfter(last.from, -1), rule.to ?? last.from]
  const years = yearsBetween(from, to)
  if (years <= 0) throw wrong(parameter.id, `the growth of ${parameter.id} is measured from ${from} to ${to}`)
  const [first, second] = [valueOn(own, from, parameter.id), valueOn(own, to, parameter.id)]
  const growth = last.values.map((_, cell) => {
    const ratio = moved(1, second.values[cell]!, cellOf(parameter.id, first, last, cell))
    return years === 1 ? ratio : pow(ratio, 1 / years)
  })
  const derived: DatedValue[] = []
  let exact = last.values
  for (let n = 1; yearsAfter(last.from, n) <= through; n++) {
    const before = rule.chained ? (derived.at(-1)?.values ?? exact) : exact
    exact = before.map((value, cell) => value * growth[cell]!)
    const values = exact.map((value) => roundTo(value, rule.rounding))
    derived.push({ from: yearsAfter(last.from, n), known: last.known, values, derived: true })
  }
  return derived
}

const ownValues = ({ values }: Pick<Parameter, 'values'>) => values.filter((value) => !value.derived)

/** The last value of the law; undefined where nothing can be carried on. */
function lastOfLaw(parameter: Pick<Parameter, 'kind' | 'values'>): DatedValue | undefined {
  const last = timelineOf(ownValues(parameter)).at(-1)
  return parameter.kind === 'NUMBER' && last && !last.ceased ? last : undefined
}

/** An infinite amount has no index; the product comes first, so that an index that stands still changes no bit. */
function moved(value: number, index: number, origin: number): number {
  if (!Number.isFinite(value) || index === origin) return value
  return (value * index) / origin
}

function valueOn(values: readonly DatedValue[], date: string, what: string): DatedValue {
  const found = valueAt(values, date)
  if (found && !found.ceased && found.values.length > 0) return found
  throw wrong(what, `${what} has no value on ${date}, from which it would be carried on`)
}

/** The index of one cell: its own, or the one there is. */
function cellOf(id: string, point: DatedValue, of: DatedValue, cell: number): number {
  if (point.values.length !== 1 && point.values.length !== of.values.length)
    throw wrong(id, `the index of ${id} has ${point.values.length} cells, ${id} has ${of.values.length}`)
  const value = point.values[point.values.length === 1 ? 0 : cell]!
  if (value !== 0 && Number.isFinite(value)) return value
  throw wrong(id, `the index of ${id} is ${value} from ${point.from} on`)
}

const wrong = (path: string, message: string) =>
  new QuesnayError('BAD_INPUT', message, { path, suggestion: 'mend the index, or index from a day that both cover' })
