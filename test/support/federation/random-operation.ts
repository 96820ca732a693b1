// Random valid operations over any schema: aliases, arguments, fragments of every kind, conditions, variables.
import {
  type GraphQLCompositeType,
  type GraphQLField,
  type GraphQLInputType,
  type GraphQLObjectType,
  type GraphQLSchema,
  getNamedType,
  getNullableType,
  isAbstractType,
  isCompositeType,
  isEnumType,
  isListType,
  isNonNullType,
  isRequiredArgument,
  isScalarType,
  isUnionType,
  parse,
  validate,
} from 'graphql'
import { numbers } from '../random-numbers.ts'

export interface RandomOperation {
  readonly query: string
  readonly variables: Record<string, unknown>
}

/** Values that arguments may get, by name of the argument; others get one by their type where they must have one. */
export type ArgumentValues = Readonly<Record<string, readonly string[]>>

export interface OperationOptions {
  readonly values?: ArgumentValues
  /** Levels of selection; default 5. */
  readonly depth?: number
  /** Whether there are @skip and @include; default true. */
  readonly conditions?: boolean
  /** Root fields that may be asked for; default: all. */
  readonly roots?: (name: string) => boolean
}

const FLAGS = ['yes', 'no']

/** undefined where the draw is not valid, as where one key would mean two things. */
export function randomOperation(
  schema: GraphQLSchema,
  seed: number,
  options: OperationOptions = {},
): RandomOperation | undefined {
  const query = new Generator(schema, seed, options).operation()
  if (validate(schema, parse(query)).length > 0) return undefined
  const next = numbers(seed)
  const variables: Record<string, unknown> = {}
  for (const flag of FLAGS) if (query.includes(`$${flag}:`)) variables[flag] = next() < 0.5
  return { query, variables }
}

class Generator {
  readonly #schema: GraphQLSchema
  readonly #next: () => number
  readonly #options: OperationOptions
  readonly #fragments: string[] = []
  readonly #used = new Set<string>()

  constructor(schema: GraphQLSchema, seed: number, options: OperationOptions) {
    this.#schema = schema
    this.#next = numbers(seed * 104_729 + 5)
    this.#options = options
  }

  operation(): string {
    const root = this.#schema.getQueryType()!
    const body = this.#selection(root, this.#options.depth ?? 5)
    const declared = [...this.#used].map((flag) => `$${flag}: Boolean!`).join(', ')
    return [`query Random${declared ? `(${declared})` : ''} ${body}`, ...this.#fragments].join('\n')
  }

  #below(n: number): number {
    return Math.floor(this.#next() * n)
  }

  #chance(p: number): boolean {
    return this.#next() < p
  }

  #selection(type: GraphQLCompositeType, depth: number): string {
    const parts: string[] = []
    const count = 1 + this.#below(4)
    for (let i = 0; i < count; i++) {
      const dice = this.#next()
      if (dice < 0.08) parts.push(this.#aliased('__typename'))
      else if (dice < 0.22 || isUnionType(type)) parts.push(this.#fragment(type, depth))
      else parts.push(this.#field(type, depth))
    }
    const given = parts.filter((part) => part !== '')
    return `{ ${given.length > 0 ? given.join(' ') : '__typename'} }`
  }

  #aliased(name: string): string {
    return this.#chance(0.25) ? `a${this.#below(40)}: ${name}` : name
  }

  #condition(): string {
    if (!this.#chance(0.12) || this.#options.conditions === false) return ''
    const flag = FLAGS[this.#below(2)]!
    this.#used.add(flag)
    return ` @${this.#chance(0.5) ? 'skip' : 'include'}(if: $${flag})`
  }

  #fragment(type: GraphQLCompositeType, depth: number): string {
    const among = isAbstractType(type) ? [...this.#schema.getPossibleTypes(type)] : []
    const onto = among.length > 0 && this.#chance(0.8) ? among[this.#below(among.length)]! : type
    const body = this.#selection(onto as GraphQLCompositeType, depth)
    if (this.#chance(0.6)) return `... on ${onto.name}${this.#condition()} ${body}`
    const name = `F${this.#fragments.length}`
    this.#fragments.push(`fragment ${name} on ${onto.name} ${body}`)
    return `...${name}${this.#condition()}`
  }

  #field(type: GraphQLCompositeType, depth: number): string {
    const isRoot = type === this.#schema.getQueryType()
    const all = Object.values((type as GraphQLObjectType).getFields()).filter(
      ({ name }) => !isRoot || (this.#options.roots?.(name) ?? true),
    )
    const fit = all.filter((field) => depth > 1 || !isCompositeType(getNamedType(field.type)))
    if (fit.length === 0) return ''
    const field = fit[this.#below(fit.length)]!
    const call = this.#arguments(field)
    if (call === undefined) return ''
    const inner = getNamedType(field.type)
    const body = isCompositeType(inner) ? ` ${this.#selection(inner, depth - 1)}` : ''
    return `${this.#aliased(field.name)}${call}${this.#condition()}${body}`
  }

  /** undefined where an argument must be given and no value is known. */
  #arguments(field: GraphQLField<unknown, unknown>): string | undefined {
    const given: string[] = []
    for (const one of field.args) {
      if (!isRequiredArgument(one) && this.#chance(0.6)) continue
      const value = this.#value(one.name, one.type)
      if (value !== undefined) given.push(`${one.name}: ${value}`)
      else if (isRequiredArgument(one)) return undefined
    }
    return given.length > 0 ? `(${given.join(', ')})` : ''
  }

  #value(name: string, type: GraphQLInputType): string | undefined {
    const known = this.#options.values?.[name]
    if (known) return known[this.#below(known.length)]
    const wanted = getNullableType(type)
    if (isListType(wanted)) {
      const inner = this.#value(name, isNonNullType(wanted.ofType) ? wanted.ofType.ofType : wanted.ofType)
      return inner === undefined ? undefined : `[${inner}]`
    }
    if (isEnumType(wanted)) return wanted.getValues()[this.#below(wanted.getValues().length)]!.name
    if (!isScalarType(wanted)) return undefined
    if (wanted.name === 'Int') return String(1 + this.#below(5))
    if (wanted.name === 'Float') return String(this.#below(50) / 8)
    if (wanted.name === 'Boolean') return String(this.#chance(0.5))
    return undefined
  }
}
