// Findings in the cells of a file: by column and row, a few of each kind and the number of the others.
import type { Finding } from '../../../shared/types.ts'

/** Rows that are named of each kind of fault in a column: the others are counted. */
export const LISTED = 10

interface Kind {
  readonly code: string
  readonly column: string
  readonly listed: Finding[]
  count: number
}

/** Row and column of a file, as a finding names them: `row:17:e00200p`, rows counted from 1 without the header. */
export const placeOf = (row: number, column: string): string => `row:${row + 1}:${column}`

export class Faults {
  readonly #kinds = new Map<string, Kind>()

  /** @param row from 0 */
  add(code: string, row: number, column: string, message: string, suggestion: string): void {
    const kind = this.#kindOf(code, column)
    if (kind.count++ < LISTED)
      kind.listed.push({ severity: 'ERROR', code, path: placeOf(row, column), message, suggestion })
  }

  /** Column by column in the order of the first fault. */
  list(): Finding[] {
    return [...this.#kinds.values()].flatMap(({ code, column, listed, count }) =>
      count <= LISTED
        ? listed
        : [
            ...listed,
            {
              severity: 'ERROR' as const,
              code,
              path: column,
              message: `${count - LISTED} more at fault in the same way`,
              suggestion: 'mend them all and import again',
            },
          ],
    )
  }

  #kindOf(code: string, column: string): Kind {
    const key = `${code} ${column}`
    const known = this.#kinds.get(key)
    if (known) return known
    const kind: Kind = { code, column, listed: [], count: 0 }
    this.#kinds.set(key, kind)
    return kind
  }
}
