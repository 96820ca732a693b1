// A result as CSV: a row for each saved time, `Time` first; numbers in the shortest form that reads back the same.
// Quoted as RFC 4180 says; lines end in LF, as the tools of a shell expect.
import { type ResultFile, resultColumns } from './result-columns.ts'

export function resultCsv({ results }: ResultFile): string {
  const columns = resultColumns(results)
  const header = columns.map(({ name }) => quoted(name)).join(',')
  const rows = results.times.map((_, i) => columns.map(({ values }) => values[i]).join(','))
  return `${[header, ...rows].join('\n')}\n`
}

const quoted = (field: string) => (/[",\r\n]/.test(field) ? `"${field.replaceAll('"', '""')}"` : field)
