// Merges what a subgraph answered into the result so far.
import { type Fields, getOwn, isFields, setOwn } from './properties.ts'

/**
 * Adds the fields of `source` to `target`: objects field by field, lists of equal length member by member, anything else replaces.
 * `shared`: `source` is merged into other targets too, so that nothing of it is taken over without a copy.
 */
export type Merge = (target: Fields, source: Fields, shared: boolean) => void

/**
 * @param isObjectType whether a name is that of a type of objects. An interface is what a subgraph says that knows it as an object
 * (@interfaceObject): it does not replace a type that is known already.
 */
export function merger(isObjectType: (name: unknown) => boolean): Merge {
  const fields: Merge = (target, source, shared) => {
    for (const key in source) {
      const given = source[key]
      if (given === undefined) continue
      const there = getOwn(target, key)
      if (isFields(given) && isFields(there)) fields(there, given, shared)
      else if (isSameList(given, there)) members(there as unknown[], given as unknown[], shared)
      else if (key !== '__typename' || there === undefined || isObjectType(given))
        setOwn(target, key, shared ? copyOf(given) : given)
    }
  }
  const members = (target: unknown[], source: readonly unknown[], shared: boolean): void => {
    for (let i = 0; i < source.length; i++) {
      const given = source[i]
      const there = target[i]
      if (isFields(given) && isFields(there)) fields(there, given, shared)
      else if (isSameList(given, there)) members(there as unknown[], given as unknown[], shared)
      else target[i] = shared ? copyOf(given) : given
    }
  }
  return fields
}

const isSameList = (given: unknown, there: unknown): boolean =>
  Array.isArray(given) && Array.isArray(there) && given.length === there.length

function copyOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(copyOf)
  if (!isFields(value)) return value
  const copy: Fields = {}
  for (const key in value) setOwn(copy, key, copyOf(value[key]))
  return copy
}
