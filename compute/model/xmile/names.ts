// Which name means which variable: the scopes of models and modules, dimensions and their elements.
import { canonicalName } from '../formula/ast.ts'
import type { SourceDimension } from '../source/source.ts'
import { numberOf } from './xml.ts'

/** A variable of the flattened model, known before any equation is read. */
export interface DeclaredVariable {
  /** As shown, with the names of its modules before it. */
  readonly name: string
  readonly kind: 'stock' | 'flow' | 'auxiliary' | 'table'
  /** As shown. */
  readonly dimensions: readonly string[]
  readonly hasGraph: boolean
}

/**
 * A name as the file has it, to be shown: without quotation marks around it, its escapes resolved (3.2.2.1), line breaks and runs of
 * spaces as one space.
 */
export function shownName(raw: string): string {
  const quoted = raw.trim().replace(/^"([\s\S]*)"$/, '$1')
  const plain = quoted.replaceAll(/\\([\s\S])/g, (_, character: string) => (character === 'n' ? '\n' : character))
  return plain.replaceAll(/[\s\u00a0]+/gu, ' ').trim()
}

/** The variables of a model, and how a name in one of its modules finds them. */
export class Names {
  private readonly byName = new Map<string, DeclaredVariable>()
  private readonly aliases = new Map<string, string>()

  /** False where a variable of this name stands already. */
  add(variable: DeclaredVariable): boolean {
    const key = canonicalName(variable.name)
    if (this.byName.has(key)) return false
    this.byName.set(key, variable)
    return true
  }

  /** One name stands for another variable: an input of a module that a table is connected to. */
  alias(name: string, target: string): void {
    this.aliases.set(canonicalName(name), canonicalName(target))
  }

  get(canonical: string): DeclaredVariable | undefined {
    return this.byName.get(this.aliases.get(canonical) ?? canonical)
  }

  /**
   * The canonical name of what a name in a module means; undefined where it means nothing.
   *
   * `.x` is looked for from the outermost model on; `x` in the module alone; `m.x` in the module, then in each one around it, then
   * wherever a module `m` is, if there is only one (XMILE 1.0, 3.7.4 and 4.7).
   *
   * @param module canonical, '' for the outermost model
   */
  find(module: string, name: string): string | undefined {
    const bare = name.startsWith('.') ? name.slice(1) : name
    const from = name.startsWith('.') ? '' : module
    for (let around = from; ; around = around.slice(0, Math.max(0, around.lastIndexOf('.')))) {
      const candidate = around ? `${around}.${bare}` : bare
      const found = this.aliases.get(candidate) ?? (this.byName.has(candidate) ? candidate : undefined)
      if (found !== undefined) return found
      if (!around || !bare.includes('.')) break
    }
    if (!bare.includes('.')) return undefined
    const anywhere = [...this.byName.keys()].filter((key) => key.endsWith(`.${bare}`))
    return anywhere.length === 1 ? anywhere[0] : undefined
  }

  all(): string[] {
    return [...this.byName.keys()]
  }
}

/** The dimensions of a model, by canonical name. */
export class Dimensions {
  /** Behind those of the file the parts of them that equations name. */
  readonly all: SourceDimension[]
  private readonly byName: Map<string, SourceDimension>

  constructor(all: readonly SourceDimension[]) {
    this.all = [...all]
    this.byName = new Map(all.map((dimension) => [canonicalName(dimension.name), dimension]))
  }

  get(name: string): SourceDimension | undefined {
    return this.byName.get(canonicalName(name))
  }

  /** The canonical name of the element that a subscript names: by its name, `Dimension.name`, or its place from 1. */
  element(dimension: SourceDimension, subscript: string): string | undefined {
    const names = dimension.elements.map(canonicalName)
    const own = `${canonicalName(dimension.name)}.`
    const raw = canonicalName(subscript)
    const name = raw.startsWith(own) ? raw.slice(own.length) : raw
    if (names.includes(name)) return name
    const place = numberOf(name)
    return Number.isInteger(place) ? names[place - 1] : undefined
  }

  /** The name of the dimension of the elements from one to another, `Location 1:3`, made where it is not there; undefined where there are none. */
  part(dimension: SourceDimension, from: string, to: string): string | undefined {
    const names = dimension.elements.map(canonicalName)
    const [first, last] = [from, to].map((one) => names.indexOf(this.element(dimension, one) ?? '')) as [number, number]
    if (first < 0 || last < first) return undefined
    const name = `${dimension.name} ${from}:${to}`
    if (!this.get(name)) {
      const part = { name, elements: dimension.elements.slice(first, last + 1) }
      this.all.push(part)
      this.byName.set(canonicalName(name), part)
    }
    return canonicalName(name)
  }

  /** All combinations of elements of some dimensions, row-major, by canonical names. */
  combinations(dimensions: readonly string[]): string[][] {
    return dimensions.reduce<string[][]>(
      (combinations, name) => {
        const elements = this.get(name)?.elements.map(canonicalName) ?? []
        return combinations.flatMap((before) => elements.map((element) => [...before, element]))
      },
      [[]],
    )
  }
}
