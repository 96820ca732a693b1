// The dimensions of a file and their elements (XMILE 1.0, 2.5).
import { canonicalName } from '../formula/ast.ts'
import type { SourceDimension } from '../source/source.ts'
import { invalid } from './faults.ts'
import { Dimensions, shownName } from './names.ts'
import { childrenOf, numberOf, type XmlElement } from './xml.ts'

/** More than this is a mistake of the file, and would exhaust the memory of whoever elaborates it. */
const MAX_ELEMENTS = 100_000

/**
 * Named elements, or 1..size where there are none.
 * Errors: MODEL_INVALID for a dimension without a name, size or elements, or declared twice, or with an element twice.
 */
export function readDimensions(elements: readonly XmlElement[]): Dimensions {
  const read = elements.flatMap((element) => childrenOf(element, 'dim').map(dimension))
  const seen = new Set<string>()
  for (const { name } of read) {
    if (seen.has(canonicalName(name)))
      throw invalid({ path: name }, 'the dimension is declared twice; rename one of the two')
    seen.add(canonicalName(name))
  }
  return new Dimensions(read)
}

function dimension(element: XmlElement): SourceDimension {
  const name = shownName(element.attributes.get('name') ?? '')
  const place = { path: name || '<dim>', line: element.line }
  if (!name) throw invalid(place, 'a dimension has no name')
  const named = childrenOf(element, 'elem').map((elem) => shownName(elem.attributes.get('name') ?? elem.text))
  if (named.length > 0) {
    if (named.includes('')) throw invalid(place, 'an element of the dimension has no name')
    if (new Set(named.map(canonicalName)).size < named.length)
      throw invalid(place, 'the dimension has an element twice')
    return { name, elements: named }
  }
  const size = numberOf(element.attributes.get('size'))
  if (!Number.isInteger(size) || size < 1 || size > MAX_ELEMENTS)
    throw invalid(place, `the dimension has neither elements nor a size from 1 to ${MAX_ELEMENTS}`)
  return { name, elements: Array.from({ length: size }, (_, i) => String(i + 1)) }
}
