// Rules of style for a subgraph that joins the graph: names, descriptions, ids, lists, keys, directives.
import {
  type DocumentNode,
  type EnumValueDefinitionNode,
  type FieldDefinitionNode,
  type InputValueDefinitionNode,
  Kind,
  type ObjectTypeDefinitionNode,
  type ObjectTypeExtensionNode,
  type TypeNode,
} from 'graphql'
import type { Finding } from './finding.ts'

const PASCAL = /^_?[A-Z][A-Za-z0-9]*$/
const CAMEL = /^_?[a-z][A-Za-z0-9]*$/
const UPPER = /^[A-Z][A-Z0-9_]*$/
const ROOTS: ReadonlySet<string> = new Set(['Query', 'Mutation', 'Subscription'])
const APOLLO = /^https:\/\/specs\.apollo\.dev\//

type Node = { readonly loc?: { readonly startToken: { readonly line: number } } | undefined }
type Member = FieldDefinitionNode | InputValueDefinitionNode | EnumValueDefinitionNode

/** @param shared names of types that other subgraphs have too: those are described there. */
export function lint(document: DocumentNode, shared: ReadonlySet<string>): Finding[] {
  const findings: Finding[] = []
  const find = (
    severity: Finding['severity'],
    code: string,
    path: string,
    node: Node,
    message: string,
    suggestion: string,
  ) => findings.push({ severity, code, path, message, suggestion, line: node.loc?.startToken.line })
  const warn = (code: string, path: string, node: Node, message: string, suggestion: string) =>
    find('WARNING', code, path, node, message, suggestion)

  const member = (node: Member, path: string, style: RegExp, called: string): void => {
    const name = node.name.value
    if (!style.test(name))
      warn('NAME_STYLE', path, node, `${path} is not written in ${called}`, `write its name in ${called}`)
    if (!node.description && !has(node, 'external'))
      warn('DESCRIPTION_MISSING', path, node, `${path} has no description`, 'say in one sentence what it is')
    const deprecated = node.directives?.find((one) => one.name.value === 'deprecated')
    if (deprecated && !deprecated.arguments?.some((one) => one.name.value === 'reason'))
      warn(
        'DEPRECATED_WITHOUT_REASON',
        path,
        node,
        `${path} is deprecated without a reason`,
        'name what to use instead',
      )
  }
  const field = (node: FieldDefinitionNode, type: string, isKey: boolean): void => {
    const path = `${type}.${node.name.value}`
    if (!isKey) member(node, path, CAMEL, 'camelCase')
    const { name, isList } = shapeOf(node.type)
    if (/^id$|Id$/.test(node.name.value) && name !== 'ID' && !isList)
      warn('ID_TYPE', path, node, `${path} is a ${name}`, 'let what identifies an object be of the type ID')
    const paged = node.arguments?.some((one) => ['first', 'last', 'limit'].includes(one.name.value))
    if (isList && objects.has(name) && !paged && !has(node, 'external'))
      warn(
        'LIST_UNBOUNDED',
        path,
        node,
        `${path} is a list of ${name} of any length`,
        'give it the argument first, or make it a connection',
      )
    for (const one of node.arguments ?? []) member(one, `${path}(${one.name.value}:)`, CAMEL, 'camelCase')
  }
  const object = (node: ObjectTypeDefinitionNode | ObjectTypeExtensionNode): void => {
    const type = node.name.value
    const keys = keyFields(node)
    const isShared = shared.has(type) && !ROOTS.has(type)
    if (isShared && keys.size === 0 && !has(node, 'shareable'))
      find(
        'ERROR',
        'ENTITY_WITHOUT_KEY',
        type,
        node,
        `${type} is of other subgraphs too and has no @key here`,
        'name the key by which they find it, such as @key(fields: "id")',
      )
    if (!isShared && keys.size === 0 && node.fields?.some(({ name }) => name.value === 'id'))
      warn(
        'ENTITY_WITHOUT_KEY',
        type,
        node,
        `${type} has an id and no @key`,
        'add @key(fields: "id"), so that others can extend it',
      )
    for (const one of node.fields ?? []) field(one, type, isShared && keys.has(one.name.value))
  }

  const objects = new Set(
    document.definitions.flatMap((node) =>
      node.kind === Kind.OBJECT_TYPE_DEFINITION || node.kind === Kind.INTERFACE_TYPE_DEFINITION ? node.name.value : [],
    ),
  )
  for (const node of document.definitions) {
    if (node.kind === Kind.SCHEMA_DEFINITION || node.kind === Kind.SCHEMA_EXTENSION) {
      for (const url of linksOf(node.directives ?? []).filter((one) => !APOLLO.test(one)))
        warn(
          'PRIVATE_DIRECTIVE',
          url,
          node,
          `directives of ${url} are not known to every router`,
          'see that nothing depends on them, or leave them out',
        )
      continue
    }
    if (!('name' in node) || !node.name || node.kind === Kind.DIRECTIVE_DEFINITION) continue
    const name = node.name.value
    if (!PASCAL.test(name))
      warn('NAME_STYLE', name, node, `${name} is not written in PascalCase`, 'write its name in PascalCase')
    const isDefinition = 'description' in node && !shared.has(name) && !ROOTS.has(name)
    if (isDefinition && !node.description)
      warn('DESCRIPTION_MISSING', name, node, `${name} has no description`, 'say in one sentence what it is')
    if (node.kind === Kind.OBJECT_TYPE_DEFINITION || node.kind === Kind.OBJECT_TYPE_EXTENSION) object(node)
    if (node.kind === Kind.INTERFACE_TYPE_DEFINITION) for (const one of node.fields ?? []) field(one, name, false)
    if (node.kind === Kind.INPUT_OBJECT_TYPE_DEFINITION)
      for (const one of node.fields ?? []) member(one, `${name}.${one.name.value}`, CAMEL, 'camelCase')
    if (node.kind === Kind.ENUM_TYPE_DEFINITION)
      for (const one of node.values ?? []) member(one, `${name}.${one.name.value}`, UPPER, 'UPPER_CASE')
  }
  return findings
}

const has = (
  node: { readonly directives?: readonly { readonly name: { readonly value: string } }[] | undefined },
  name: string,
) => node.directives?.some((one) => one.name.value === name) === true

/** Names of the fields, at the top, of all keys. */
function keyFields({ directives = [] }: ObjectTypeDefinitionNode | ObjectTypeExtensionNode): Set<string> {
  const names = directives
    .filter((one) => one.name.value === 'key')
    .flatMap((one) => {
      const value = one.arguments?.find(({ name }) => name.value === 'fields')?.value
      return value?.kind === Kind.STRING
        ? value.value
            .replace(/\{[^}]*\}/g, ' ')
            .trim()
            .split(/[\s,]+/)
        : []
    })
  return new Set(names)
}

function linksOf(directives: NonNullable<ObjectTypeDefinitionNode['directives']>): string[] {
  return directives
    .filter(({ name }) => name.value === 'link')
    .flatMap(({ arguments: given = [] }) => {
      const url = given.find(({ name }) => name.value === 'url')?.value
      return url?.kind === Kind.STRING ? [url.value] : []
    })
}

function shapeOf(type: TypeNode): { readonly name: string; readonly isList: boolean } {
  if (type.kind === Kind.NAMED_TYPE) return { name: type.name.value, isList: false }
  const inner = shapeOf(type.type)
  return type.kind === Kind.LIST_TYPE ? { ...inner, isList: true } : inner
}
