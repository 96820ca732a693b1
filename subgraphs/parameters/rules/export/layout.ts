// Which parts of a tree share a file: a parameter, a scale or a breakdown has one of its own, what stands above them is folders.
import { QuesnayError } from '../../../../schema/errors.ts'
import { isDateLike } from '../import/instant.ts'
import type { BracketPart } from '../import/known-keys.ts'
import { COMMON_KEYS } from '../import/known-keys.ts'
import type { Parameter, ParameterNode, Scale, Tree } from '../tree.ts'

/** A point of the tree with what stands at it. */
export interface Place {
  readonly name: string
  readonly children: Map<string, Place>
  node?: ParameterNode
  scale?: Scale
  parameter?: Parameter
  /** Parameters of the scale's brackets. */
  readonly parts: Map<number, Map<BracketPart, Parameter>>
}

const newPlace = (name: string): Place => ({ name, children: new Map(), parts: new Map() })

/** The places below `root`, '' for the whole tree. */
export function placesOf(tree: Tree, root: string): Place {
  const top = newPlace(root)
  const at = (id: string) => {
    let place = top
    for (const name of relative(id, root)) {
      let child = place.children.get(name)
      if (!child) {
        child = newPlace(name)
        place.children.set(name, child)
      }
      place = child
    }
    return place
  }
  const inside = (id: string) => root === '' || id === root || id.startsWith(`${root}.`)
  for (const scale of tree.scales) if (inside(scale.id)) at(scale.id).scale = scale
  const scales = new Set(tree.scales.map(({ id }) => id))
  for (const parameter of tree.parameters) {
    if (!inside(parameter.id)) continue
    const [, scaleId, number, part] = /^(.+)\.(\d+)\.(\w+)$/.exec(parameter.id) ?? []
    if (scaleId === undefined || !scales.has(scaleId)) at(parameter.id).parameter = parameter
    else {
      const { parts } = at(scaleId)
      const bracket = parts.get(Number(number)) ?? new Map<BracketPart, Parameter>()
      parts.set(Number(number), bracket.set(part as BracketPart, parameter))
    }
  }
  for (const node of tree.nodes) if (inside(node.id)) at(node.id).node = node
  return top
}

const relative = (id: string, root: string) =>
  id === root ? [] : id.slice(root === '' ? 0 : root.length + 1).split('.')

/** Whether all below the place is written in its file. Errors: CONSTRUCT_UNSUPPORTED where neither a file nor folders can hold it. */
export function isFile(place: Place, path: string): boolean {
  if (place.scale || place.parameter) return true
  const wanted = place.node?.breakdown !== undefined
  const needed = [...place.children.values()].some(
    (child) => /^index$/i.test(child.name) && isFile(child, `${path}/${child.name}`),
  )
  if (!wanted && !needed) return false
  if (fitsFile(place)) return true
  if (!needed) return false
  throw new QuesnayError('CONSTRUCT_UNSUPPORTED', `no file can hold what is below ${path}`, {
    path,
    suggestion: 'rename the child that is called index',
  })
}

const RESERVED = [...COMMON_KEYS, 'values', 'brackets'] as readonly string[]

/** Names that mean something else within a file, and dates, cannot be children there. */
const fitsFile = (place: Place): boolean =>
  [...place.children.values()].every(
    (child) =>
      !RESERVED.includes(child.name) && !isDateLike(child.name) && (child.scale || child.parameter || fitsFile(child)),
  )
