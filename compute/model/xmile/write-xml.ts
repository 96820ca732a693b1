// XML elements as values, and their text.
import { XMLBuilder } from 'fast-xml-parser'

/** An element as the builder takes it. */
export type Part = Readonly<Record<string, unknown>>

// Characters that XML 1.0 has not (2.2).
const NOT_XML = /[^\P{Cc}\t\n\r]|[\ufffe\uffff]/gu

/** An element with attributes, and children or one text. */
export function tag(
  name: string,
  attributes: Readonly<Record<string, string>>,
  ...children: readonly (Part | string)[]
): Part {
  const content = children.map((one) => (typeof one === 'string' ? { '#text': one.replaceAll(NOT_XML, ' ') } : one))
  return Object.keys(attributes).length > 0 ? { [name]: content, ':@': attributes } : { [name]: content }
}

/** The text of an XML file with this root. */
export function xmlText(root: Part): string {
  const builder = new XMLBuilder({
    preserveOrder: true,
    ignoreAttributes: false,
    attributeNamePrefix: '',
    format: true,
    suppressEmptyNode: true,
    suppressBooleanAttributes: false,
    processEntities: true,
  })
  const body = String(builder.build([root])).trim()
  return `<?xml version="1.0" encoding="utf-8"?>\n${body}\n`
}
