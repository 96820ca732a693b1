// What a request gives a route: path, query string and body, as variables of its operation.
import { type GraphQLInputType, getNullableType, isListType, isScalarType } from 'graphql'
import { QuesnayError } from '../../schema/errors.ts'
import { nearest } from '../../schema/nearest.ts'
import type { Variables } from './route.ts'
import type { Parameter } from './served-routes.ts'

const NUMBER = /^[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d{1,3})?$/

/** Errors: BAD_INPUT for what is unknown, given twice or missing, for a number that is none, and for a body that is no object. */
export function readParameters(
  parameters: readonly Parameter[],
  inPath: Readonly<Record<string, string>>,
  query: URLSearchParams,
  body: unknown,
): Variables {
  const variables: Record<string, unknown> = {}
  const of = (place: Parameter['in']) => parameters.filter((parameter) => parameter.in === place)
  for (const parameter of of('path')) variables[parameter.name] = parsed(parameter, [decoded(parameter, inPath)])
  const known = of('query').map(({ name }) => name)
  for (const name of query.keys()) if (!known.includes(name)) throw unknown(name, known)
  for (const parameter of of('query')) {
    const texts = query.getAll(parameter.name)
    if (texts.length > 0) variables[parameter.name] = parsed(parameter, texts)
  }
  if (body !== undefined) Object.assign(variables, fromBody(parameters, body))
  for (const { name, required } of parameters)
    if (required && variables[name] === undefined)
      throw new QuesnayError('BAD_INPUT', `${name} is missing`, { path: name, suggestion: 'see /api/v1/openapi.json' })
  return variables
}

function fromBody(parameters: readonly Parameter[], body: unknown): Variables {
  if (typeof body !== 'object' || body === null || Array.isArray(body))
    throw new QuesnayError('BAD_INPUT', 'the body is no JSON object', { path: 'body', suggestion: 'send { ... }' })
  const own = new Set(parameters.filter((parameter) => parameter.in === 'body').map(({ name }) => name))
  const entries = Object.entries(body)
  const members = entries.filter(([name]) => own.has(name))
  const rest = entries.filter(([name]) => !own.has(name))
  if (parameters.some((parameter) => parameter.in === 'input'))
    return { ...Object.fromEntries(members), input: Object.fromEntries(rest) }
  if (rest.length > 0) throw unknown(rest[0]![0], [...own])
  return Object.fromEntries(members)
}

function decoded({ name }: Parameter, inPath: Readonly<Record<string, string>>): string {
  try {
    return decodeURIComponent(inPath[name] ?? '')
  } catch {
    throw new QuesnayError('BAD_INPUT', `${name} is not encoded as a part of a URL`, {
      path: name,
      suggestion: 'write % as %25',
    })
  }
}

function parsed({ name, type, schema }: Parameter, texts: readonly string[]): unknown {
  if (isListType(type)) {
    const members = texts.flatMap((text) => text.split(',')).filter((text) => text !== '')
    return members.map((text) => leaf(name, getNullableType(type.ofType), text))
  }
  if (texts.length > 1)
    throw new QuesnayError('BAD_INPUT', `${name} is given ${texts.length} times`, {
      path: name,
      suggestion: 'give it once',
    })
  const [text = ''] = texts
  if (schema?.enum && !schema.enum.includes(text))
    throw new QuesnayError('BAD_INPUT', `${name} is none of ${schema.enum.join(', ')}`, {
      path: name,
      suggestion: `give one of ${schema.enum.join(', ')}`,
    })
  return type ? leaf(name, type, text) : text
}

/** Words of an enum and texts of other scalars are checked by the graph. */
function leaf(name: string, type: GraphQLInputType, text: string): unknown {
  if (!isScalarType(type)) return text
  if (type.name === 'Int' || type.name === 'Float') {
    if (NUMBER.test(text)) return Number(text)
    throw new QuesnayError('BAD_INPUT', `${name} is no number`, { path: name, suggestion: 'give a decimal number' })
  }
  if (type.name !== 'Boolean') return text
  if (text === 'true' || text === 'false') return text === 'true'
  throw new QuesnayError('BAD_INPUT', `${name} is neither true nor false`, {
    path: name,
    suggestion: 'give true or false',
  })
}

function unknown(name: string, known: readonly string[]): QuesnayError {
  const meant = nearest(name, known)
  return new QuesnayError('BAD_INPUT', `there is no parameter ${name}`, {
    path: name,
    suggestion: meant ? `did you mean ${meant}?` : known.length > 0 ? `there are ${known.join(', ')}` : 'leave it out',
  })
}
