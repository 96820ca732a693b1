// Reads one YAML file of a tree of parameters to maps, lists and scalars that know their place; keys keep their spelling.
import { Composer, type Document, isAlias, isMap, isScalar, isSeq, Lexer, LineCounter, type Node, Parser } from 'yaml'
import { MAX_YAML_DEPTH } from '../../../../schema/yaml-depth.ts'
import type { Finding } from '../../../shared/types.ts'
import { type Plain, plainScalar } from './plain-scalar.ts'

export interface SourceFile {
  /** With slashes, below the root of the tree. */
  readonly path: string
  readonly text: string
}

export interface SourceEntry {
  readonly key: string
  /** Offset of the key. */
  readonly at: number
  readonly value: SourceValue
}
export interface SourceMap {
  readonly is: 'map'
  readonly at: number
  readonly entries: readonly SourceEntry[]
}
export interface SourceList {
  readonly is: 'list'
  readonly at: number
  readonly items: readonly SourceValue[]
}
export interface SourceScalar {
  readonly is: 'scalar'
  readonly at: number
  readonly value: Plain
  /** Whether it stands in quotation marks or as a block of text. */
  readonly quoted: boolean
}
export type SourceValue = SourceMap | SourceList | SourceScalar

export interface YamlFile {
  readonly path: string
  /** A null scalar where the file is empty. */
  readonly root: SourceValue
  /** "path:line" of an offset. */
  place(at: number): string
}

export type YamlOutcome = { readonly file: YamlFile } | { readonly faults: Finding[] }

/** Values that the aliases of one file may stand for, all together. */
const MAX_ALIASED = 100_000

/** A fault of the file and where it is. */
class Fault {
  readonly code: string
  readonly at: number
  readonly message: string
  readonly suggestion: string
  constructor(code: string, at: number, message: string, suggestion: string) {
    this.code = code
    this.at = at
    this.message = message
    this.suggestion = suggestion
  }
}

/** Faults are ERROR findings YAML_BROKEN or DUPLICATE_KEY at path:line:column. One pass: text to tokens to nodes, as deep as is allowed. */
export function readYaml({ path, text }: SourceFile): YamlOutcome {
  const lines = new LineCounter()
  const place = (at: number) => `${path}:${lines.linePos(at).line}`
  const finding = ({ code, at, message, suggestion }: Fault): Finding => {
    const { line, col } = lines.linePos(at)
    return { severity: 'ERROR', code, path: `${path}:${line}:${col}`, message, suggestion }
  }
  try {
    const documents = compose(text, lines)
    const [document, second] = documents
    if (second) throw broken(second.range[0], 'a second document begins', 'write one document in a file')
    const faults = document?.errors.map((error) =>
      broken(error.pos[0], `not YAML: ${firstLine(error.message)}`, 'mend the syntax at this place'),
    )
    if (faults && faults.length > 0) return { faults: faults.map(finding) }
    const root = document?.contents ? new Conversion().convert(document.contents) : EMPTY
    return { file: { path, root, place } }
  } catch (fault) {
    if (fault instanceof Fault) return { faults: [finding(fault)] }
    throw fault
  }
}

const EMPTY: SourceScalar = { is: 'scalar', at: 0, value: null, quoted: false }

const broken = (at: number, message: string, suggestion: string) => new Fault('YAML_BROKEN', at, message, suggestion)
const firstLine = (message: string) => message.split('\n')[0]!.replace(/ at line \d+, column \d+:?$/, '')

function compose(text: string, lines: LineCounter): Document.Parsed[] {
  const documents: Document.Parsed[] = []
  const parser = new Parser(lines.addNewLine)
  // Every scalar as text: its meaning is given by plainScalar. Equal keys are looked for below, in one pass.
  const composer = new Composer({ schema: 'failsafe', uniqueKeys: false, logLevel: 'silent', prettyErrors: false })
  lines.addNewLine(0)
  for (const lexeme of new Lexer().lex(text)) {
    for (const token of parser.next(lexeme)) documents.push(...composer.next(token))
    // The document and a scalar are on the stack too.
    if (parser.stack.length > MAX_YAML_DEPTH + 2)
      throw broken(parser.offset, `nested more than ${MAX_YAML_DEPTH} levels deep`, 'write it flatter')
  }
  for (const token of parser.end()) documents.push(...composer.next(token))
  documents.push(...composer.end())
  return documents
}

/** A zero byte, or half of a pair of surrogates. */
const UNSTORABLE = /\0|[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/

/** From the nodes of the library to ours; an alias is the very value of its anchor. */
class Conversion {
  readonly #anchors = new Map<string, { value: SourceValue; size: number }>()
  #size = 0
  #aliased = 0

  convert(node: Node): SourceValue {
    const before = this.#size
    const value = this.#convert(node)
    const anchor = isAlias(node) ? undefined : (node as { anchor?: string }).anchor
    if (anchor) this.#anchors.set(anchor, { value, size: this.#size - before })
    return value
  }

  #convert(node: Node): SourceValue {
    const at = node.range?.[0] ?? 0
    this.#size++
    if (isAlias(node)) return this.#resolve(node.source, at)
    if (isScalar(node)) {
      const text = String(node.value ?? '')
      if (UNSTORABLE.test(text)) throw broken(at, 'a text holds a character that no table can', 'take it away')
      const quoted = node.type !== 'PLAIN'
      return { is: 'scalar', at, quoted, value: quoted ? text : plainScalar(text) }
    }
    if (isSeq<Node | null>(node))
      return { is: 'list', at, items: node.items.map((item) => (item ? this.convert(item) : { ...EMPTY, at })) }
    if (!isMap<Node | null, Node | null>(node)) throw broken(at, 'this is no map, list or value', 'write it plainly')
    const keys = new Set<string>()
    const entries: SourceEntry[] = []
    for (const { key, value } of node.items) {
      const start = key?.range?.[0] ?? at
      if (!isScalar(key)) throw broken(start, 'a key is no word', 'write a word before the colon')
      const name = String(key.value ?? '')
      if (keys.has(name))
        throw new Fault('DUPLICATE_KEY', start, `the key "${name.slice(0, 80)}" stands twice`, 'take one of them away')
      keys.add(name)
      entries.push({ key: name, at: start, value: value ? this.convert(value) : { ...EMPTY, at: start } })
    }
    return { is: 'map', at, entries: merged(entries) }
  }

  #resolve(anchor: string, at: number): SourceValue {
    const known = this.#anchors.get(anchor)
    if (!known) throw broken(at, `the alias *${anchor} points nowhere`, 'name an anchor that stands before it')
    this.#aliased += known.size
    this.#size += known.size
    if (this.#aliased > MAX_ALIASED) throw broken(at, 'too many aliases', 'write the values out')
    return known.value
  }
}

/** The entries with those of `<<` where they are not given. */
function merged(entries: SourceEntry[]): SourceEntry[] {
  const merge = entries.find(({ key, value }) => key === '<<' && value.is === 'map')
  if (merge?.value.is !== 'map') return entries
  const own = entries.filter((entry) => entry !== merge)
  const keys = new Set(own.map(({ key }) => key))
  return [...own, ...merge.value.entries.filter(({ key }) => !keys.has(key))]
}
