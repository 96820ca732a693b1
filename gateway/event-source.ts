// Which events on the bus move a subscription field: read from @eventSource in the supergraph.
import {
  type ConstDirectiveNode,
  type DocumentNode,
  type FieldDefinitionNode,
  Kind,
  type ObjectTypeDefinitionNode,
  OperationTypeNode,
  type TypeNode,
} from 'graphql'
import { QuesnayError } from '../schema/errors.ts'
import { subjects } from '../schema/jobs.ts'

export interface EventSource {
  /** Field of the subscription type, such as runUpdated. */
  readonly field: string
  /** Which family of subjects, such as run. */
  readonly family: string
  /** Argument that holds the id of what is watched. */
  readonly argument: string
  /** Field of the query type that shows the state now; it takes arguments of the same names. */
  readonly snapshot: string
  readonly snapshotArguments: readonly string[]
}

export interface EventSources {
  readonly sources: ReadonlyMap<string, EventSource>
  /** One sentence for each subscription field that cannot be served. */
  readonly faults: readonly string[]
}

/** `run.{args.id}` is the family and the argument; the tenant is the caller's and never stands in a template. */
const SUBJECT = /^([a-z]+)\.\{args\.([A-Za-z_]\w*)\}$/

const FAMILIES: Readonly<Record<string, (tenant: string, id: string) => string>> = { run: subjects.events }

/** No dots, wildcards, white space or control characters: the id stays one token of its subject. */
const TOKEN = /^[^\s.*>\p{C}]{1,128}$/u

/** The pattern to listen to. BAD_INPUT where the id cannot stand in a subject. */
export function subjectOf(source: EventSource, tenant: string, args: Readonly<Record<string, unknown>>): string {
  const id = args[source.argument]
  if (typeof id !== 'string' || !TOKEN.test(id))
    throw new QuesnayError('BAD_INPUT', `${source.argument} is not an id`, {
      path: source.argument,
      suggestion: 'give an id as the graph names it: no dots, wildcards or white space',
    })
  if (!TOKEN.test(tenant)) throw new QuesnayError('INTERNAL', 'the tenant cannot stand in a subject')
  return FAMILIES[source.family]!(tenant, id)
}

/** Reads every subscription field of a supergraph; a graph without a subscription type has none. */
export function readEventSources(supergraph: DocumentNode): EventSources {
  const subscription = rootType(supergraph, OperationTypeNode.SUBSCRIPTION)
  const query = rootType(supergraph, OperationTypeNode.QUERY)
  const sources = new Map<string, EventSource>()
  const faults: string[] = []
  for (const field of subscription?.fields ?? []) {
    const source = readField(field)
    const fault = typeof source === 'string' ? source : faultOf(source, field, subscription!, query)
    if (typeof source === 'string' || fault) faults.push(`${subscription!.name.value}.${field.name.value} ${fault}`)
    else sources.set(source.field, withArguments(source, query))
  }
  return { sources, faults }
}

function readField(field: FieldDefinitionNode): EventSource | string {
  const directive = field.directives?.find((d) => d.name.value === 'eventSource')
  if (!directive) return 'has no @eventSource: nothing would ever be pushed'
  const subject = textArgument(directive, 'subject')
  const [, family = '', argument = ''] = SUBJECT.exec(subject) ?? []
  if (!argument) return `has the subject "${subject}": write FAMILY.{args.NAME}, such as run.{args.id}`
  if (!Object.hasOwn(FAMILIES, family))
    return `has a subject of the family "${family}": known are ${Object.keys(FAMILIES).join(', ')}`
  return {
    field: field.name.value,
    family,
    argument,
    snapshot: textArgument(directive, 'snapshot'),
    snapshotArguments: [],
  }
}

function faultOf(
  source: EventSource,
  field: FieldDefinitionNode,
  subscription: ObjectTypeDefinitionNode,
  query: ObjectTypeDefinitionNode | undefined,
): string | undefined {
  const { argument } = source
  const given = field.arguments?.find((a) => a.name.value === argument)
  if (given?.type.kind !== Kind.NON_NULL_TYPE) return `has no required argument "${argument}", which its subject names`
  const snapshot = query?.fields?.find((f) => f.name.value === source.snapshot)
  if (!snapshot) return `has the snapshot "${source.snapshot}", which is no query field`
  if (namedType(snapshot.type) !== namedType(field.type)) return `and its snapshot "${source.snapshot}" differ in type`
  const names = new Set(field.arguments?.map((a) => a.name.value))
  const lacking = snapshot.arguments?.find(
    (a) => a.type.kind === Kind.NON_NULL_TYPE && !a.defaultValue && !names.has(a.name.value),
  )
  if (lacking) return `has no argument "${lacking.name.value}", which its snapshot "${source.snapshot}" requires`
  const elsewhere = graphsOf(subscription, field).find((graph) => !graphsOf(query!, snapshot).includes(graph))
  if (elsewhere) return `is declared in ${elsewhere}, which does not answer its snapshot "${source.snapshot}"`
  return undefined
}

function withArguments(source: EventSource, query: ObjectTypeDefinitionNode | undefined): EventSource {
  const snapshot = query?.fields?.find((f) => f.name.value === source.snapshot)
  return { ...source, snapshotArguments: snapshot?.arguments?.map((a) => a.name.value) ?? [] }
}

function rootType(document: DocumentNode, kind: OperationTypeNode): ObjectTypeDefinitionNode | undefined {
  const schema = document.definitions.find((node) => node.kind === Kind.SCHEMA_DEFINITION)
  const name = schema?.operationTypes.find((type) => type.operation === kind)?.type.name.value
  const types = document.definitions.filter((node) => node.kind === Kind.OBJECT_TYPE_DEFINITION)
  return types.find((type) => type.name.value === name)
}

/** The subgraphs that resolve a field of a root type: those of its @join__field, else all that have the type. */
function graphsOf(type: ObjectTypeDefinitionNode, field: FieldDefinitionNode): string[] {
  const graphs = (directives: readonly ConstDirectiveNode[] | undefined, name: string) =>
    (directives ?? []).filter((d) => d.name.value === name).map((d) => textArgument(d, 'graph'))
  const own = graphs(field.directives, 'join__field')
  return own.length > 0 ? own : graphs(type.directives, 'join__type')
}

function textArgument(directive: ConstDirectiveNode, name: string): string {
  const value = directive.arguments?.find((a) => a.name.value === name)?.value
  return value?.kind === Kind.STRING || value?.kind === Kind.ENUM ? value.value : ''
}

function namedType(type: TypeNode): string {
  return type.kind === Kind.NAMED_TYPE ? type.name.value : namedType(type.type)
}
