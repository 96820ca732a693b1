// The OpenAPI document of the routes that a graph can answer, derived from their operations.
import type { GraphQLSchema } from 'graphql'
import { packageVersion } from '../../infra/version.ts'
import { answerSchema, inputSchema, type JsonSchema } from './json-schema.ts'
import type { Parameter, ServedRoute } from './served-routes.ts'

export const REST_PREFIX = '/api/v1'

const STRING = { type: 'string' }
const object = (properties: Record<string, JsonSchema>, required = Object.keys(properties)): JsonSchema => ({
  ...{ type: 'object', properties, required },
})

const METADATA = object({
  request_id: { ...STRING, description: 'As in the header x-request-id, and in logs.' },
  timestamp: { ...STRING, format: 'date-time', description: 'When it was answered, in UTC.' },
  version: { ...STRING, description: 'Version of the server.' },
  computation_time_ms: { type: 'integer', description: 'Milliseconds from the request to its answer.' },
})
const LINKS: JsonSchema = {
  ...object({ self: STRING, next: STRING, related: STRING }, ['self']),
  additionalProperties: STRING,
}
const ERROR = object({
  code: { ...STRING, description: 'Stable code, to act on: docs/errors.md lists them.' },
  message: { ...STRING, description: 'One sentence for a person.' },
  detail: { type: 'object', description: 'The place (`path`) and the fix (`suggestion`).' },
})

const HEADERS = {
  'x-request-id': { schema: STRING, description: 'Finds the request in logs and in the audit.' },
  'x-quesnay-cost': {
    schema: STRING,
    description: 'What the operation may cost at most: points=20, computeSeconds=0.3.',
  },
  etag: { schema: STRING, description: 'A weak tag of the data, for if-none-match.' },
  'retry-after': { schema: { type: 'integer' }, description: 'Seconds to wait.' },
} as const
const headersOf = (...names: readonly (keyof typeof HEADERS)[]) =>
  Object.fromEntries(names.map((name) => [name, { $ref: `#/components/headers/${name}` }]))

const ref = (name: string): JsonSchema => ({ $ref: `#/components/schemas/${name}` })

/** Equal routes on an equal graph give an equal document. */
export function openApiDocument(served: readonly ServedRoute[], schema: GraphQLSchema): object {
  const components = new Map<string, JsonSchema>([
    ['Metadata', METADATA],
    ['Links', LINKS],
    ['Error', ERROR],
    [
      'ErrorEnvelope',
      object({ status: { const: 'error' }, error: ref('Error'), metadata: ref('Metadata'), links: ref('Links') }),
    ],
  ])
  const paths: Record<string, Record<string, object>> = {}
  for (const one of served) {
    const { path, method } = one.route
    paths[path] = { ...paths[path], [method.toLowerCase()]: operationOf(one, schema, components) }
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Quesnay',
      version: packageVersion,
      description: 'Persisted operations of the graph as resources. What is not here is at /graphql.',
    },
    servers: [{ url: REST_PREFIX }],
    // On the machine of a demonstration neither is needed.
    security: [{}, { bearer: [] }, { key: [] }],
    paths,
    components: {
      securitySchemes: {
        bearer: { type: 'http', scheme: 'bearer', description: 'A JWT of an issuer, or an API key.' },
        key: { type: 'apiKey', in: 'header', name: 'x-api-key', description: 'An API key.' },
      },
      headers: HEADERS,
      schemas: Object.fromEntries([...components].sort(([a], [b]) => (a < b ? -1 : 1))),
    },
  }
}

function operationOf(
  { route, document, hash, parameters }: ServedRoute,
  schema: GraphQLSchema,
  components: Map<string, JsonSchema>,
) {
  const schemaOf = ({ type, schema: own, default: fallback }: Parameter): JsonSchema => ({
    ...(own ?? inputSchema(type!, components)),
    ...(fallback === undefined ? {} : { default: fallback }),
  })
  const outside = parameters
    .filter(({ in: place }) => place === 'path' || place === 'query')
    .map((parameter) => ({
      ...{ name: parameter.name, in: parameter.in, required: parameter.in === 'path' || parameter.required },
      schema: schemaOf(parameter),
      // Lists with commas between.
      ...(parameter.in === 'query' ? { style: 'form', explode: false } : {}),
    }))
  const answer = route.data.schema(answerSchema(schema, document))
  const envelope = {
    ...object(
      {
        status: { type: 'string', enum: ['ok', 'partial'] },
        data: answer,
        errors: { type: 'array', items: ref('Error'), description: 'Of a partial answer: what could not be had.' },
        metadata: ref('Metadata'),
        links: ref('Links'),
      },
      ['status', 'data', 'metadata', 'links'],
    ),
  }
  const json = (content: JsonSchema) => ({ content: { 'application/json': { schema: content } } })
  return {
    operationId: route.id,
    summary: route.summary,
    'x-operation-hash': hash,
    ...(outside.length > 0 ? { parameters: outside } : {}),
    ...(route.method === 'POST'
      ? { requestBody: { required: true, ...json(bodyOf(parameters, schemaOf, components)) } }
      : {}),
    responses: {
      [route.status ?? 200]: {
        description: 'The answer.',
        headers: headersOf('x-request-id', 'x-quesnay-cost', ...(route.method === 'GET' ? (['etag'] as const) : [])),
        ...json(envelope),
      },
      ...(route.method === 'GET'
        ? { 304: { description: 'The data are those of the ETag given.', headers: headersOf('x-request-id') } }
        : {}),
      429: {
        description: 'More was asked than is allowed in this time.',
        headers: headersOf('x-request-id', 'retry-after'),
        ...json(ref('ErrorEnvelope')),
      },
      default: { description: 'What went wrong.', headers: headersOf('x-request-id'), ...json(ref('ErrorEnvelope')) },
    },
  }
}

/** The members of the input, and beside them the parameters of their own. */
function bodyOf(
  parameters: readonly Parameter[],
  schemaOf: (parameter: Parameter) => JsonSchema,
  components: ReadonlyMap<string, JsonSchema>,
): JsonSchema {
  const own = parameters.filter(({ in: place }) => place === 'body')
  const input = parameters.find(({ in: place }) => place === 'input')
  const whole = input && schemaOf(input)
  if (whole && own.length === 0) return whole
  const base = whole?.$ref ? components.get(whole.$ref.split('/').at(-1)!) : undefined
  return {
    ...{ type: 'object', additionalProperties: false },
    properties: { ...base?.properties, ...Object.fromEntries(own.map((one) => [one.name, schemaOf(one)])) },
    required: [...(base?.required ?? []), ...own.filter(({ required }) => required).map(({ name }) => name)],
  }
}
