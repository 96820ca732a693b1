// Subscript ranges: their elements, subranges, aliases, and how they are mapped on each other.
import type { Position } from '../formula/ast.ts'
import type { SourceDimension } from '../source/source.ts'
import { invalid, tooMuch, unsupported } from './faults.ts'
import type { Definition, Parsed, Statement } from './syntax.ts'
import { keyOf, shownName } from './tokens.ts'

const MAX_ELEMENTS = 10_000
const MAX_DEPTH = 100

export interface Range {
  /** As shown. */
  readonly name: string
  readonly key: string
  /** Keys, and names as shown. */
  readonly elements: readonly string[]
  readonly shown: readonly string[]
}

/** All ranges and elements of a model. Keys are names as they compare. */
export class Subscripts {
  readonly ranges = new Map<string, Range>()
  /** Keys of all elements. */
  readonly elements = new Set<string>()
  /** By key of a range, or of an element alone: the places (from 1) in its family. */
  private readonly families = new Map<string, ReadonlyMap<string, number>>()
  /** From the element of a range on the left to that of a range on the right: by `left>right`. */
  private readonly maps = new Map<string, ReadonlyMap<string, string>>()

  /** MODEL_INVALID for ranges that cannot be made; LIMIT_EXCEEDED above 10,000 elements. */
  constructor(parsed: readonly Parsed[]) {
    const ranges = parsed.flatMap(({ statement, definition }) =>
      statement.kind === 'equation' ? [] : [{ statement, definition }],
    )
    const byKey = new Map(ranges.map((one) => [keyOf(one.statement.name), one]))
    for (const one of ranges) {
      const key = keyOf(one.statement.name)
      if (byKey.get(key) !== one) throw invalid(shownName(one.statement.name), one.definition.at, 'is defined twice')
      this.define(key, byKey, new Set())
    }
    for (const { statement, definition } of ranges) if (statement.kind === 'range') this.mapAll(statement, definition)
    for (const { statement } of ranges) if (statement.kind === 'alias') this.equal(statement.name, statement.of)
  }

  /** The elements a subscript stands for: those of a range, or the one element. */
  elementsOf(name: string): readonly string[] | undefined {
    const key = keyOf(name)
    return this.ranges.get(key)?.elements ?? (this.elements.has(key) ? [key] : undefined)
  }

  /**
   * The place of an element, from 1, in its family: of the ranges that have all elements of `range`, or this one alone, the one with
   * the most, of several the first. So a subrange counts as the range does that it is a part of. undefined where there is no such element.
   */
  placeOf(element: string, range = ''): number | undefined {
    const of = range || element
    let family = this.families.get(of)
    if (!family) {
      const part = this.ranges.get(range)?.elements ?? [element]
      let widest: readonly string[] = []
      for (const { elements } of this.ranges.values())
        if (elements.length > widest.length && elements.length >= part.length && hasAll(elements, part))
          widest = elements
      family = new Map(widest.map((one, i) => [one, i + 1]))
      this.families.set(of, family)
    }
    return family.get(element)
  }

  /** The element of a range on the right where the left side is at an element of its own range; undefined without a map. */
  mapped(right: string, left: string, element: string): string | undefined {
    return this.maps.get(`${left}>${right}`)?.get(element)
  }

  isMapped(right: string, left: string): boolean {
    return this.maps.has(`${left}>${right}`)
  }

  dimensions(): SourceDimension[] {
    return [...this.ranges.values()].map(({ name, key, elements, shown }) => {
      const maps = [...this.ranges.values()].flatMap((other) => {
        const map = this.maps.get(`${key}>${other.key}`)
        const to = map && elements.map((element) => map.get(element))
        return to?.every((element) => element !== undefined) ? [{ to: other.name, elements: to }] : []
      })
      return { name, elements: shown, ...(maps.length > 0 ? { maps } : {}) }
    })
  }

  private define(key: string, all: ReadonlyMap<string, RangeText>, open: Set<string>): Range | undefined {
    const known = this.ranges.get(key)
    const text = all.get(key)
    if (known || !text) return known
    const { statement, definition } = text
    const name = shownName(statement.name)
    if (open.has(key)) throw invalid(name, definition.at, 'is a range of itself')
    if (open.size >= MAX_DEPTH) throw tooMuch(name, definition.at, 'ranges of ranges', MAX_DEPTH)
    open.add(key)
    const shown: string[] = []
    if (statement.kind === 'alias') {
      const of = this.define(keyOf(statement.of), all, open)
      if (!of) throw invalid(name, definition.at, `is an alias of ${shownName(statement.of)}, which is not defined`)
      shown.push(...of.shown)
    } else {
      for (const item of statement.items) {
        if ('from' in item) shown.push(...numbered(item.from, item.to, name, definition.at))
        else if (/^GET\s/i.test(item.name))
          throw unsupported(name, definition.at, shownName(item.name), 'write the elements out')
        else shown.push(...(this.define(keyOf(item.name), all, open)?.shown ?? [shownName(item.name)]))
        if (shown.length > MAX_ELEMENTS) throw tooMuch(name, definition.at, 'elements', MAX_ELEMENTS)
      }
    }
    open.delete(key)
    const elements = shown.map(keyOf)
    if (new Set(elements).size < elements.length) throw invalid(name, definition.at, 'has an element twice')
    const range = { name, key, elements, shown }
    this.ranges.set(key, range)
    for (const element of elements) this.elements.add(element)
    return range
  }

  /**
   * `right: r1, r2 -> left` or `-> (left: l1, l2)`: what stands for `right` where an equation is at an element of `left`
   * (vensim.com/documentation, "Mapping of Subscript Ranges"). A subrange in the list stands for all of its elements.
   */
  private mapAll(statement: Extract<Statement, { kind: 'range' }>, definition: Definition): void {
    const right = this.ranges.get(keyOf(statement.name))!
    for (const { to, items } of statement.maps) {
      const left = this.ranges.get(keyOf(to))
      if (!left) throw invalid(right.name, definition.at, `is mapped on ${shownName(to)}, which is not defined`)
      const targets = items ? items.map((item) => this.elementsOf(item)) : left.elements.map((element) => [element])
      if (targets.length !== right.elements.length)
        throw invalid(
          right.name,
          definition.at,
          `has ${right.elements.length} elements but is mapped on ${targets.length} of ${left.name}`,
        )
      const map = new Map<string, string>()
      right.elements.forEach((element, i) => {
        for (const target of targets[i] ?? []) if (!map.has(target)) map.set(target, element)
      })
      const stranger = targets.findIndex((target) => !target?.every((element) => left.elements.includes(element)))
      if (stranger >= 0)
        throw invalid(
          right.name,
          definition.at,
          `is mapped on ${shownName(items?.[stranger] ?? '')}, which ${left.name} has not`,
        )
      this.maps.set(`${left.key}>${right.key}`, map)
    }
  }

  private equal(one: string, other: string): void {
    const [a, b] = [keyOf(one), keyOf(other)]
    const same = new Map(this.ranges.get(a)!.elements.map((element) => [element, element]))
    this.maps.set(`${a}>${b}`, same)
    this.maps.set(`${b}>${a}`, same)
  }
}

function hasAll(elements: readonly string[], part: readonly string[]): boolean {
  if (part.length === 1) return elements.includes(part[0]!)
  const set = new Set(elements)
  return part.every((element) => set.has(element))
}

interface RangeText {
  readonly statement: Exclude<Statement, { kind: 'equation' }>
  readonly definition: Definition
}

/** (A1-A5): A1, A2, A3, A4, A5. */
function numbered(from: string, to: string, path: string, at: Position): string[] {
  const first = /^(.*?)(\d+)$/.exec(shownName(from))
  const last = /^(.*?)(\d+)$/.exec(shownName(to))
  const low = Number(first?.[2])
  const high = Number(last?.[2])
  if (!first || !last || keyOf(`x${first[1]}`) !== keyOf(`x${last[1]}`) || !(low <= high))
    throw invalid(path, at, `(${shownName(from)}-${shownName(to)}) is no range of numbered names such as (A1-A5)`)
  if (high - low >= MAX_ELEMENTS) throw tooMuch(path, at, 'elements', MAX_ELEMENTS)
  return Array.from({ length: high - low + 1 }, (_, i) => `${first[1]}${low + i}`)
}
