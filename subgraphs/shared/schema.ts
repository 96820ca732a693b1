// From decorated classes to a Federation 2 subgraph: the SDL that is composed, and the schema that answers.

import { buildSubgraphSchema } from '@apollo/subgraph'
import { printSchemaWithDirectives } from '@graphql-tools/utils'
import { type GraphQLDirective, type GraphQLSchema, Kind, parse, print, visit } from 'graphql'
import { type BuildSchemaOptions, buildSchemaSync, createResolversMap, type NonEmptyArray } from 'type-graphql'
import { withListSize } from './list-size.ts'

// biome-ignore lint/complexity/noBannedTypes: type-graphql takes any class that carries its decorators.
type DecoratedClass = Function

export interface SubgraphSource {
  /** Resolver classes, as type-graphql takes them. */
  readonly resolvers: NonEmptyArray<DecoratedClass>
  /** Object types that no resolver mentions but that belong to the subgraph. */
  readonly types?: readonly DecoratedClass[]
  /** Custom directives that are composed into the supergraph. */
  readonly directives?: readonly GraphQLDirective[]
  /** By type name: resolves the entity of a representation; goes through a DataLoader. */
  readonly references: Readonly<Record<string, ReferenceResolver>>
}

// biome-ignore lint/suspicious/noExplicitAny: a representation is whatever fields the planner sends for the entity.
export type ReferenceResolver = (representation: any, context: any) => unknown

const FEDERATION_IMPORTS = [
  '@key',
  '@shareable',
  '@external',
  '@requires',
  '@provides',
  '@inaccessible',
  '@tag',
  '@composeDirective',
  '@cost',
  '@listSize',
  '@authenticated',
  '@requiresScopes',
  '@policy',
]

/** Where each of our own directives is specified, by its name. */
const SPECS: Readonly<Record<string, string>> = {
  eventSource: 'https://specs.quesnay.dev/events/v1.1',
  dispatches: 'https://specs.quesnay.dev/dispatch/v1.0',
  classification: 'https://specs.quesnay.dev/audit/v1.0',
  cacheControl: 'https://specs.quesnay.dev/cache/v1.0',
  changes: 'https://specs.quesnay.dev/changes/v1.0',
}

function linkHeader(directives: readonly GraphQLDirective[]): string {
  const imports = FEDERATION_IMPORTS.map((name) => JSON.stringify(name)).join(', ')
  const federation = `@link(url: "https://specs.apollo.dev/federation/v2.9", import: [${imports}])`
  const own = directives.map(
    ({ name }) => ` @link(url: "${SPECS[name]}", import: ["@${name}"]) @composeDirective(name: "@${name}")`,
  )
  return `extend schema ${federation}${own.join('')}\n\n`
}

/** The printed schema without what only type-graphql and the printer add: root `schema {}` block, unused root types. */
function federationSdl(schema: GraphQLSchema, directives: readonly GraphQLDirective[]): string {
  const keep = new Set(directives.map((d) => d.name))
  const document = visit(parse(printSchemaWithDirectives(schema)), {
    SchemaDefinition: () => null,
    FieldDefinition: withListSize,
    DirectiveDefinition: (node) => (keep.has(node.name.value) ? undefined : null),
  })
  const sorted = [...document.definitions].sort((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1))
  return `${linkHeader(directives)}${print({ kind: Kind.DOCUMENT, definitions: sorted })}\n`
}

function nameOf(node: { kind: string; name?: { value: string } | undefined }): string {
  const rank = node.kind === Kind.DIRECTIVE_DEFINITION ? '0' : node.kind === Kind.SCALAR_TYPE_DEFINITION ? '1' : '2'
  return rank + (node.name?.value ?? '')
}

export interface BuiltSubgraph {
  readonly sdl: string
  readonly schema: GraphQLSchema
}

/** Builds the SDL and the executable schema of one subgraph; equal classes give equal text. */
export function buildSubgraph(source: SubgraphSource): BuiltSubgraph {
  const directives = source.directives ?? []
  const options: BuildSchemaOptions = {
    resolvers: source.resolvers,
    orphanedTypes: [...(source.types ?? [])],
    validate: false,
    skipCheck: true,
    ...(directives.length > 0 ? { directives: [...directives], pubSub: UNUSED_PUBSUB } : {}),
  }
  const decorated = buildSchemaSync(options)
  const sdl = federationSdl(decorated, directives)
  const resolvers = createResolversMap(decorated) as Record<string, Record<string, unknown>>
  for (const [name, resolve] of Object.entries(source.references))
    resolvers[name] = { ...resolvers[name], __resolveReference: resolve }
  // biome-ignore lint/suspicious/noExplicitAny: type-graphql and @apollo/subgraph describe one resolver map with two types.
  const schema = buildSubgraphSchema({ typeDefs: parse(sdl), resolvers: resolvers as any })
  return { sdl, schema }
}

/** Subscription fields are declared here and served by the gateway from the bus; a subgraph never publishes by itself. */
const UNUSED_PUBSUB = {
  publish() {
    throw new Error('subscriptions are served by the gateway')
  },
  subscribe(): AsyncIterable<never> {
    throw new Error('subscriptions are served by the gateway')
  },
}
