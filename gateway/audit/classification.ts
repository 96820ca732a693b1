// How confidential what a question gives is: read from @classification in the supergraph, by place.
import { type ConstDirectiveNode, type FieldDefinitionNode, type InputValueDefinitionNode, Kind, parse } from 'graphql'

/** From what anybody may see to what is about a person. */
export const LEVELS = ['PUBLIC', 'INTERNAL', 'CONFIDENTIAL', 'PERSONAL'] as const
export type Level = (typeof LEVELS)[number]

/** Whether a value of this level is written down. */
export const isKept = (level: Level): boolean => level === 'PUBLIC' || level === 'INTERNAL'

export interface Classification {
  /** Of a place: `Type.field.argument`, `Input.field` or `@directive.argument`. */
  levelOf(place: string): Level
}

const NAME = 'classification'

/**
 * The levels that a supergraph declares. An argument without one has that of its field. What is left is INTERNAL in a graph that
 * classifies anything, and PERSONAL in one that does not: of a graph that says nothing, nothing is known.
 */
export function readClassification(sdl: string): Classification {
  const levels = new Map<string, Level>()
  const note = (place: string, level: Level | undefined) => void (level && levels.set(place, level))
  for (const type of parse(sdl, { noLocation: true }).definitions) {
    if (type.kind === Kind.INPUT_OBJECT_TYPE_DEFINITION)
      for (const field of type.fields ?? []) note(`${type.name.value}.${field.name.value}`, levelOn(field))
    if (type.kind === Kind.OBJECT_TYPE_DEFINITION || type.kind === Kind.INTERFACE_TYPE_DEFINITION)
      for (const field of type.fields ?? []) {
        const own = levelOn(field)
        for (const argument of field.arguments ?? [])
          note(`${type.name.value}.${field.name.value}.${argument.name.value}`, levelOn(argument) ?? own)
      }
  }
  const otherwise: Level = levels.size > 0 ? 'INTERNAL' : 'PERSONAL'
  return { levelOf: (place) => (place.startsWith('@') ? 'PUBLIC' : (levels.get(place) ?? otherwise)) }
}

/** Composition may rename it where a subgraph imports it so: it is known by the end of its name too. */
function levelOn({ directives = [] }: FieldDefinitionNode | InputValueDefinitionNode): Level | undefined {
  const found = directives.filter(({ name: { value } }) => value === NAME || value.endsWith(`__${NAME}`))
  const given = found.map(levelIn)
  return LEVELS.findLast((level) => given.includes(level))
}

function levelIn(directive: ConstDirectiveNode): Level {
  const value = directive.arguments?.find(({ name }) => name.value === 'level')?.value
  const text = value?.kind === Kind.STRING || value?.kind === Kind.ENUM ? value.value : undefined
  const level = LEVELS.find((known) => known === text)
  // What a later version may add is nothing that this one may write down.
  return level ?? 'PERSONAL'
}
