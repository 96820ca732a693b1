// Text of an XML file to a tree of elements with their lines; no entity of the file's own is ever expanded.
import { XMLParser, XMLValidator } from 'fast-xml-parser'
import { isQuesnayError } from '../../../schema/errors.ts'
import type { Position } from '../formula/ast.ts'
import { invalid } from './faults.ts'

export interface XmlElement {
  /** In lower case. */
  readonly tag: string
  /** By name in lower case; those of other namespaces with their prefix. */
  readonly attributes: ReadonlyMap<string, string>
  /** Elements of other namespaces (vendors' own) are left out. */
  readonly children: readonly XmlElement[]
  /** Of the element itself, not of its children. */
  readonly text: string
  /** Of the element. */
  readonly line: number
  /** Where its text begins in the file. */
  readonly textAt: Position
}

const TEXT = '#text'
const CDATA = '#cdata'
const ATTRIBUTES = ':@'

type Node = Record<string, unknown>

/**
 * The root element of an XML text.
 *
 * Byte order marks and all kinds of line ends are taken. References are the five of XML and numbers; what a DOCTYPE declares
 * is not known, so that nothing can grow (an "entity bomb" is an unknown reference).
 * Errors: MODEL_INVALID with line and column.
 */
export function parseXml(text: string): XmlElement {
  const clean = text.replace(/^\uFEFF/, '').replaceAll(/\r\n?/g, '\n')
  const verdict = XMLValidator.validate(clean)
  if (verdict !== true) {
    const { line, col, msg } = verdict.err
    throw invalid({ path: 'XML', line }, `not well-formed: ${msg}`, { column: col ?? 1 })
  }
  const placeOf = places(clean)
  const roots = parsed(clean).flatMap((node) => {
    const element = toElement(node, placeOf, '')
    return element ? [element] : []
  })
  const [root] = roots
  if (!root || roots.length > 1) throw invalid({ path: 'XML' }, `has ${roots.length} root elements; it needs one`)
  return root
}

function parsed(text: string): Node[] {
  const parser = new XMLParser({
    preserveOrder: true,
    ignoreAttributes: false,
    attributeNamePrefix: '',
    parseTagValue: false,
    trimValues: false,
    processEntities: false,
    cdataPropName: CDATA,
    ignoreDeclaration: true,
    ignorePiTags: true,
    captureMetaData: true,
    jPath: false,
  })
  try {
    return parser.parse(text) as Node[]
  } catch (error) {
    if (isQuesnayError(error)) throw error
    throw invalid({ path: 'XML' }, `not well-formed: ${(error as Error).message}`)
  }
}

/** `root`: the prefix of the root element, which stands for XMILE itself where it has one. */
function toElement(node: Node, placeOf: (index: number) => ElementPlace, root: string): XmlElement | undefined {
  const name = Object.keys(node).find((key) => key !== ATTRIBUTES)
  if (name === undefined || name === TEXT) return undefined
  const meta = node as Record<symbol, { startIndex?: number } | undefined>
  const { line, textAt } = placeOf(meta[XMLParser.getMetaDataSymbol() as unknown as symbol]?.startIndex ?? 0)
  const prefix = root || /^[^:]+:(?=xmile$)/i.exec(name)?.[0] || ''
  const tag = (prefix && name.startsWith(prefix) ? name.slice(prefix.length) : name).toLowerCase()
  if (tag.includes(':')) return undefined
  const raw = (node[ATTRIBUTES] ?? {}) as Record<string, string>
  const attributes = new Map(Object.entries(raw).map(([key, value]) => [key.toLowerCase(), decode(value, line)]))
  const children: XmlElement[] = []
  let text = ''
  for (const part of node[name] as Node[]) {
    if (typeof part[TEXT] === 'string') text += decode(part[TEXT], line)
    else if (Array.isArray(part[CDATA])) text += (part[CDATA] as Node[]).map((inner) => inner[TEXT]).join('')
    else {
      const child = toElement(part, placeOf, prefix)
      if (child) children.push(child)
    }
  }
  return { tag, attributes, children, text, line, textAt }
}

interface ElementPlace {
  readonly line: number
  readonly textAt: Position
}

/** The places of elements by the index of their tags, for indices that rise: elements begin one after the other. */
function places(text: string): (index: number) => ElementPlace {
  let begin = 0
  let line = 1
  return (index) => {
    for (let next = text.indexOf('\n', begin); next >= 0 && next < index; next = text.indexOf('\n', begin)) {
      begin = next + 1
      line++
    }
    const open = text.indexOf('>', index) + 1
    let textLine = line
    let textBegin = begin
    for (let next = text.indexOf('\n', begin); next >= 0 && next < open; next = text.indexOf('\n', textBegin)) {
      textBegin = next + 1
      textLine++
    }
    return { line, textAt: { line: textLine, column: open - textBegin + 1 } }
  }
}

const NAMED: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" }

/** References to characters (XML 1.0, 4.1 and 4.6). */
function decode(text: string, line: number): string {
  if (!text.includes('&')) return text
  return text.replaceAll(
    /&(?:#x([0-9a-f]+)|#([0-9]+)|([^;&\s]*));/gi,
    (whole, hex, decimal, name: string | undefined) => {
      if (name !== undefined) {
        const character = NAMED[name]
        if (character === undefined)
          throw invalid({ path: whole, line }, 'an unknown entity; write the character itself')
        return character
      }
      const point = hex === undefined ? Number.parseInt(decimal, 10) : Number.parseInt(hex, 16)
      if (!(point > 0 && point <= 0x10ffff)) throw invalid({ path: whole, line }, 'not a character')
      return String.fromCodePoint(point)
    },
  )
}

/** The first child of a tag. */
export function child(element: XmlElement, tag: string): XmlElement | undefined {
  return element.children.find((one) => one.tag === tag)
}

/** All children of a tag. */
export function childrenOf(element: XmlElement, tag: string): readonly XmlElement[] {
  return element.children.filter((one) => one.tag === tag)
}

/** The trimmed text of the first child of a tag; undefined where there is none or it is empty. */
export function textOf(element: XmlElement, tag: string): string | undefined {
  return child(element, tag)?.text.trim() || undefined
}

/** `<option/>`, `<option>true</option>` and `<option>1</option>` are true; without the tag: undefined. */
export function flag(element: XmlElement, tag: string): boolean | undefined {
  const option = child(element, tag)
  if (!option) return undefined
  return !/^(?:false|0|no)$/i.test(option.text.trim())
}

/** A number as people write it, or a fraction `1/32`; NaN where it is none. */
export function numberOf(text: string | undefined): number {
  if (text === undefined) return Number.NaN
  const parts = text.trim().split('/')
  const numbers = parts.map((part) =>
    /^\s*[-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?\s*$/i.test(part) ? Number(part) : Number.NaN,
  )
  return numbers.length > 2
    ? Number.NaN
    : numbers.length === 2
      ? (numbers[0] as number) / (numbers[1] as number)
      : (numbers[0] as number)
}
