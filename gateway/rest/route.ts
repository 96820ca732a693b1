// A route: one persisted operation, and how its answer becomes the data of an envelope.
import type { JsonSchema } from './json-schema.ts'

/** Takes the part of an answer that a route gives; the same step is taken on the schema of the answer. */
export interface Mapping {
  of(data: unknown, variables: Variables): unknown
  schema(answer: JsonSchema): JsonSchema
}

export type Variables = Readonly<Record<string, unknown>>

export interface Links {
  readonly [relation: string]: string | undefined
}

export interface Route {
  readonly method: 'GET' | 'POST'
  /** Below /api/v1; {names} in it are variables of the operation. */
  readonly path: string
  /** Stable name in the document. */
  readonly id: string
  readonly summary: string
  /** Text of the operation. Its variables are the route's parameters; of a POST the members of its body. */
  readonly operation: string
  readonly data: Mapping
  /** Parameters beside the operation's variables: only the mapping reads them. */
  readonly extra?: Readonly<Record<string, JsonSchema>>
  /** Values of parameters in another form than they come. */
  readonly read?: (variables: Variables) => Variables
  /** What is said with NOT_FOUND where the data are null. */
  readonly missing?: string
  /** Of a success; default 200. */
  readonly status?: 200 | 201 | 202
  /** Field of the answer that is a connection: the next page of it becomes a link. */
  readonly pages?: string
  /** Paths below /api/v1 of what belongs to the data; undefined ones are left out. */
  readonly links?: (data: unknown) => Links
}

/** The member at a path of names. */
export const member = (...path: readonly string[]): Mapping => ({
  of: (data) => path.reduce<unknown>((value, name) => (value as Record<string, unknown> | null)?.[name] ?? null, data),
  schema: (answer) => path.reduce((schema, name) => schema.properties?.[name] ?? {}, answer),
})

/** The nodes of the connection at a path. */
export function nodesOf(...path: readonly string[]): Mapping {
  const { of, schema } = member(...path)
  return {
    of: (data, variables) =>
      (of(data, variables) as { edges: { node: unknown }[] } | null)?.edges.map(({ node }) => node) ?? null,
    schema: (answer) => ({
      type: 'array',
      items: schema(answer).properties?.['edges']?.items?.properties?.['node'] ?? {},
    }),
  }
}
