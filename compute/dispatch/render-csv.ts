// A result as CSV: numbers in the shortest form that reads back the same, quoted as RFC 4180 says; lines end in LF.
import type { Cells, ResultTable } from './result-table.ts'

export async function* renderCsv(table: ResultTable): AsyncGenerator<Uint8Array> {
  const encoder = new TextEncoder()
  yield encoder.encode(`${table.columns.map(({ name }) => quoted(name)).join(',')}\n`)
  for await (const part of table.parts()) yield encoder.encode(linesOf(part))
}

function linesOf(part: readonly Cells[]): string {
  const lines: string[] = []
  for (let row = 0; row < part[0]!.length; row++) {
    let line = ''
    for (const [i, cells] of part.entries()) line += `${i === 0 ? '' : ','}${textOf(cells[row]!)}`
    lines.push(line)
  }
  return `${lines.join('\n')}\n`
}

const textOf = (cell: string | number) => (typeof cell === 'string' ? quoted(cell) : Object.is(cell, -0) ? '-0' : cell)
const quoted = (field: string) => (/[",\r\n]/.test(field) ? `"${field.replaceAll('"', '""')}"` : field)
