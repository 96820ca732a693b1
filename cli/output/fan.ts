// A fan chart of one variable in one line each: the median, and the band that nine draws in ten stay in.

const BLOCKS = '▁▂▃▄▅▆▇█'

/** A sparkline on a given scale; a flat scale draws the middle block. */
export function sparkline(values: readonly number[], low: number, high: number): string {
  const span = high - low
  return values
    .map((value) => {
      const share = span > 0 ? (value - low) / span : 0.5
      return BLOCKS[Math.min(BLOCKS.length - 1, Math.max(0, Math.floor(share * BLOCKS.length)))]
    })
    .join('')
}

export interface Fan {
  readonly variable: string
  readonly unit: string
  readonly p05: readonly number[]
  readonly p50: readonly number[]
  readonly p95: readonly number[]
}

/** Characters of a line at most. */
const WIDTH = 60

/** At most WIDTH of the values, evenly spaced, the first and the last among them. */
export function thinned(values: readonly number[]): readonly number[] {
  if (values.length <= WIDTH) return values
  const stride = (values.length - 1) / (WIDTH - 1)
  return Array.from({ length: WIDTH }, (_, i) => values[Math.round(i * stride)]!)
}

/** Three sparklines on one common scale: 95 %, median, 5 %. */
export function fanChart({ variable, unit, ...lines }: Fan): string {
  const [p05, p50, p95] = [thinned(lines.p05), thinned(lines.p50), thinned(lines.p95)]
  const all = [...p05, ...p50, ...p95]
  const low = Math.min(...all)
  const high = Math.max(...all)
  const row = (label: string, values: readonly number[]) =>
    `  ${label.padEnd(6)} ${sparkline(values, low, high)}  ${significant(values.at(-1) ?? Number.NaN)}`
  return [`${variable}, ${unit}`, row('95 %', p95), row('median', p50), row('5 %', p05)].join('\n')
}

/** One sparkline on its own scale, for a variable without spread. */
export function lineChart({ variable, unit, p50 }: Fan): string {
  const line = thinned(p50)
  const drawn = sparkline(line, Math.min(...line), Math.max(...line))
  return `${variable}, ${unit}\n  ${drawn}  ${significant(line.at(-1) ?? Number.NaN)}`
}

/** Three significant digits, with an exponent where the number is tiny or huge. */
export const significant = (value: number): string => String(Number(value.toPrecision(3)))
