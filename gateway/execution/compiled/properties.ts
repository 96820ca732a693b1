// Properties of objects that came as JSON, whose keys are what a client chose: `__proto__` and `constructor` are names like any other.

/** A value of a JSON object, or of the answer under construction. */
export type Fields = Record<string, unknown>

const INHERITED: ReadonlySet<string> = new Set(Object.getOwnPropertyNames(Object.prototype))

/** True for a name that every plain object answers to without having it. */
const isInherited = (name: string): boolean => INHERITED.has(name)

/** A reader of one property, as fast as the name allows; undefined where the object has no such property of its own. */
export function readerOf(name: string): (object: Fields) => unknown {
  if (isInherited(name)) return (object) => (Object.hasOwn(object, name) ? object[name] : undefined)
  return (object) => object[name]
}

export function setOwn(object: Fields, name: string, value: unknown): void {
  if (name !== '__proto__') object[name] = value
  else Object.defineProperty(object, name, { value, writable: true, enumerable: true, configurable: true })
}

export function getOwn(object: Fields, name: string): unknown {
  const value = object[name]
  // What plain objects inherit are functions and `__proto__`, and no value of JSON is a function.
  return typeof value !== 'function' && name !== '__proto__' ? value : ownOf(object, name)
}

const ownOf = (object: Fields, name: string): unknown => (Object.hasOwn(object, name) ? object[name] : undefined)

export const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
