// What a plain (unquoted) YAML scalar is in a tree of parameters: the words and numbers of YAML 1.1, which the readers of such trees
// use, but dates stay text.

export type Plain = string | number | boolean | null

const YES = /^(?:yes|true|on)$/i
const NO = /^(?:no|false|off)$/i
const NUMBER = /^[-+]?(?:0|[1-9][0-9_]*|(?:[0-9][0-9_]*)?\.[0-9_]+|[0-9][0-9_]*\.)(?:e[-+]?[0-9]+)?$/i
const INFINITY = /^([-+]?)\.inf$/i
const NAN = /^\.nan$/i
const RADIX = /^[-+]?0[xob][0-9a-f_]+$/i

/**
 * `1_000` is 1000, `.inf` an infinity, `yes` true, `~` null, `2020-01-01` a text. Numbers with a leading zero, such as codes of places,
 * stay text. NaN where it says `.nan`.
 */
export function plainScalar(text: string): Plain {
  const first = text.charCodeAt(0)
  if (text === '' || text === '~') return null
  if ((first >= 48 && first <= 57) || first === 45 || first === 43 || first === 46) return numeric(text)
  if (text.length > 5 || text.length < 2) return text
  if (YES.test(text)) return true
  if (NO.test(text)) return false
  return /^null$/i.test(text) ? null : text
}

function numeric(text: string): Plain {
  if (NUMBER.test(text)) return Number(text.replaceAll('_', ''))
  const infinity = INFINITY.exec(text)
  if (infinity) return infinity[1] === '-' ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY
  if (NAN.test(text)) return Number.NaN
  if (!RADIX.test(text)) return text
  const digits = text.replaceAll('_', '')
  return digits.startsWith('-') ? -Number(digits.slice(1)) : Number(digits.replace('+', ''))
}
