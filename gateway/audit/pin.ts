// A question, pinned to the versions that its answer rested on: arguments that name a version and were left out are given.
import {
  type ArgumentNode,
  type GraphQLSchema,
  getNamedType,
  isInputObjectType,
  Kind,
  parse,
  print,
  TypeInfo,
  typeFromAST,
  visit,
  visitWithTypeInfo,
} from 'graphql'
import type { AuditEntry } from './chain.ts'

export interface Pinned {
  readonly text: string
  readonly variables: Readonly<Record<string, unknown>>
  /** What was given, such as `dataset us-nipa@2025`; empty where nothing could be. */
  readonly pins: readonly string[]
}

/**
 * Arguments by which the graph names a version, and what each is given: the only dataset and the only bank that was read, and the
 * day on which was asked, as that is how finely the law is known by time.
 */
function pinsOf({ versions, at }: AuditEntry): Record<string, string> {
  const day = new Date(at).toISOString().slice(0, 10)
  const pins: Record<string, string> = { knownAt: day }
  for (const kind of ['dataset', 'bank']) {
    const read = Object.values(versions).flatMap((names) =>
      Object.entries(names).flatMap(([name, version]) =>
        name.startsWith(`${kind} `) ? [`${name.slice(kind.length + 1)}@${version}`] : [],
      ),
    )
    if (read.length === 1 && !read[0]!.includes(', ')) pins[kind] = read[0]!
  }
  return pins
}

export function pin(entry: AuditEntry, text: string, schema: GraphQLSchema): Pinned {
  const values = pinsOf(entry)
  const given = new Set<string>()
  const take = (name: string) => {
    given.add(`${name} ${values[name]}`)
    return values[name]!
  }
  const info = new TypeInfo(schema)
  const document = parse(text)
  const pinned = visit(
    document,
    visitWithTypeInfo(info, {
      Field(node) {
        const set = new Set(node.arguments?.map(({ name }) => name.value))
        const open = (info.getFieldDef()?.args ?? []).filter(
          ({ name }) => Object.hasOwn(values, name) && !set.has(name),
        )
        const added = open.map(({ name }): ArgumentNode => {
          const value = { kind: Kind.STRING, value: take(name) } as const
          return { kind: Kind.ARGUMENT, name: { kind: Kind.NAME, value: name }, value }
        })
        return added.length > 0 ? { ...node, arguments: [...(node.arguments ?? []), ...added] } : undefined
      },
    }),
  )
  const variables: Record<string, unknown> = { ...entry.variables }
  visit(document, {
    VariableDefinition({ variable, type }) {
      const name = variable.name.value
      const named = getNamedType(typeFromAST(schema, type as never))
      const value = variables[name]
      if (!isInputObjectType(named) || typeof value !== 'object' || value === null || Array.isArray(value)) return
      const open = Object.keys(named.getFields()).filter(
        (field) => Object.hasOwn(values, field) && (value as Record<string, unknown>)[field] == null,
      )
      variables[name] = { ...value, ...Object.fromEntries(open.map((field) => [field, take(field)])) }
    },
  })
  return { text: print(pinned), variables, pins: [...given].sort() }
}
