// The dimensions of an array that may be defined piece by piece.
import type { Position } from '../formula/ast.ts'
import type { SourceDimension } from '../source/source.ts'
import { type Cell, cellsOf, type EquationText, positionsOf } from './cells.ts'
import { invalid } from './faults.ts'
import type { Subscripts } from './subscripts.ts'
import { keyOf } from './tokens.ts'

/** The dimensions of all variables; those of arrays that no range fits are made. */
export class Dimensions {
  private readonly made = new Map<string, SourceDimension>()
  private readonly subscripts: Subscripts

  constructor(subscripts: Subscripts) {
    this.subscripts = subscripts
  }

  all(): SourceDimension[] {
    return [...this.subscripts.dimensions(), ...this.made.values()]
  }

  /**
   * The names of the dimensions that the equations of a variable span together, exceptions left out: a range on the left where it
   * has all elements, else the first range with just these, else one that is made. MODEL_INVALID where the equations differ in
   * their number of subscripts.
   */
  of(equations: readonly EquationText[], path: string, at: Position): string[] {
    const [first] = equations
    const count = first!.subscripts.length
    if (equations.some(({ subscripts }) => subscripts.length !== count))
      throw invalid(path, at, 'has equations with different numbers of subscripts')
    const hasExceptions = equations.some(({ except }) => except.length > 0)
    const used = hasExceptions ? equations.flatMap((one) => cellsOf(one, this.subscripts, path, at)) : undefined
    return first!.subscripts.map((_, i) => {
      const parts = equations.map(({ subscripts }) => subscripts[i]!)
      const all = [...new Set(positionsOf(parts, this.subscripts, path).flat())]
      const elements = used ? all.filter((element) => used.some((cell) => cell.elements[i] === element)) : all
      const fits = (range: { elements: readonly string[] }) =>
        range.elements.length === elements.length && range.elements.every((element) => elements.includes(element))
      const ranges = [
        ...parts.flatMap(({ name }) => this.subscripts.ranges.get(keyOf(name)) ?? []),
        ...this.subscripts.ranges.values(),
      ]
      return ranges.find(fits)?.name ?? this.make(elements)
    })
  }

  /** The elements along each dimension that `of` names. */
  layout(equations: readonly EquationText[], path: string, at: Position): (readonly string[])[] {
    return this.of(equations, path, at).map((name) => {
      const range = this.subscripts.ranges.get(keyOf(name))
      return range ? range.elements : this.made.get(name)!.elements.map(keyOf)
    })
  }

  /** True where there is a cell for each combination of elements. MODEL_INVALID where one is defined twice. */
  isWhole(names: readonly string[], cells: readonly Cell[], path: string, at: Position): boolean {
    const seen = new Set<string>()
    for (const { elements } of cells) {
      const key = elements.join(',')
      if (seen.has(key)) throw invalid(path, at, key ? `[${key}] is defined twice` : 'is defined twice')
      seen.add(key)
    }
    return seen.size === names.reduce((product, name) => product * this.sizeOf(name), 1)
  }

  private sizeOf(name: string): number {
    return (this.subscripts.ranges.get(keyOf(name)) ?? this.made.get(name))!.elements.length
  }

  private make(elements: readonly string[]): string {
    const shown = new Map(
      [...this.subscripts.ranges.values()].flatMap((range) => range.elements.map((key, i) => [key, range.shown[i]!])),
    )
    const names = elements.map((element) => shown.get(element) ?? element)
    const name = `{${names.join(' ')}}`
    this.made.set(name, { name, elements: names })
    return name
  }
}
