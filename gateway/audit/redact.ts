// What a question gives, as far as it may be written down.
import { type GraphQLInputType, getNamedType, isInputObjectType } from 'graphql'
import { type Classification, isKept } from './classification.ts'
import type { Normalised } from './normalise.ts'

export interface Redacted {
  readonly variables: Readonly<Record<string, unknown>>
  /** Paths of what is not there, such as `input.values`, by why. */
  readonly withheld: Readonly<Record<string, 'CLASSIFIED' | 'LONG'>>
}

const REDACTED = '[redacted]'
/** In characters of JSON: an import is not kept a second time here. */
const LONGEST = 16_384

/** Variables and literals together. A variable that is used in several places counts as the strictest of them. */
export function redact(
  { literals, places, types }: Normalised,
  variables: Readonly<Record<string, unknown>>,
  classification: Classification,
): Redacted {
  const withheld: Record<string, 'CLASSIFIED' | 'LONG'> = {}
  const mayKeep = (place: string) => isKept(classification.levelOf(place))

  function keep(value: unknown, type: GraphQLInputType | undefined, path: string): unknown {
    if (Array.isArray(value)) return value.map((member) => keep(member, type, path))
    const named = type && getNamedType(type)
    if (typeof value !== 'object' || value === null || !isInputObjectType(named)) return value
    const fields = named.getFields()
    const kept = Object.entries(value).map(([name, member]) => {
      const within = `${path}.${name}`
      if (mayKeep(`${named.name}.${name}`)) return [name, keep(member, fields[name]?.type, within)]
      withheld[within] = 'CLASSIFIED'
      return [name, REDACTED]
    })
    return Object.fromEntries(kept)
  }

  const out: Record<string, unknown> = {}
  for (const [name, value] of Object.entries({ ...variables, ...literals })) {
    if ([...(places.get(name) ?? [''])].every(mayKeep)) out[name] = keep(value, types.get(name), name)
    else {
      out[name] = REDACTED
      withheld[name] = 'CLASSIFIED'
    }
    const length = JSON.stringify(out[name])?.length ?? 0
    if (length <= LONGEST) continue
    out[name] = `[${length} characters]`
    withheld[name] ??= 'LONG'
  }
  return { variables: out, withheld }
}
