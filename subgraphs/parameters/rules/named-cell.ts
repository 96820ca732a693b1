// Which cell of a parameter a person means: by its name, by filing status or by number of children.
import { QuesnayError } from '../../../schema/errors.ts'
import type { FilingStatus } from '../../../schema/terms/tax.ts'
import { cellsOf, type Differing, placeOfCell, vectorName } from './vector.ts'

/** At most one of them is given. */
export interface NamedCell {
  readonly cell?: string | null | undefined
  readonly status?: FilingStatus | null | undefined
  readonly children?: number | null | undefined
}

/**
 * Place of the cell from 0; undefined where none is named.
 * BAD_INPUT below `path`: two are named, the parameter does not differ by it, or has no such cell.
 */
export function namedCell(parameter: Differing & { readonly id: string }, named: NamedCell, path: string) {
  const given = (['cell', 'status', 'children'] as const).filter((key) => named[key] != null)
  const [key, second] = given
  if (key === undefined) return undefined
  const at = (name: string) => (path === '' ? name : `${path}.${name}`)
  const wrong = (name: string, message: string, suggestion: string) =>
    new QuesnayError('BAD_INPUT', message, { path: at(name), suggestion })
  if (second) throw wrong(second, `${key} and ${second} both name a cell`, 'give one of them')
  const { id } = parameter
  const vector = vectorName(parameter)
  const cells = cellsOf(parameter)
  if (key === 'status' && vector !== 'FILING_STATUS')
    throw wrong(key, `${id} does not differ by filing status`, 'leave status out')
  if (key === 'children' && vector !== 'CHILDREN')
    throw wrong(key, `${id} does not differ by number of children`, 'leave children out')
  const place = placeOfCell(cells, String(named[key]))
  if (place >= 0) return place
  const what = key === 'children' ? `${named[key]} children` : `"${String(named[key]).slice(0, 60)}"`
  throw wrong(
    key,
    `${id} has no value for ${what}`,
    cells.length === 1 ? 'it has one value; leave the cell out' : `give one of ${cells.join(', ')}`,
  )
}
