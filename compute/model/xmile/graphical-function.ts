// A graphical function of a file: its points, its type, and what is wrong with them (XMILE 1.0, 3.1.4 and 4.1.3).
import type { GraphicalFunction } from '../source/source.ts'
import { invalid, type Place, unsupported } from './faults.ts'
import { child, numberOf, type XmlElement } from './xml.ts'

const TYPES: Readonly<Record<string, GraphicalFunction['type']>> = {
  continuous: 'continuous',
  extrapolate: 'extrapolate',
  discrete: 'discrete',
  // older files of isee
  graphical: 'continuous',
  step: 'discrete',
}

/** True where the element defines points; without any it only names a function defined elsewhere. */
export function hasPoints(gf: XmlElement): boolean {
  return gf.children.some(({ tag }) => tag === 'ypts' || tag === 'xpts')
}

/**
 * The points of a `<gf>`: of xpts, or spread evenly over xscale. yscale is presentation.
 * Errors: MODEL_INVALID for points that are missing, no numbers, of unequal number, or do not rise; CONSTRUCT_UNSUPPORTED for two
 * different values at one x.
 */
export function readGraph(gf: XmlElement, owner: Place): GraphicalFunction {
  const place = { ...owner, line: gf.line }
  const written = (gf.attributes.get('type') ?? 'continuous').trim().toLowerCase()
  const type = gf.attributes.get('discrete') === 'true' ? 'discrete' : TYPES[written]
  if (!type)
    throw unsupported(place, `a graphical function of type ${written}`, Object.keys(TYPES).slice(0, 3).join(', '))
  const ys = pointsOf(gf, 'ypts', place)
  if (!ys?.length) throw invalid(place, 'its graphical function has no <ypts>')
  const xs = pointsOf(gf, 'xpts', place) ?? spread(gf, ys.length, place)
  if (xs.length !== ys.length)
    throw invalid(place, `its graphical function has ${xs.length} values of x and ${ys.length} of y`)
  return { type, ...rising(xs, ys, place) }
}

function pointsOf(gf: XmlElement, tag: string, place: Place): number[] | undefined {
  const element = child(gf, tag)
  const text = element?.text.trim()
  if (!element || !text) return undefined
  const separator = element.attributes.get('sep') || (text.includes(',') ? ',' : /[;\s]+/)
  const parts = text.split(separator).map((part) => part.trim())
  if (parts.at(-1) === '') parts.pop()
  return parts.map((part, i) => {
    const value = numberOf(part)
    if (!Number.isFinite(value)) throw invalid(place, `number ${i + 1} of its <${tag}> is '${part}', not a number`)
    return value
  })
}

function spread(gf: XmlElement, count: number, place: Place): number[] {
  const scale = child(gf, 'xscale')
  const min = numberOf(scale?.attributes.get('min'))
  const max = numberOf(scale?.attributes.get('max'))
  if (!Number.isFinite(min) || !Number.isFinite(max))
    throw invalid(place, 'its graphical function has neither <xpts> nor an <xscale> with min and max')
  if (max <= min) throw invalid(place, `the <xscale> of its graphical function does not rise: ${min} to ${max}`)
  // The last point is the given one, not what rounding makes of it.
  return Array.from({ length: count }, (_, i) =>
    i > 0 && i === count - 1 ? max : min + (i * (max - min)) / (count - 1 || 1),
  )
}

function rising(xs: readonly number[], ys: readonly number[], place: Place): { xs: number[]; ys: number[] } {
  const kept = { xs: [] as number[], ys: [] as number[] }
  for (const [i, x] of xs.entries()) {
    const y = ys[i]!
    const last = kept.xs.at(-1)
    if (last !== undefined && x < last)
      throw invalid(place, `the x of its graphical function falls from ${last} to ${x}`)
    if (x === last) {
      if (y === kept.ys.at(-1)) continue
      throw unsupported(place, `a jump of a graphical function at x = ${x}`, 'move one of the two points a little')
    }
    kept.xs.push(x)
    kept.ys.push(y)
  }
  return kept
}
