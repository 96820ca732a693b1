// Random federated graphs: entities whose fields are spread over subgraphs, and what each subgraph and all together say of them.
import { numbers } from '../random-numbers.ts'

export interface WorldField {
  readonly name: string
  /** As in SDL. */
  readonly type: string
  /** Takes `x: Int = 3`. */
  readonly argument: boolean
  /** Subgraphs that resolve it; more than one: @shareable. */
  readonly owners: readonly number[]
  /** A field of others by which it is computed, and the argument given to that, if it takes one. */
  readonly requires?: { readonly field: string; readonly x: number | null }
  /** A field of the entity it leads to that its owner gives along. */
  readonly provides?: string
}

export type KeyName = 'id' | 'code' | 'ref'

export interface WorldEntity {
  readonly name: string
  readonly isNode: boolean
  /** By subgraph: the keys it knows the entity by; absent where it does not know it. */
  readonly keys: ReadonlyMap<number, readonly KeyName[]>
  readonly fields: readonly WorldField[]
}

export interface World {
  readonly seed: number
  readonly subgraphs: number
  readonly entities: readonly WorldEntity[]
  /** The subgraph that extends the interface Node as an object, if one does. */
  readonly interfaceObject: number | undefined
  /** Whether fields that may not be null fail too: then an answer depends on what was fetched together. */
  readonly failsHard: boolean
}

const SCALARS = ['Int', 'Float', 'String', 'Boolean', 'Color', 'ID']

/** @param failsHard see World. @param severalWays whether fields are required with different arguments, of one subgraph and of several */
export function randomWorld(seed: number, failsHard = false, severalWays = false): World {
  const next = numbers(seed * 7919 + 17)
  const below = (n: number) => Math.floor(next() * n)
  const pick = <T>(from: readonly T[]): T => from[below(from.length)]!
  const chance = (p: number) => next() < p
  const subgraphs = 3 + below(2)
  // A subgraph with an interface as an object knows none of its types.
  const interfaceObject = chance(0.5) ? subgraphs : undefined
  const names = Array.from({ length: 3 + below(3) }, (_, i) => `E${i}`)
  const typeOf = (): string => {
    const dice = next()
    const named = dice < 0.45 ? pick(SCALARS) : dice < 0.75 ? pick(names) : dice < 0.9 ? 'Value' : 'Color'
    const wrap = next()
    if (wrap < 0.5) return named
    if (wrap < 0.65) return `${named}!`
    if (wrap < 0.75) return `[${named}]`
    if (wrap < 0.85) return `[${named}!]`
    if (wrap < 0.95) return `[${named}!]!`
    return `[[${named}]]`
  }
  const entities = names.map((name, e): WorldEntity => {
    // Nodes live in subgraph 0, which knows them by id.
    const isNode = e < 2
    const fields: WorldField[] = Array.from({ length: 3 + below(5) }, (_, f) => {
      const owners = [below(subgraphs)]
      if (chance(0.15)) owners.push((owners[0]! + 1) % subgraphs)
      return { name: `f${e}${f}`, type: typeOf(), argument: chance(0.3), owners }
    })
    const plain = fields.filter(({ type, owners }) => SCALARS.includes(type) && owners.length === 1)
    for (const [i, source] of plain.slice(0, 2).entries()) {
      const owner = (source.owners[0]! + 1) % subgraphs
      const x = source.argument ? 10 + below(5) : null
      fields.push({
        name: `r${e}${i}`,
        type: 'String',
        argument: false,
        owners: [owner],
        requires: { field: source.name, x },
      })
    }
    if (severalWays) requireOtherwise(fields, subgraphs)
    if (isNode) fields.push({ name: 'label', type: 'String', argument: false, owners: [0] })
    return { name, isNode, fields, keys: new Map() }
  })
  for (const entity of entities)
    spreadKeys(entity, entities, subgraphs, { below, chance }, interfaceObject !== undefined)
  for (const entity of entities) provide(entity, entities, chance)
  return { seed, subgraphs: subgraphs + (interfaceObject === undefined ? 0 : 1), entities, interfaceObject, failsHard }
}

/** What is required with an argument is required with two others too: by the same subgraph, and by another one where that does not own it. */
function requireOtherwise(fields: WorldField[], subgraphs: number): void {
  for (const field of [...fields]) {
    const { requires, owners, name } = field
    if (!requires || requires.x === null) continue
    const source = fields.find((one) => one.name === requires.field)!
    const other = (owners[0]! + 1) % subgraphs
    fields.push({ ...field, name: `${name}w`, requires: { ...requires, x: requires.x + 1 } })
    fields.push({ ...field, name: `${name}n`, requires: { ...requires, x: null } })
    if (!source.owners.includes(other))
      fields.push({ ...field, name: `${name}o`, owners: [other], requires: { ...requires, x: requires.x + 2 } })
  }
}

interface Dice {
  readonly below: (n: number) => number
  readonly chance: (p: number) => boolean
}

const namedType = (type: string) => type.replace(/[[\]!]/g, '')

function spreadKeys(
  entity: WorldEntity,
  all: readonly WorldEntity[],
  subgraphs: number,
  { below, chance }: Dice,
  extended: boolean,
): void {
  const keys = entity.keys as Map<number, readonly KeyName[]>
  // The interface as an object is known by id alone.
  const other: KeyName | undefined =
    extended && entity.isNode ? undefined : chance(0.35) ? 'code' : chance(0.4) ? 'ref' : undefined
  for (let s = 0; s < subgraphs; s++) {
    const owns = entity.fields.some(({ owners }) => owners.includes(s))
    const leads = all.some(({ fields }) =>
      fields.some((f) => f.owners.includes(s) && namedType(f.type) === entity.name),
    )
    if (!owns && !leads && !(s === 0 && entity.isNode) && !(s === 1)) continue
    // Somebody must know the entity by both.
    const both = keys.size === 0 || (s === 0 && entity.isNode)
    const choice = below(3)
    keys.set(s, other === undefined ? ['id'] : both || choice === 2 ? ['id', other] : choice === 1 ? [other] : ['id'])
  }
}

/** Some fields that lead to one other entity give a field of it along. */
function provide(entity: WorldEntity, all: readonly WorldEntity[], chance: (p: number) => boolean): void {
  for (const [i, field] of entity.fields.entries()) {
    const target = all.find(({ name }) => name === namedType(field.type))
    if (!target || field.owners.length !== 1 || field.requires || !chance(0.3)) continue
    const given = target.fields.find(
      (f) =>
        SCALARS.includes(f.type) &&
        !f.argument &&
        !f.requires &&
        f.name !== 'label' &&
        !f.owners.includes(field.owners[0]!),
    )
    if (given) (entity.fields as WorldField[])[i] = { ...field, provides: given.name }
  }
}
