// A part of a YAML model file, read as what is expected of it; each fault says where in the file it stands.
import { isMap, isScalar, isSeq, LineCounter, type Node, type Pair, parseDocument, type Scalar } from 'yaml'
import { isQuesnayError, QuesnayError } from '../../../schema/errors.ts'
import { didYouMean } from '../did-you-mean.ts'
import { canonicalName, type Formula, type Position } from '../formula/ast.ts'
import { parseFormula } from '../formula/parse-formula.ts'
import { constantOf } from './constant.ts'
import { jsonNodes } from './json-nodes.ts'

interface File {
  readonly text: string
  readonly place: (offset: number) => Position
}

/** The root of a YAML (or JSON) text. MODEL_INVALID with line and column where it is none. */
export function readYaml(text: string): YamlPart {
  const lines = new LineCounter()
  const { contents, errors } = json(text, lines) ?? parsed(text, lines)
  const place = (offset: number): Position => {
    const { line, col } = lines.linePos(offset)
    return { line: Math.max(1, line), column: Math.max(1, col) }
  }
  const file = { text, place }
  const [error] = errors
  const root = new YamlPart(file, 'the file', contents, error?.pos[0] ?? 0)
  if (error)
    throw root.fault(
      `not YAML: ${error.message.split('\n')[0]!.replace(/ at line \d+, column \d+:?$/, '')}`,
      'mend the syntax here',
    )
  return root
}

/** What `parsed` would give; undefined where the text is not JSON. */
function json(text: string, lines: LineCounter): { contents: Node; errors: [] } | undefined {
  const contents = jsonNodes(text)
  if (!contents) return undefined
  lines.addNewLine(0)
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) lines.addNewLine(at + 1)
  return { contents, errors: [] }
}

/** The YAML library walks the text by recursion; it compares each key with all others, which `entries` does better. */
function parsed(text: string, lines: LineCounter) {
  try {
    return parseDocument(text, { lineCounter: lines, uniqueKeys: false })
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    const at = { line: 1, column: 1 }
    throw new QuesnayError('MODEL_INVALID', 'the file is nested too deeply to be read', { path: 'the file', ...at })
  }
}

export class YamlPart {
  /** How it is called in messages: the variable, or the keys that lead to it. */
  readonly path: string
  readonly at: Position
  /** Where its key stands, if it has one. */
  readonly keyAt: Position
  private readonly file: File
  private readonly node: Node | null

  constructor(file: File, path: string, node: Node | null, start: number, keyStart = start) {
    this.file = file
    this.path = path
    this.node = node
    this.at = file.place(start)
    this.keyAt = file.place(keyStart)
  }

  /** MODEL_INVALID at this part, or at its key. */
  fault(message: string, suggestion?: string, { line, column } = this.at): QuesnayError {
    return new QuesnayError('MODEL_INVALID', `${this.path}: line ${line}, column ${column}: ${message}`, {
      path: this.path,
      line,
      column,
      ...(suggestion ? { suggestion } : {}),
    })
  }

  /** `key:` without a value. */
  get isEmpty(): boolean {
    return this.node === null || (isScalar(this.node) && this.node.value === null)
  }

  get isMap(): boolean {
    return isMap(this.node)
  }

  get isList(): boolean {
    return isSeq(this.node)
  }

  /** A word or text; a number stands for its own text. */
  text(): string {
    const { value, source } = this.scalar('text')
    if (typeof value === 'string' && value.trim() !== '') return value
    if (typeof value === 'number') return source ?? String(value)
    throw this.fault(`expected text, found ${this.found()}`)
  }

  /** A finite number; also a text of nothing but numbers and + - * /, such as 1/8. */
  number(): number {
    const { value } = this.scalar('a number')
    const number = typeof value === 'string' ? constantOf(this.formula()) : value
    if (typeof number !== 'number' || !Number.isFinite(number))
      throw this.fault(`expected a number, found ${this.found()}`)
    return number
  }

  boolean(): boolean {
    const { value } = this.scalar('true or false')
    if (typeof value !== 'boolean') throw this.fault(`expected true or false, found ${this.found()}`)
    return value
  }

  oneOf<T extends string>(words: readonly T[]): T {
    const text = this.text()
    const word = words.find((known) => known.toLowerCase() === text.toLowerCase())
    if (word === undefined) throw this.fault(`expected ${words.join(', ')}, found "${text}"`, didYouMean(text, words))
    return word
  }

  list(): YamlPart[] {
    if (!isSeq(this.node)) throw this.fault(`expected a list, found ${this.found()}`)
    return this.node.items.map((item, i) => this.part(`${this.path}[${i}]`, item as Node, this.start))
  }

  /** Names and what stands beside them, in order; `called` makes the path of one. Two that are the same name are a fault. */
  entries(called = (name: string) => `${this.path}.${name}`): [name: string, part: YamlPart][] {
    if (!isMap(this.node)) throw this.fault(`expected names with values, found ${this.found()}`)
    const seen = new Set<string>()
    return (this.node.items as Pair<Node, Node | null>[]).map(({ key, value }) => {
      const name = isScalar(key) ? String(key.source ?? key.value) : ''
      const start = key?.range?.[0] ?? this.start
      const part = this.part(called(name), value, start)
      if (canonicalName(name) === '') throw part.fault('expected a name', undefined, part.keyAt)
      if (seen.has(canonicalName(name))) throw part.fault('this name is given twice', 'remove one', part.keyAt)
      seen.add(canonicalName(name))
      return [name, part]
    })
  }

  /** The parts by their keys, all of them known. */
  fields<K extends string>(known: readonly K[]): { readonly [key in K]?: YamlPart } {
    const fields: { [key in K]?: YamlPart } = {}
    for (const [key, part] of this.entries()) {
      if (!known.includes(key as K)) {
        const message = `"${key}" is not known here; known are ${known.join(', ')}`
        throw part.fault(message, didYouMean(key, known), part.keyAt)
      }
      fields[key as K] = part
    }
    return fields
  }

  /** A formula: a number or text. MODEL_INVALID with the place in the file, what was expected and a suggestion. */
  formula(): Formula {
    const node = this.scalar('a formula')
    if (typeof node.value === 'number') {
      if (!Number.isFinite(node.value)) throw this.fault(`the number ${node.source ?? node.value} is out of range`)
      return { kind: 'number', value: node.value, at: this.at }
    }
    if (typeof node.value !== 'string') throw this.fault(`expected a formula, found ${this.found()}`)
    const { text, at } = this.written(node as Scalar<string>)
    return this.reading(() => parseFormula(text, { at }))
  }

  /** What the work gives; its faults become faults of this part, whose path they then carry. */
  reading<T>(work: () => T): T {
    try {
      return work()
    } catch (error) {
      if (!isQuesnayError(error)) throw error
      throw new QuesnayError('MODEL_INVALID', `${this.path}: ${error.message}`, { path: this.path, ...error.detail })
    }
  }

  /** The text as it stands in the file, so that places in it are places in the file; where it has escapes, its value. */
  private written(node: Scalar<string>): { text: string; at: Position } {
    const { text, place } = this.file
    const [start, end] = node.range!
    if (node.type === 'PLAIN') return { text: text.slice(start, end), at: place(start) }
    if (node.type === 'BLOCK_LITERAL' || node.type === 'BLOCK_FOLDED') {
      const below = text.indexOf('\n', start) + 1
      return { text: text.slice(below, end), at: place(below) }
    }
    const inside = text.slice(start + 1, end - 1)
    return { text: /\\|''/.test(inside) ? node.value : inside, at: place(start + 1) }
  }

  private scalar(expected: string): Scalar {
    if (!isScalar(this.node)) throw this.fault(`expected ${expected}, found ${this.found()}`)
    return this.node
  }

  private get start(): number {
    return this.node?.range?.[0] ?? 0
  }

  private part(path: string, node: Node | null, start: number): YamlPart {
    const part = new YamlPart(this.file, path, node, node?.range?.[0] ?? start, start)
    if (node !== null && !isScalar(node) && !isMap(node) && !isSeq(node))
      throw part.fault('a model file has no anchors and aliases', 'write the value out')
    return part
  }

  private found(): string {
    if (this.isMap) return 'names with values'
    if (this.isList) return 'a list'
    if (this.isEmpty) return 'nothing'
    const { value } = this.node as Scalar
    return typeof value === 'string' ? `the text "${value.slice(0, 60)}"` : String(value)
  }
}
