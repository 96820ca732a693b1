// What fields weigh and how long lists are: read from @cost, @listSize and @dispatches in the supergraph's text.
import {
  type ConstDirectiveNode,
  type DocumentNode,
  type FieldDefinitionNode,
  type InputValueDefinitionNode,
  Kind,
  parse,
  valueFromASTUntyped,
} from 'graphql'

/** As @listSize says it (https://ibm.github.io/graphql-specs/cost-spec.html, section 3.2). */
export interface ListSize {
  readonly assumedSize: number | undefined
  /** Paths of arguments, such as first, or input.first. */
  readonly slicingArguments: readonly string[]
  /** Fields of the type given whose length it is; none: of the field itself. */
  readonly sizedFields: readonly string[]
  readonly requireOneSlicingArgument: boolean
}

/** As @dispatches says it: seconds of computing, times the arguments named. */
export interface Dispatch {
  readonly seconds: number
  readonly per: readonly string[]
}

export interface FieldWeights {
  readonly weight?: number
  readonly listSize?: ListSize
  readonly dispatch?: Dispatch
  /** By name of the argument. */
  readonly args: ReadonlyMap<string, number>
}

export interface Weights {
  /** By Type.field; also of the fields of input types, which have a weight alone. */
  readonly fields: ReadonlyMap<string, FieldWeights>
  /** By name of the type. */
  readonly types: ReadonlyMap<string, number>
}

const SPECIFICATION = /^https?:\/\/specs\.(?:apollo|quesnay)\.dev\/(cost|federation|dispatch)\//
const DIRECTIVES_OF: Readonly<Record<string, readonly Directive[]>> = {
  cost: ['cost', 'listSize'],
  federation: ['cost', 'listSize'],
  dispatch: ['dispatches'],
}

type Values = Readonly<Record<string, unknown>>
interface Directives {
  of(node: { readonly directives?: readonly ConstDirectiveNode[] | undefined }, name: Directive): Values | undefined
}
type Directive = 'cost' | 'listSize' | 'dispatches'

export function readWeights(sdl: string): Weights {
  const document = parse(sdl, { noLocation: true })
  const directives = named(document)
  const fields = new Map<string, FieldWeights>()
  const types = new Map<string, number>()
  for (const node of document.definitions) {
    if (!('name' in node) || !node.name || node.kind === Kind.DIRECTIVE_DEFINITION) continue
    const type = node.name.value
    if ('directives' in node) {
      const weight = numberOf(directives.of(node as { directives?: readonly ConstDirectiveNode[] }, 'cost')?.['weight'])
      if (weight !== undefined) types.set(type, weight)
    }
    if (!('fields' in node)) continue
    for (const field of node.fields ?? []) {
      const weights = ofField(field, directives)
      if (weights) fields.set(`${type}.${field.name.value}`, weights)
    }
  }
  return { fields, types }
}

function ofField(
  node: FieldDefinitionNode | InputValueDefinitionNode,
  directives: Directives,
): FieldWeights | undefined {
  const weight = numberOf(directives.of(node, 'cost')?.['weight'])
  const listSize = directives.of(node, 'listSize')
  const dispatch = directives.of(node, 'dispatches')
  const args = new Map<string, number>()
  for (const argument of node.kind === Kind.FIELD_DEFINITION ? (node.arguments ?? []) : []) {
    const its = numberOf(directives.of(argument, 'cost')?.['weight'])
    if (its !== undefined) args.set(argument.name.value, its)
  }
  if (weight === undefined && !listSize && !dispatch && args.size === 0) return undefined
  return {
    ...(weight === undefined ? {} : { weight }),
    ...(listSize ? { listSize: asListSize(listSize) } : {}),
    ...(dispatch ? { dispatch: { seconds: numberOf(dispatch['seconds']) ?? 0, per: texts(dispatch['per']) } } : {}),
    args,
  }
}

const asListSize = (values: Values): ListSize => ({
  assumedSize: numberOf(values['assumedSize']),
  slicingArguments: texts(values['slicingArguments']),
  sizedFields: texts(values['sizedFields']),
  requireOneSlicingArgument: values['requireOneSlicingArgument'] !== false,
})

/** Weights are numbers in Apollo's specification and texts in IBM's. */
function numberOf(value: unknown): number | undefined {
  const number = typeof value === 'string' ? Number(value) : value
  return typeof number === 'number' && Number.isFinite(number) ? number : undefined
}

const texts = (value: unknown): string[] => (Array.isArray(value) ? value.filter((one) => typeof one === 'string') : [])

/**
 * The directives by the names that the supergraph's @link gives them (https://specs.apollo.dev/link/v1.0): as imported, else behind
 * the name of their specification, of which the directive that is called like it needs no prefix.
 */
function named(document: DocumentNode): Directives {
  const names: Record<Directive, Set<string>> = { cost: new Set(), listSize: new Set(), dispatches: new Set() }
  for (const link of linksOf(document)) {
    const [, specification = ''] = SPECIFICATION.exec(String(link['url'])) ?? []
    const prefix = typeof link['as'] === 'string' ? link['as'] : specification
    const imports = Array.isArray(link['import']) ? link['import'] : []
    for (const name of DIRECTIVES_OF[specification] ?? []) {
      names[name].add(name === specification ? prefix : `${prefix}__${name}`)
      for (const one of imports) {
        const { name: imported, as = imported } = typeof one === 'string' ? { name: one, as: one } : (one ?? {})
        if (imported === `@${name}` && typeof as === 'string') names[name].add(as.slice(1))
      }
    }
  }
  return {
    of({ directives }, name) {
      const node = directives?.find((one) => names[name].has(one.name.value))
      return node && Object.fromEntries(node.arguments?.map((a) => [a.name.value, valueFromASTUntyped(a.value)]) ?? [])
    },
  }
}

function linksOf({ definitions }: DocumentNode): Values[] {
  return definitions
    .filter((node) => node.kind === Kind.SCHEMA_DEFINITION || node.kind === Kind.SCHEMA_EXTENSION)
    .flatMap((node) => node.directives ?? [])
    .filter(({ name }) => name.value === 'link')
    .map((node) => Object.fromEntries(node.arguments?.map((a) => [a.name.value, valueFromASTUntyped(a.value)]) ?? []))
}
