// A partner's subgraph: a process of its own that adds what the partner knows to entities of Quesnay.
//
//   node examples/partner/server.mjs 4011
//   npx quesnay subgraph check examples/partner/ratings.graphql --name ratings
//   npx quesnay subgraph publish examples/partner/ratings.graphql --name ratings --url http://127.0.0.1:4011/graphql
//
// docs/partners.md goes through it step by step.
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { json } from 'node:stream/consumers'
import { buildSubgraphSchema } from '@apollo/subgraph'
import { execute, parse, validate } from 'graphql'

// 1. What the partner knows. In earnest this is a database.
const RATINGS = new Map([
  ['USA', { grade: 'A', because: 'deep markets' }],
  ['DEU', { grade: 'A', because: 'low debt' }],
  ['ARG', { grade: 'C', because: 'nine defaults' }],
])
const SCORES = new Map([['balanced-demo', 61.5]])

// 2. The SDL: fields of its own, and Economy and Portfolio by their keys, to which it adds a field each.
const typeDefs = parse(readFileSync(new URL('ratings.graphql', import.meta.url), 'utf8'))

// 3. Resolvers. __resolveReference is given what the gateway knows of an entity: its key, and what @requires asks for.
const resolvers = {
  Query: { ratingScale: () => ['A', 'B', 'C'] },
  Economy: {
    __resolveReference: ({ id }) => ({ id }),
    countryRating: ({ id }) => RATINGS.get(id) ?? null,
  },
  Portfolio: {
    __resolveReference: (reference) => reference,
    // `currency` is a field of Quesnay's: the gateway has asked for it and sends it along.
    esgScore: ({ id, currency }) => (SCORES.get(id) ?? 50) + (currency === 'EUR' ? 5 : 0),
  },
}
const schema = buildSubgraphSchema({ typeDefs, resolvers })

// 4. The server: POST /graphql answers the gateway.
async function answer({ query, variables, operationName }) {
  const document = parse(query)
  const errors = validate(schema, document)
  return errors.length > 0 ? { errors } : execute({ schema, document, variableValues: variables, operationName })
}

const server = createServer(async (request, response) => {
  const send = (status, body) =>
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
  try {
    if (request.method !== 'POST' || request.url !== '/graphql')
      return send(404, { errors: [{ message: 'not found' }] })
    return send(200, await answer(await json(request)))
  } catch {
    return send(400, { errors: [{ message: 'the request cannot be read' }] })
  }
})
// Longer than the gateway keeps a connection that is idle: it is the gateway that closes it.
server.keepAliveTimeout = 65_000
server.listen(Number(process.argv[2] ?? 4011), '127.0.0.1', () => {
  const { port } = server.address()
  console.log(`http://127.0.0.1:${port}/graphql`)
})
process.once('SIGINT', () => process.exit(0))
process.once('SIGTERM', () => process.exit(0))
