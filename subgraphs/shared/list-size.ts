// @listSize of every page of a list: how many objects the gateway is to expect, so that it can tell what an operation costs.
import { type FieldDefinitionNode, Kind, parse, type TypeNode } from 'graphql'
import { DEFAULT_PAGE } from './connection.ts'

/** `first` counts its edges; a list without it is as long as a page is where nothing is said. */
const PAGE = `@listSize(assumedSize: ${DEFAULT_PAGE}, slicingArguments: ["first"], sizedFields: ["edges"], requireOneSlicingArgument: false)`

const [carrier] = parse(`type Query { page: Int ${PAGE} }`, { noLocation: true }).definitions
const DIRECTIVES = carrier?.kind === Kind.OBJECT_TYPE_DEFINITION ? (carrier.fields?.[0]?.directives ?? []) : []

/** The field with @listSize where it gives a connection and takes `first`; undefined leaves it as it is. */
export function withListSize(node: FieldDefinitionNode): FieldDefinitionNode | undefined {
  const pages = nameOf(node.type).endsWith('Connection') && node.arguments?.some(({ name }) => name.value === 'first')
  return pages ? { ...node, directives: [...(node.directives ?? []), ...DIRECTIVES] } : undefined
}

const nameOf = (type: TypeNode): string => (type.kind === Kind.NAMED_TYPE ? type.name.value : nameOf(type.type))
