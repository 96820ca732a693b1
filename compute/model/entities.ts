// The entities of a model as the levels of a plan: the lane, and below it its members, in an order that declarations do not change.
import type { Entity, Model, Variable } from './model.ts'

/** The lane where a model names no entities. */
export const LANE = 'lane'

export interface Levels {
  /** Names by level. */
  readonly names: readonly string[]
  /** Level of the entity that each is a member of; -1 for the lane. */
  readonly of: readonly number[]
  /** Level of an entity, of the first where none is named. */
  levelOf(entity: string | undefined): number
  /** Whether `above` is the level itself or one that it is a member of, at whatever depth. */
  holds(above: number, level: number): boolean
}

/** @param kept names of the entities that count; those they are members of count with them. By default all. */
export function levelsOf(model: Pick<Model, 'entities'>, kept?: ReadonlySet<string>): Levels {
  const entities: readonly Entity[] = model.entities?.length ? model.entities : [{ name: LANE }]
  const byName = new Map(entities.map((e) => [e.name, e]))
  const depths = new Map<string, number>()
  for (const { name, of } of entities) depths.set(name, of === undefined ? 0 : (depths.get(of) ?? 0) + 1)
  const counted = kept && new Set<string>([entities[0]!.name])
  for (const name of kept ?? []) for (let e = byName.get(name); e; e = byName.get(e.of ?? '')) counted!.add(e.name)
  const names = entities
    .map((e) => e.name)
    .filter((name) => !counted || counted.has(name))
    .sort((a, b) => depths.get(a)! - depths.get(b)! || (a < b ? -1 : 1))
  const levels = new Map(names.map((name, level) => [name, level]))
  const of = names.map((name) => levels.get(byName.get(name)!.of ?? '') ?? -1)
  return {
    names,
    of,
    levelOf: (entity) => (entity === undefined ? 0 : levels.get(entity)!),
    holds(above, level) {
      let at = level
      while (at > above) at = of[at]!
      return at === above
    },
  }
}

/** Name of the entity of a variable. */
export function entityOf(model: Pick<Model, 'entities'>, v: Variable): string {
  return v.entity ?? model.entities?.[0]?.name ?? LANE
}
