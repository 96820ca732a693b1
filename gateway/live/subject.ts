// The subject of a subscription: a template that a subgraph declares, filled with the arguments of one subscriber and the tenant of its claims.
import { type FieldDefinitionNode, Kind } from 'graphql'
import { QuesnayError } from '../../schema/errors.ts'
import { eventSubject, eventToken } from '../../schema/events.ts'

/** Tokens of a template below the tenant's events; the tenant itself never stands in one. */
export type Subject = readonly Token[]

/** A text as it stands, `*` and `>` too, or a path into the arguments. */
type Token = string | { readonly argument: readonly [string, ...string[]] }

const LITERAL = /^([\w-]+|\*)$/
const PLACE = /^\{args\.([A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*)\}$/
const HOW = 'write words and {args.NAME} between dots after the name of a family, such as run.{args.id}.*'

/** Reads `run.{args.id}.*`; a sentence about the field where that cannot be. A family of events comes first, and is a word. */
export function readSubject(template: string, field: FieldDefinitionNode): Subject | string {
  const wrong = `has the subject "${template}": ${HOW}`
  const texts = template.split(/\.(?![^{]*\})/)
  const tokens: Token[] = []
  for (const [i, text] of texts.entries()) {
    const path = PLACE.exec(text)?.[1]?.split('.')
    const isRest = text === '>' && i === texts.length - 1
    if (path) tokens.push({ argument: path as [string, ...string[]] })
    else if (LITERAL.test(text) || isRest) tokens.push(text)
    else return wrong
  }
  const [family] = tokens
  if (typeof family !== 'string' || !/^\w/.test(family)) return wrong
  for (const token of tokens) {
    if (typeof token === 'string') continue
    const [name] = token.argument
    const given = field.arguments?.find((a) => a.name.value === name)
    if (given?.type.kind !== Kind.NON_NULL_TYPE) return `has no required argument "${name}", which its subject names`
  }
  return tokens
}

/** The pattern to listen to. BAD_INPUT where an argument cannot stand in a subject. */
export function patternOf(subject: Subject, tenant: string, args: Readonly<Record<string, unknown>>): string {
  const words = subject.map((token) => (typeof token === 'string' ? token : filled(token.argument, args)))
  return [eventSubject(tenant), ...words].join('.')
}

function filled(path: readonly [string, ...string[]], args: Readonly<Record<string, unknown>>): string {
  const name = path.join('.')
  const value = path.reduce<unknown>((at, step) => (at as Record<string, unknown> | null | undefined)?.[step], args)
  if (typeof value === 'string') return eventToken(value, name)
  if (typeof value === 'number' || typeof value === 'boolean') return eventToken(String(value), name)
  throw new QuesnayError('BAD_INPUT', `${name} is not an id`, { path: name, suggestion: 'give a text or a number' })
}
