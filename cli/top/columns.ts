// Cells of a table on a terminal of so many columns: cut, filled and set by what the terminal makes of each character.
import stringWidth from 'string-width'
import { printable } from '../output/printable.ts'

const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' })

/** The text in exactly so many columns: a longer one ends in "…", a shorter one is filled at its end, or at its start. */
export function fitted(text: string, width: number, right = false): string {
  const clean = printable(text).replace(/[\t\n]/g, ' ')
  const wide = stringWidth(clean)
  if (wide <= width) return right ? ' '.repeat(width - wide) + clean : clean + ' '.repeat(width - wide)
  let cut = ''
  let taken = 0
  for (const { segment } of graphemes.segment(clean)) {
    const next = stringWidth(segment)
    if (taken + next > width - 1) break
    cut += segment
    taken += next
  }
  return width < 1 ? '' : `${cut}…${' '.repeat(width - 1 - taken)}`
}

export interface Column<Row> {
  readonly title: string
  /** 0: what is left of the line; one column of a table may have it. */
  readonly width: number
  readonly right?: boolean
  cell(row: Row): string
}

/** Columns that the column of width 0 needs to be worth showing. */
const LEAST_REST = 8

/** Lines of a table in exactly `columns`: the titles, then the rows. Columns that do not fit are left out from the end. */
export function tableLines<Row>(layout: readonly Column<Row>[], rows: readonly Row[], columns: number): string[] {
  const shown = [...layout]
  const taken = () => shown.reduce((sum, { width }) => sum + (width || LEAST_REST) + 1, -1)
  while (shown.length > 1 && taken() > columns) shown.pop()
  const fixed = shown.reduce((sum, { width }) => sum + width + 1, -1)
  const widthOf = ({ width }: Column<Row>) => (width === 0 ? Math.max(0, columns - fixed) : width)
  const line = (cell: (column: Column<Row>) => string) =>
    fitted(shown.map((column) => fitted(cell(column), widthOf(column), column.right)).join(' '), columns)
  return [line(({ title }) => title), ...rows.map((row) => line((column) => column.cell(row)))]
}
