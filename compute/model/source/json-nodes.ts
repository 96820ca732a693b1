// JSON text as the nodes that the YAML library would make of it, several times as fast: models that programs write are long.
import { Pair, Scalar, YAMLMap, YAMLSeq } from 'yaml'

/** Deeper ones are left to the YAML library and to what it says of them. */
const MAX_DEPTH = 100

const BLANK = /[ \t\r\n]*/y
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y
const WORDS = [
  ['true', true],
  ['false', false],
  ['null', null],
] as const

type JsonNode = Scalar | YAMLMap<Scalar, JsonNode> | YAMLSeq<JsonNode>

/** The nodes of a JSON text, each with its range; undefined where it is not JSON (RFC 8259), and so perhaps YAML or at fault. */
export function jsonNodes(text: string): JsonNode | undefined {
  const reader = new JsonReader(text)
  const node = reader.value(0)
  return node && reader.isAtEnd() ? node : undefined
}

class JsonReader {
  private readonly text: string
  private at = 0

  constructor(text: string) {
    this.text = text
  }

  isAtEnd(): boolean {
    return this.next() === ''
  }

  /** Undefined at the first thing that has no place in JSON. */
  value(depth: number): JsonNode | undefined {
    const found = this.next()
    if (depth > MAX_DEPTH) return undefined
    if (found === '"') return this.string()
    if (found === '{') return this.map(depth + 1)
    if (found === '[') return this.list(depth + 1)
    return this.number() ?? this.word()
  }

  private map(depth: number): YAMLMap<Scalar, JsonNode> | undefined {
    const node = new YAMLMap<Scalar, JsonNode>()
    const start = this.at
    const done = this.items('}', () => {
      const key = this.next() === '"' ? this.string() : undefined
      if (!key || this.next() !== ':') return false
      this.at++
      const value = this.value(depth)
      return value !== undefined && node.items.push(new Pair(key, value)) > 0
    })
    return done ? this.placed(node, start) : undefined
  }

  private list(depth: number): YAMLSeq<JsonNode> | undefined {
    const node = new YAMLSeq<JsonNode>()
    const start = this.at
    const done = this.items(']', () => {
      const value = this.value(depth)
      return value !== undefined && node.items.push(value) > 0
    })
    return done ? this.placed(node, start) : undefined
  }

  /** What stands between an opening bracket and its `end`, parted by commas; false where an item cannot be read. */
  private items(end: string, read: () => boolean): boolean {
    this.at++
    if (this.next() !== end) {
      if (!read()) return false
      while (this.next() === ',') {
        this.at++
        if (!read()) return false
      }
      if (this.next() !== end) return false
    }
    this.at++
    return true
  }

  private string(): Scalar<string> | undefined {
    const { text, at } = this
    let end = text.indexOf('"', at + 1)
    while (end > 0 && isEscaped(text, end)) end = text.indexOf('"', end + 1)
    if (end < 0) return undefined
    const written = text.slice(at, end + 1)
    const value = parsedString(written)
    if (value === undefined) return undefined
    this.at = end + 1
    return this.placed(new Scalar(value), at, 'QUOTE_DOUBLE')
  }

  private number(): Scalar<number> | undefined {
    const { text, at } = this
    NUMBER.lastIndex = at
    if (!NUMBER.test(text)) return undefined
    this.at = NUMBER.lastIndex
    const written = text.slice(at, this.at)
    const node = this.placed(new Scalar(Number(written)), at, 'PLAIN')
    node.source = written
    return node
  }

  private word(): Scalar | undefined {
    const { text, at } = this
    const found = WORDS.find(([word]) => text.startsWith(word, at))
    if (!found) return undefined
    this.at += found[0].length
    return this.placed(new Scalar(found[1]), at, 'PLAIN')
  }

  private placed<N extends Scalar | YAMLMap<Scalar, JsonNode> | YAMLSeq<JsonNode>>(
    node: N,
    start: number,
    type?: Scalar.Type,
  ): N {
    node.range = [start, this.at, this.at]
    if (type) (node as Scalar).type = type
    return node
  }

  /** The next character that is no blank, where the reader then stands; empty at the end. */
  private next(): string {
    BLANK.lastIndex = this.at
    BLANK.test(this.text)
    this.at = BLANK.lastIndex
    return this.text.charAt(this.at)
  }
}

/** Whether an odd number of backslashes stands before a quotation mark. */
function isEscaped(text: string, quote: number): boolean {
  let before = quote - 1
  while (text.charCodeAt(before) === 92) before--
  return (quote - before) % 2 === 0
}

/** The value of a text with its quotation marks; undefined where it has a line break, or an escape that JSON has not. */
function parsedString(written: string): string | undefined {
  try {
    return JSON.parse(written) as string
  } catch {
    return undefined
  }
}
