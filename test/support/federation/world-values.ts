// What is true in a random world: every field's value is a function of its object's id, its name and its argument.
import type { World } from './random-world.ts'

/** 32-bit FNV-1a. */
export function hash(text: string): number {
  let h = 0x811c9dc5
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193) >>> 0
  // The low bits of FNV-1a are poor where only the last letter differs.
  h ^= h >>> 15
  return Math.imul(h, 0x2c1b3c6d) >>> 0
}

export const COLORS = ['RED', 'GREEN', 'BLUE']
export const IDS_PER_TYPE = 5
const NULLS = 0.12
const FAILURES = 0.04

const fraction = (text: string) => hash(text) / 2 ** 32

export const codeOf = (id: string) => `code ${id}`
export const refOf = (id: string) => ({ id: `ref ${id}` })

/** The id behind a key. */
export function idOf(key: Readonly<Record<string, unknown>>): string {
  if (typeof key['id'] === 'string') return key['id']
  if (typeof key['code'] === 'string') return key['code'].slice('code '.length)
  return (key['ref'] as { id: string }).id.slice('ref '.length)
}

/** Value of a field, or throws as the field fails. `place`: what makes it this one, such as `E0:1.f01(3)`. */
export function fieldValue(world: World, place: string, type: string): unknown {
  const key = `${world.seed} ${place}`
  if ((world.failsHard || !type.endsWith('!')) && fraction(`fails ${key}`) < FAILURES)
    throw new Error(`fails at ${place}`)
  return value(world, key, type)
}

function value(world: World, key: string, type: string): unknown {
  if (type.endsWith('!')) return present(world, key, type.slice(0, -1))
  return fraction(`null ${key}`) < NULLS ? null : present(world, key, type)
}

function present(world: World, key: string, type: string): unknown {
  if (type.startsWith('[')) {
    const inner = type.slice(1, -1)
    return Array.from({ length: hash(`length ${key}`) % 4 }, (_, i) => value(world, `${key}#${i}`, inner))
  }
  const h = hash(key)
  switch (type) {
    case 'Int':
      return (h % 2001) - 1000
    case 'Float':
      return (h % 1000) / 8
    case 'Boolean':
      return h % 2 === 0
    case 'String':
      return `text ${h % 97}`
    case 'ID':
      return `id ${h % 97}`
    case 'Color':
      return COLORS[h % COLORS.length]
    case 'Value':
      return { __typename: 'Value', seed: `${h}` }
    case 'Node':
      return entity(world.entities.filter(({ isNode }) => isNode)[h % 2]!.name, h)
    case 'Anything':
      return entity(world.entities[h % world.entities.length]!.name, h)
    default:
      return entity(type, h)
  }
}

const entity = (name: string, h: number) => ({ __typename: name, id: `${name}:${(h >>> 8) % IDS_PER_TYPE}` })

/** Value of a field that is computed from another one, which counts as null where it fails. */
export function computedFrom(source: unknown): string {
  return `from ${JSON.stringify(source ?? null)}`
}
