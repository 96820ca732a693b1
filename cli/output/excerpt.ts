// The line of a file that a fault is in, with a caret under the place.

/** Characters of a line shown at most: the rest of a long one is cut on both sides of the place. */
const WIDTH = 100

/** Lines and columns count from 1; without a column no caret, beyond the text ''. */
export function excerpt(text: string, line: number, column?: number): string {
  const whole = text.split(/\r\n|\r|\n/)[line - 1]?.replaceAll('\t', ' ')
  if (whole === undefined) return ''
  const at = Math.min((column ?? 1) - 1, whole.length)
  const from = Math.max(0, Math.min(at - WIDTH / 2, whole.length - WIDTH))
  const cut = whole.slice(from, from + WIDTH)
  const gutter = String(line)
  const shown = `  ${gutter} | ${cut.trimEnd()}`
  if (column === undefined) return shown
  return `${shown}\n  ${' '.repeat(gutter.length)} | ${' '.repeat(at - from)}^`
}
