// Names of arrays' elements, and how a name that a person writes is found.
import { canonicalName, displayName } from '../../../../compute/model/formula/ast.ts'
import type { SourceModel, SourceVariable } from '../../../../compute/model/source/source.ts'

type Dimensioned = Pick<SourceVariable, 'name' | 'dimensions'>

/** The variable's name as shown, or of an array those of its elements, `wages[head]`, row-major. */
export function elementNames(
  { name, dimensions = [] }: Dimensioned,
  source: Pick<SourceModel, 'dimensions'>,
): string[] {
  const shown = displayName(name)
  if (dimensions.length === 0) return [shown]
  const lists = dimensions.map(
    (wanted) =>
      source.dimensions.find((one) => canonicalName(one.name) === canonicalName(wanted))?.elements.map(displayName) ??
      [],
  )
  const rows = lists.reduce<string[][]>((sofar, list) => sofar.flatMap((row) => list.map((e) => [...row, e])), [[]])
  return rows.map((row) => `${shown}[${row.join(',')}]`)
}

/** How names compare: case, spaces and underscores do not count, also not within the brackets of an element. */
export function nameKey(name: string): string {
  const [, bare = name, elements] = /^([^[]*)\[(.*)\]$/.exec(name.trim()) ?? []
  return elements === undefined
    ? canonicalName(bare)
    : `${canonicalName(bare)}[${elements.split(',').map(canonicalName).join(',')}]`
}

/** What stands in the brackets of an element, as sources have it: canonical names joined by a comma. */
export function elementsOf(name: string): string {
  const [, elements = ''] = /\[(.*)\]$/s.exec(nameKey(name)) ?? []
  return elements
}
