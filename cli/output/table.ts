// Tables for a terminal: columns as wide as their longest cell, numbers to the right.

export type Cell = string | number | null | undefined

const text = (cell: Cell) => (cell == null ? '-' : String(cell))

/** Lines of a table with a header and a rule; numeric columns (all cells numbers, or `right`) are set to the right. */
export function table(
  header: readonly string[],
  rows: readonly (readonly Cell[])[],
  right: readonly number[] = [],
): string {
  const width = header.map((name, i) => Math.max(name.length, ...rows.map((row) => text(row[i]).length)))
  const toRight = header.map(
    (_, i) => right.includes(i) || (rows.length > 0 && rows.every((r) => typeof r[i] === 'number')),
  )
  const line = (cells: readonly Cell[]) =>
    cells
      .map((cell, i) => (toRight[i] ? text(cell).padStart(width[i]!) : text(cell).padEnd(width[i]!)))
      .join('  ')
      .trimEnd()
  return [line(header), width.map((w) => '-'.repeat(w)).join('  '), ...rows.map(line)].join('\n')
}

/** A number for people: thousands grouped, always as many decimals; "-" where there is none. */
export function number(value: number | null | undefined, decimals = 2): string {
  if (value == null) return '-'
  const digits = { minimumFractionDigits: decimals, maximumFractionDigits: decimals }
  // No sign on what rounds to nothing.
  return new Intl.NumberFormat('en-US', { ...digits, signDisplay: 'negative' }).format(value)
}

/** A fraction in per cent; "-" where there is none. */
export const percent = (fraction: number | null | undefined, decimals = 2) =>
  fraction == null ? '-' : `${(fraction * 100).toFixed(decimals)} %`
