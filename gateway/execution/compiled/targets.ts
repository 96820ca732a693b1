// Where in the result a fetch of the plan belongs: the objects at a path, and their places for errors.
import { type Fields, getOwn, isFields } from './properties.ts'

/** Names of fields, and `@` for every member of a list. */
export type PlanPath = readonly (string | number)[]
export type ResponsePath = readonly (string | number)[]

const EACH = '@'

/** The objects at a path below `root`, in the order of the answer; nulls are passed over. */
export function targetsAt(root: Fields, path: PlanPath): Fields[] {
  const found: Fields[] = []
  collect(root, path, 0, found)
  return found
}

/** Adds them to those found already. */
export const addTargetsAt = (root: Fields, path: PlanPath, found: Fields[]): void => collect(root, path, 0, found)

function collect(value: unknown, path: PlanPath, at: number, found: Fields[]): void {
  if (value === null || value === undefined) return
  if (Array.isArray(value)) {
    // A list within a list has an `@` of its own; a list at the end of a path is gone through all the same.
    const next = path[at] === EACH ? at + 1 : at
    for (const member of value) collect(member, path, next, found)
    return
  }
  if (typeof value !== 'object') return
  if (at === path.length) found.push(value as Fields)
  else collect(getOwn(value as Fields, path[at] as string), path, at + 1, found)
}

/** Each of those objects at the end of the objects that it lies in, `root` first. */
export function chainsAt(root: Fields, path: PlanPath): (readonly Fields[])[] {
  const found: (readonly Fields[])[] = []
  const walk = (value: unknown, at: number, above: readonly Fields[]): void => {
    if (Array.isArray(value)) {
      const next = path[at] === EACH ? at + 1 : at
      for (const member of value) walk(member, next, above)
    } else if (isFields(value)) {
      const chain = [...above, value]
      if (at === path.length) found.push(chain)
      else walk(getOwn(value, path[at] as string), at + 1, chain)
    }
  }
  walk(root, 0, [])
  return found
}

/** Where each of those objects stands in the answer: looked for only when there is an error to place. */
export function placesAt(root: Fields, path: PlanPath): ResponsePath[] {
  const found: ResponsePath[] = []
  const here: (string | number)[] = []
  const walk = (value: unknown, at: number): void => {
    if (Array.isArray(value)) {
      const next = path[at] === EACH ? at + 1 : at
      for (const [i, member] of value.entries()) {
        here.push(i)
        walk(member, next)
        here.pop()
      }
    } else if (isFields(value)) {
      if (at === path.length) {
        found.push([...here])
        return
      }
      const name = path[at] as string
      here.push(name)
      walk(getOwn(value, name), at + 1)
      here.pop()
    }
  }
  walk(root, 0)
  return found
}
