// What the values of a parameter differ by: filing status, children, or a list of cells that the tree names itself.
import { ParameterVector, VECTOR_CELLS } from '../../../schema/terms/tax.ts'

/** Cells that a tree names itself, such as NATION: england, wales. */
export interface Vector {
  readonly name: string
  readonly cells: readonly string[]
}

/** Cells by the name of the vector. */
export type Vectors = Readonly<Record<string, readonly string[]>>

/** `vector` is there where `by` is OWN. */
export interface Differing {
  readonly by: ParameterVector
  readonly vector?: Vector
}

/** One value for all. */
export const NO_VECTOR: Differing = { by: ParameterVector.NONE }

/** Names of the cells of a parameter, in the order of its values; ALL where there is one value. */
export function cellsOf({ by, vector }: Differing): readonly string[] {
  return by === ParameterVector.OWN ? (vector?.cells ?? []) : VECTOR_CELLS[by]
}

/** Name of what a parameter's values differ by: NONE, FILING_STATUS, CHILDREN, or the name that its tree has for it. */
export const vectorName = ({ by, vector }: Differing): string => vector?.name ?? by

/** What a name of a vector stands for in a tree that has vectors of its own; undefined where it is none. */
export function differingBy(name: string, vectors: Vectors = {}): Differing | undefined {
  if (Object.hasOwn(VECTOR_CELLS, name)) return { by: name as ParameterVector }
  if (!Object.hasOwn(vectors, name)) return undefined
  return { by: ParameterVector.OWN, vector: { name, cells: vectors[name]! } }
}

/** Place of a cell by its name, in which case does not count; -1 where there is none of the name. */
export function placeOfCell(cells: readonly string[], name: string): number {
  return cells.findIndex((cell) => cell.toLowerCase() === name.trim().toLowerCase())
}

const NAME = /^[A-Z][A-Z0-9_]*$/
const CELL = /^[A-Za-z][A-Za-z0-9_]*$/

/** What is wrong with a vector that a tree names, in words. */
export function faultsOfVector(name: string, cells: unknown): string[] {
  if (!NAME.test(name)) return ['the name is not in capitals']
  if (Object.hasOwn(ParameterVector, name)) return [`${name} has a meaning of its own`]
  if (!Array.isArray(cells) || cells.length === 0) return ['there is no list of cells']
  const words = cells.map(String)
  return words.flatMap((cell, i) => {
    if (!CELL.test(cell)) return [`the cell "${cell}" is no word`]
    return placeOfCell(words, cell) < i ? [`the cell ${cell} stands twice`] : []
  })
}
