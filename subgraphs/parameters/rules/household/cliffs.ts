// Cliffs: where earning more leaves a unit with less.
import { QuesnayError } from '../../../../schema/errors.ts'

/** A fall of net income over earnings from `at` to `until`. */
export interface Cliff {
  readonly at: number
  /** The least step later where net income jumps; where it slides down, the end of that. */
  readonly until: number
  readonly netIncomeBefore: number
  readonly netIncomeAfter: number
  readonly loss: number
  /** How far above `at` net income is what it was; null where it is not by the end of the axis. */
  readonly widthToRecover: number | null
}

export interface CliffSearch {
  /** Rising earnings that are looked at first. */
  readonly grid: readonly number[]
  /** Falls of less than this are none. */
  readonly threshold: number
  /** Places of a jump are found to one part of this many: 100 are cents. */
  readonly partsOfUnit: number
  /** Net income at earnings. */
  readonly netIncome: (earnings: readonly number[]) => Promise<ArrayLike<number>>
}

/** Parts that an interval with a jump is cut into at a time. */
const CUT = 128
/** Intervals searched for jumps: more are a slope, or a threshold that is too low. */
const MOST = 400

interface Interval {
  readonly from: number
  readonly to: number
  readonly before: number
  readonly after: number
}

const change = ({ before, after }: Interval) => after - before

/**
 * Finds falls of net income. An interval of the grid has a jump where net income changes by at least the threshold less than in both
 * intervals beside it, or falls by it; it is cut until the jump stands between two neighbouring cents. Runs of intervals in which
 * net income falls without a jump are slides. A jump is missed where two lie within one interval's width of each other and net income
 * rises all the same; a finer grid finds it. LIMIT_EXCEEDED: more than 400 intervals with jumps.
 */
export async function findCliffs(search: CliffSearch): Promise<Cliff[]> {
  const { threshold, partsOfUnit } = search
  const grid = [...new Set(search.grid.map((x) => Math.round(x * partsOfUnit) / partsOfUnit))]
  const net = await search.netIncome(grid)
  const intervals = intervalsOf(grid, net)
  const jumps = await jumpsIn(search, suspects(intervals, threshold))
  const slides = slidesOf(
    intervals.map((interval) => (jumps.some((jump) => isWithin(jump, interval)) ? null : interval)),
    threshold,
  )
  return [...jumps, ...slides]
    .sort((a, b) => a.from - b.from)
    .map((fall) => ({
      at: fall.from,
      until: fall.to,
      netIncomeBefore: fall.before,
      netIncomeAfter: fall.after,
      loss: -change(fall),
      widthToRecover: widthToRecover(fall, intervals),
    }))
}

const intervalsOf = (grid: readonly number[], net: ArrayLike<number>): Interval[] =>
  grid.slice(1).map((to, i) => ({ from: grid[i]!, to, before: net[i]!, after: net[i + 1]! }))

const isWithin = (jump: Interval, { from, to }: Interval) => jump.from >= from && jump.to <= to

/** Intervals in which there may be a jump: all that fall, where they are few, and those unlike their neighbours. */
function suspects(intervals: readonly Interval[], threshold: number): Interval[] {
  const unlike = intervals.filter((interval, i) => {
    const beside = [intervals[i - 1], intervals[i + 1]].flatMap((one) => (one ? [change(one)] : []))
    return change(interval) <= Math.min(...beside, Number.MAX_VALUE) - threshold && beside.length > 0
  })
  const falling = intervals.filter((interval) => change(interval) <= -threshold)
  const all = [...new Set([...unlike, ...falling])]
  const taken = all.length <= MOST ? all : unlike
  if (taken.length <= MOST) return taken
  throw new QuesnayError('LIMIT_EXCEEDED', `net income may jump in ${taken.length} places`, {
    path: 'threshold',
    limit: MOST,
    suggestion: 'give a higher threshold or a shorter axis',
  })
}

/** The jumps within intervals, each between two neighbouring parts of the unit. */
async function jumpsIn(search: CliffSearch, intervals: readonly Interval[]): Promise<Interval[]> {
  const { threshold, partsOfUnit, netIncome } = search
  const least = (interval: Interval) => Math.round((interval.to - interval.from) * partsOfUnit) <= 1
  const found = intervals.filter((interval) => least(interval) && change(interval) <= -threshold)
  const wide = intervals.filter((interval) => !least(interval))
  if (wide.length === 0) return found
  const points = wide.map(({ from, to }) => {
    const [first, last] = [Math.round(from * partsOfUnit), Math.round(to * partsOfUnit)]
    const width = Math.max(1, Math.ceil((last - first) / CUT))
    const count = Math.ceil((last - first) / width)
    return Array.from({ length: count + 1 }, (_, i) => Math.min(last, first + i * width) / partsOfUnit)
  })
  const net = await netIncome(points.flat())
  let at = 0
  const finer = points.flatMap((xs) => {
    const values = Array.from(xs, () => net[at++]!)
    return suspects(intervalsOf(xs, values), threshold)
  })
  return [...found, ...(await jumpsIn(search, finer))]
}

/** Runs of intervals in which net income falls; null parts them. */
function slidesOf(intervals: readonly (Interval | null)[], threshold: number): Interval[] {
  const slides: Interval[] = []
  let run: Interval | null = null
  for (const interval of [...intervals, null]) {
    if (interval && change(interval) < 0)
      run = run === null ? interval : { from: run.from, before: run.before, to: interval.to, after: interval.after }
    else {
      if (run && change(run) <= -threshold) slides.push(run)
      run = null
    }
  }
  return slides
}

/** Net income is taken to move evenly within an interval of the grid. */
function widthToRecover(fall: Interval, intervals: readonly Interval[]): number | null {
  const back = intervals.find(({ to, after }) => to > fall.to && after >= fall.before)
  if (!back) return null
  const from = back.from > fall.to ? back : { ...back, from: fall.to, before: fall.after }
  const share = (fall.before - from.before) / (from.after - from.before)
  return from.from + Math.max(0, share) * (from.to - from.from) - fall.from
}
