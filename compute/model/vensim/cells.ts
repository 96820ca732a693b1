// Which elements of an array an equation is for.
import type { Position } from '../formula/ast.ts'
import { invalid, tooMuch } from './faults.ts'
import type { Subscripts } from './subscripts.ts'
import type { Statement, VensimExpression, VensimSubscript } from './syntax.ts'
import { keyOf, shownName } from './tokens.ts'
import { VECTOR_FUNCTIONS } from './vector-functions.ts'

const MAX_CELLS = 100_000

export type EquationText = Extract<Statement, { kind: 'equation' }>

export interface Cell {
  /** Keys of elements, in the order of the subscripts. */
  readonly elements: readonly string[]
  /** Of each range on the left, its element. */
  readonly place: ReadonlyMap<string, string>
  /** Row by row, among the elements of the ranges alone. */
  readonly index: number
}

/** The elements that each subscript of the left side stands for. MODEL_INVALID for a subscript that is not defined. */
export function positionsOf(
  subscripts: readonly VensimSubscript[],
  all: Subscripts,
  path: string,
): (readonly string[])[] {
  return subscripts.map(({ name, at }) => {
    const elements = all.elementsOf(name)
    if (!elements) throw invalid(path, at, `${shownName(name)} is no subscript`)
    return elements
  })
}

/** How many cells there are. LIMIT_EXCEEDED above 100,000. */
export function countOf(positions: readonly (readonly string[])[], path: string, at: Position): number {
  const count = positions.reduce((product, elements) => product * elements.length, 1)
  if (count > MAX_CELLS) throw tooMuch(path, at, 'elements', MAX_CELLS)
  return count
}

/** All cells of an equation, row by row, without its exceptions; one without elements where it has no subscripts. */
export function cellsOf(equation: EquationText, all: Subscripts, path: string, at: Position): Cell[] {
  const positions = positionsOf(equation.subscripts, all, path)
  const count = countOf(positions, path, at)
  const except = equation.except.map((subscripts) => {
    if (subscripts.length !== positions.length)
      throw invalid(path, at, ':EXCEPT: needs as many subscripts as the variable')
    return positionsOf(subscripts, all, path).map((elements) => new Set(elements))
  })
  const ranges = equation.subscripts.map(({ name }) => (all.ranges.has(keyOf(name)) ? keyOf(name) : undefined))
  const named = ranges.filter((range) => range !== undefined)
  if (new Set(named).size < named.length)
    throw invalid(path, at, 'has a subscript range twice on the left', { suggestion: 'make an alias of it with <->' })
  return Array.from({ length: count }, (_, index): Cell => {
    const elements: string[] = []
    let rest = index
    for (const position of positions.toReversed()) {
      elements.unshift(position[rest % position.length]!)
      rest = Math.floor(rest / position.length)
    }
    const place = new Map(ranges.flatMap((range, i) => (range === undefined ? [] : [[range, elements[i]!] as const])))
    return { elements, place, index }
  }).filter(({ elements }) => !except.some((sets) => sets.every((set, i) => set.has(elements[i]!))))
}

/** True where an equation must be read element by element: it needs a range's place, or a range that is mapped on one on the left. */
export function needsElements(expression: VensimExpression, left: ReadonlySet<string>, all: Subscripts): boolean {
  const inSubscripts = (subscripts: readonly VensimSubscript[] = []) =>
    subscripts.some(({ name, gathers }) => !gathers && all.ranges.has(keyOf(name)) && !left.has(keyOf(name)))
  const inside = (part: VensimExpression) => needsElements(part, left, all)
  switch (expression.kind) {
    case 'name':
      return inSubscripts(expression.subscripts) || (!expression.subscripts && all.ranges.has(keyOf(expression.name)))
    case 'call': {
      const key = keyOf(expression.name)
      if (key === 'elmcount') return false
      if (Object.hasOwn(VECTOR_FUNCTIONS, key)) return true
      return inSubscripts(expression.subscripts) || expression.args.some(inside)
    }
    case 'unary':
      return inside(expression.operand)
    case 'binary':
      return inside(expression.left) || inside(expression.right)
    default:
      return false
  }
}
