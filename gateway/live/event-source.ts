// Which events on the bus move a subscription field, and how they are given: read from @eventSource in the supergraph.
import {
  type ConstDirectiveNode,
  type DocumentNode,
  type FieldDefinitionNode,
  Kind,
  type ObjectTypeDefinitionNode,
  OperationTypeNode,
  type TypeNode,
} from 'graphql'
import { namesNoKey, type OwnedKey, ownedKeys } from './owned-keys.ts'
import { readSubject, type Subject } from './subject.ts'

/**
 * What a slow subscriber gets. LATEST: the newest state (of each key) and none before. BLOCK: everything, later, for it is read from the
 * stream as the subscriber reads on. DISCONNECT: everything at once, or an end.
 */
export const POLICIES = ['LATEST', 'BLOCK', 'DISCONNECT'] as const
export type Policy = (typeof POLICIES)[number]

export interface EventSource {
  /** Field of the subscription type, such as runUpdated. */
  readonly field: string
  readonly subject: Subject
  /** Field of the query type that shows the state now; it takes arguments of the same names. undefined: there is none, only news. */
  readonly snapshot: string | undefined
  readonly snapshotArguments: readonly string[]
  readonly policy: Policy
  /** Member of the payload by which LATEST tells one object from another; undefined: all events are about one. */
  readonly key: string | undefined
  /** Member of an event's body that holds the fields of the object; undefined: an event only says that there is news. */
  readonly payload: string | undefined
  /** Field of the object that says how far it is, and after which of its values nothing follows. */
  readonly statusField: string | undefined
  readonly finalStatuses: ReadonlySet<string>
  /** By which the declaring subgraph resolves what an event lacks. */
  readonly keys: readonly OwnedKey[]
}

export interface EventSources {
  readonly sources: ReadonlyMap<string, EventSource>
  /** One sentence for each subscription field that cannot be served. */
  readonly faults: readonly string[]
}

/** Argument by which a subscriber resumes, where a field has it. */
export const AFTER = 'after'

/** The one stream of events there is. */
const STREAM = 'EVENTS'

interface Roots {
  readonly document: DocumentNode
  readonly subscription: ObjectTypeDefinitionNode
  readonly query: ObjectTypeDefinitionNode | undefined
}

/** Reads every subscription field of a supergraph; a graph without a subscription type has none. */
export function readEventSources(document: DocumentNode): EventSources {
  const subscription = rootType(document, OperationTypeNode.SUBSCRIPTION)
  const query = rootType(document, OperationTypeNode.QUERY)
  const sources = new Map<string, EventSource>()
  const faults: string[] = []
  for (const field of subscription?.fields ?? []) {
    const read = readField(field, { document, subscription: subscription!, query })
    if (typeof read === 'string') faults.push(`${subscription!.name.value}.${field.name.value} ${read}`)
    else sources.set(read.field, read)
  }
  return { sources, faults }
}

function readField(field: FieldDefinitionNode, roots: Roots): EventSource | string {
  const directive = field.directives?.find((d) => d.name.value === 'eventSource')
  if (!directive) return 'has no @eventSource: nothing would ever be pushed'
  const subject = readSubject(textArgument(directive, 'subject') ?? '', field)
  if (typeof subject === 'string') return subject
  const policy = (textArgument(directive, 'policy') ?? 'LATEST') as Policy
  if (!POLICIES.includes(policy)) return `has the policy "${policy}": known are ${POLICIES.join(', ')}`
  const stream = textArgument(directive, 'stream') ?? STREAM
  if (stream !== STREAM) return `has the stream "${stream}": there is ${STREAM}`
  const snapshot = textArgument(directive, 'snapshot')
  const graph = graphsOf(roots.subscription, field)[0] ?? ''
  const source: EventSource = {
    field: field.name.value,
    subject,
    snapshot,
    snapshotArguments: snapshotOf(roots, snapshot)?.arguments?.map((a) => a.name.value) ?? [],
    policy,
    key: textArgument(directive, 'key'),
    payload: textArgument(directive, 'payload'),
    statusField: textArgument(directive, 'statusField'),
    finalStatuses: new Set(textsArgument(directive, 'finalStatuses')),
    keys: ownedKeys(roots.document, namedType(field.type), graph),
  }
  return faultOf(source, field, roots) ?? source
}

function faultOf(source: EventSource, field: FieldDefinitionNode, roots: Roots): string | undefined {
  const { payload, key, snapshot, keys } = source
  if (key !== undefined && payload === undefined) return 'has a key but no payload that it would stand in'
  if (payload !== undefined && keys.length === 0 && namesNoKey(roots.document, namedType(field.type)))
    return 'carries a payload of a type without a key: what an event lacks could not be read'
  if (snapshot !== undefined) return snapshotFault(snapshot, field, roots)
  return payload === undefined ? 'has neither a snapshot nor a payload: there would be nothing to push' : undefined
}

function snapshotFault(name: string, field: FieldDefinitionNode, roots: Roots): string | undefined {
  const { subscription, query } = roots
  const snapshot = snapshotOf(roots, name)
  if (!snapshot) return `has the snapshot "${name}", which is no query field`
  if (namedType(snapshot.type) !== namedType(field.type)) return `and its snapshot "${name}" differ in type`
  const names = new Set(field.arguments?.map((a) => a.name.value))
  const lacking = snapshot.arguments?.find(
    (a) => a.type.kind === Kind.NON_NULL_TYPE && !a.defaultValue && !names.has(a.name.value),
  )
  if (lacking) return `has no argument "${lacking.name.value}", which its snapshot "${name}" requires`
  const elsewhere = graphsOf(subscription, field).find((graph) => !graphsOf(query!, snapshot).includes(graph))
  if (elsewhere) return `is declared in ${elsewhere}, which does not answer its snapshot "${name}"`
  return undefined
}

const snapshotOf = ({ query }: Roots, name: string | undefined) => query?.fields?.find((f) => f.name.value === name)

function rootType(document: DocumentNode, kind: OperationTypeNode): ObjectTypeDefinitionNode | undefined {
  const schema = document.definitions.find((node) => node.kind === Kind.SCHEMA_DEFINITION)
  const name = schema?.operationTypes.find((type) => type.operation === kind)?.type.name.value
  const types = document.definitions.filter((node) => node.kind === Kind.OBJECT_TYPE_DEFINITION)
  return types.find((type) => type.name.value === name)
}

/** The subgraphs that resolve a field of a root type: those of its @join__field, else all that have the type. */
function graphsOf(type: ObjectTypeDefinitionNode, field: FieldDefinitionNode): string[] {
  const graphs = (directives: readonly ConstDirectiveNode[] | undefined, name: string) =>
    (directives ?? []).filter((d) => d.name.value === name).map((d) => textArgument(d, 'graph') ?? '')
  const own = graphs(field.directives, 'join__field')
  return own.length > 0 ? own : graphs(type.directives, 'join__type')
}

/** undefined where it is not given, or empty. */
function textArgument(directive: ConstDirectiveNode, name: string): string | undefined {
  const value = directive.arguments?.find((a) => a.name.value === name)?.value
  return value?.kind === Kind.STRING || value?.kind === Kind.ENUM ? value.value || undefined : undefined
}

function textsArgument(directive: ConstDirectiveNode, name: string): string[] {
  const value = directive.arguments?.find((a) => a.name.value === name)?.value
  if (value?.kind !== Kind.LIST) return []
  return value.values.flatMap((one) => (one.kind === Kind.STRING || one.kind === Kind.ENUM ? one.value : []))
}

function namedType(type: TypeNode): string {
  return type.kind === Kind.NAMED_TYPE ? type.name.value : namedType(type.type)
}
