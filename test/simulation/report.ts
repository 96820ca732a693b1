// What a simulation found, as text tables.
import type { SimulationResult } from './simulate.ts'

const percent = (share: number) => `${(100 * share).toFixed(1)} %`
const count = (n: number) => Math.round(n).toLocaleString('en-US')

/** Columns padded to their widest cell; the first to the left, the others to the right. */
export function table(rows: readonly (readonly string[])[]): string {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)))
  const line = (row: readonly string[]) =>
    row.map((cell, i) => (i === 0 ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!))).join('  ')
  return rows.map((row) => line(row).trimEnd()).join('\n')
}

/** Each station, what it did and how busy it was. */
export function stationTable(result: SimulationResult): string {
  const { broker, database, counts, busiestRow } = result
  const station = ({ name, servers, utilisation, meanNumber, meanStayMs, longestLine }: typeof broker) => [
    `${name}, ${servers} cores`,
    percent(utilisation),
    meanNumber.toFixed(1),
    meanStayMs.toFixed(2),
    count(longestLine),
  ]
  return [
    table([
      ['station', 'busy', 'in it, mean', 'stay, ms', 'longest line'],
      ['threads of workers', percent(result.slotUtilisation), '', '', ''],
      station(broker),
      station(database),
      ['busiest row of a job', percent(busiestRow.share), '', `${busiestRow.meanWaitMs.toFixed(2)} in line`, ''],
    ]),
    '',
    table([
      ['what', 'number', 'for each shard'],
      ...Object.entries(counts).map(([name, n]) => [name, count(n), (n / counts.stored).toFixed(4)]),
    ]),
    '',
    `${count(result.shardsPerSecond)} shards/s over ${(result.simulatedMs / 1000).toFixed(1)} simulated seconds; ` +
      `${count(result.events)} events, trace ${result.trace}`,
  ].join('\n')
}

/** One line for a variant among others. */
export function comparisonRow(name: string, result: SimulationResult, ideal: number): string[] {
  return [
    name,
    count(result.shardsPerSecond),
    percent(result.shardsPerSecond / ideal),
    percent(result.slotUtilisation),
    percent(result.broker.utilisation),
    percent(result.database.utilisation),
    percent(result.busiestRow.share),
  ]
}

export const COMPARISON_HEAD = ['variant', 'shards/s', 'of ideal', 'threads', 'broker', 'database', 'busiest row']
