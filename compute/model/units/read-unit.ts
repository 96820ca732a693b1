// Units as model files of all kinds write them: "USD bn", "Degrees Fahrenheit/Minute", "people/(km^2 * Month)", "Dmnl", "$".
import { knownUnit } from '../../../schema/units.ts'
import { type Dimension, ONE, times } from './dimension.ts'

/** Words that stand for others, after capitals and the plural are taken off. */
const ALIASES = new Map(
  Object.entries({
    people: 'person',
    child: 'children',
    deg: 'degree',
    '°': 'degree',
    $: 'dollar',
    '€': 'eur',
    '£': 'gbp',
    '¥': 'jpy',
    euro: 'eur',
    yr: 'year',
    qtr: 'quarter',
    mo: 'month',
    wk: 'week',
    hr: 'hour',
    min: 'minute',
    sec: 'second',
    s: 'second',
    '%': 'percent',
    million: 'mn',
    billion: 'bn',
    trillion: 'tn',
    none: 'fraction',
  }),
)

const TOKEN = /\s*(?:(\d+(?:\.\d+)?(?:e[+-]?\d+)?)|([\p{L}_$€£¥%#°][\p{L}\p{N}_$#°.]*)|([/*·()^-]))/giuy

/** No unit is longer, and deeper parentheses would exhaust the stack. */
const MAX_TEXT = 400

interface Reader {
  readonly tokens: readonly string[]
  at: number
  readonly time: Dimension | undefined
}

/**
 * The dimension of a unit; undefined where the text is none. Capitals and the plural do not count, words side by side are
 * multiplied, each word that is not known is a base unit of its own, and `time` is the unit of the model's time where it is given.
 */
export function readUnit(text: string, time?: Dimension): Dimension | undefined {
  if (text.length > MAX_TEXT) return undefined
  const tokens = [...text.replaceAll('_', ' ').matchAll(TOKEN)].map((match) => match[0].trim())
  if (tokens.length === 0 || tokens.join('') !== text.replaceAll(/[\s_]/g, '')) return undefined
  const reader: Reader = { tokens, at: 0, time }
  const unit = product(reader)
  return unit && reader.at === tokens.length ? unit : undefined
}

/** From the left; what stands after `/` or `per` divides. */
function product(reader: Reader): Dimension | undefined {
  // "per second" alone: what is above is 1.
  let unit = reader.tokens[reader.at]?.toLowerCase() === 'per' ? ONE : words(reader)
  while (unit && reader.at < reader.tokens.length && reader.tokens[reader.at] !== ')') {
    const operator = reader.tokens[reader.at]!.toLowerCase()
    const below = operator === '/' || operator === 'per'
    if (below || operator === '*' || operator === '·' || operator === '-') reader.at++
    const next = words(reader)
    unit = next && times(unit, next, below ? -1 : 1)
  }
  return unit
}

/** Words side by side are one unit: people/square mile. */
function words(reader: Reader): Dimension | undefined {
  let unit = factor(reader)
  while (unit && reader.at < reader.tokens.length && !/^(?:[/*·)^-]|per)$/i.test(reader.tokens[reader.at]!)) {
    const next = factor(reader)
    unit = next && times(unit, next)
  }
  return unit
}

function factor(reader: Reader): Dimension | undefined {
  const token = reader.tokens[reader.at++]
  let unit: Dimension | undefined
  if (token === '(') {
    unit = product(reader)
    if (reader.tokens[reader.at++] !== ')') return undefined
  } else if (token !== undefined && /^\d/.test(token))
    unit = Number(token) > 0 ? { ...ONE, factor: Number(token) } : undefined
  else if (token !== undefined && !'/*·)^-'.includes(token) && token.toLowerCase() !== 'per')
    unit = word(token, reader.time)
  if (!unit || reader.tokens[reader.at] !== '^') return unit
  reader.at++
  const sign = reader.tokens[reader.at] === '-' ? -1 : 1
  if (sign < 0) reader.at++
  const exponent = Number(reader.tokens[reader.at++])
  return Number.isInteger(exponent) && exponent <= 9 ? times(ONE, unit, sign * exponent) : undefined
}

function word(text: string, time: Dimension | undefined): Dimension {
  const bare = singular(text.toLowerCase())
  const name = ALIASES.get(bare) ?? bare
  if (name === 'time' && time) return time
  const known = knownUnit(name)
  if (!known) return { factor: 1, exponents: new Map([[name, 1]]) }
  const [up, down, base] = known
  return { factor: up / down, exponents: new Map(base === null ? [] : [[base, 1]]) }
}

/** Without the ending of the plural; what it makes of other words is of no account, as it makes the same of them everywhere. */
function singular(word: string): string {
  if (word.length < 3 || /(?:ss|us|is)$/.test(word) || knownUnit(word)) return word
  if (word.endsWith('ies')) return `${word.slice(0, -3)}y`
  if (/(?:ch|sh|x|ss)es$/.test(word)) return word.slice(0, -2)
  return word.endsWith('s') ? word.slice(0, -1) : word
}

/** Words for the powers of a year, the model's own first where they are shown. */
const TIMES = ['year', 'quarter', 'month', 'week', 'day', 'hour', 'minute', 'second']
const SCALES: readonly (readonly [number, string])[] = [
  [1, ''],
  [1e3, 'thousand'],
  [1e6, 'mn'],
  [1e9, 'bn'],
  [1e12, 'tn'],
  [0.01, 'percent'],
]

/** A dimension in words: "bn usd/year", "person/month", "1/day", "dimensionless". */
export function writeUnit({ factor, exponents }: Dimension): string {
  const years = exponents.get('year') ?? 0
  for (const time of years === 0 ? ['year'] : TIMES) {
    const [up, down] = knownUnit(time)!
    const rest = factor / (up / down) ** years
    const scale = SCALES.find(([size]) => Math.abs(rest / size - 1) < 1e-9)
    if (scale) return inWords(scale[1], exponents, time)
  }
  return inWords(String(Number(factor.toPrecision(6))), exponents, 'year')
}

function inWords(scale: string, exponents: Dimension['exponents'], time: string): string {
  const words = (sign: 1 | -1) =>
    [...exponents]
      .filter(([, exponent]) => exponent * sign > 0)
      .map(([base, exponent]) => (base === 'year' ? time : base) + (exponent * sign === 1 ? '' : `^${exponent * sign}`))
  const above = [...words(1), ...(scale === '' ? [] : [scale])].join(' ')
  const below = words(-1).map((text) => `/${text}`)
  if (above === '' && below.length === 0) return 'dimensionless'
  return `${above === '' ? '1' : above}${below.join('')}`
}

/** A number up to 1 as a unit: "percent", "1/thousand", "month/year", or the number. */
export function writeShare(share: number): string {
  const is = (size: number) => Math.abs(share / size - 1) < 1e-9
  const scale = SCALES.find(([size, name]) => name !== '' && (is(size) || is(1 / size)))
  if (scale) return is(scale[0]) ? scale[1] : `1/${scale[1]}`
  const size = (name: string) => knownUnit(name)![0] / knownUnit(name)![1]
  for (const small of TIMES) for (const large of TIMES) if (is(size(small) / size(large))) return `${small}/${large}`
  return String(Number(share.toPrecision(6)))
}
