// Watches a run and prints its progress, then where each variable ended. `npm run build` compiles it for any Node:
//   node dist/examples/subscribe.js RUN_ID [http://127.0.0.1:4000/graphql]     (Node 22.18 and later run this file as it is)
import { createClient } from 'graphql-sse'

interface Run {
  readonly status: string
  readonly progress: { readonly fraction: number; readonly etaSeconds: number | null }
  readonly resultHash: string | null
  readonly results: {
    readonly columns: { readonly variable: string; readonly unit: string; readonly p50: number[] }[]
  } | null
}

const query = /* GraphQL */ `
  subscription Watch($id: ID!) {
    runUpdated(id: $id) {
      status
      progress { fraction etaSeconds }
      resultHash
      results { columns { variable unit p50 } }
    }
  }
`
const [, , id, endpoint = 'http://127.0.0.1:4000/graphql'] = process.argv
const client = createClient({ url: `${endpoint}/stream` })

for await (const { data, errors } of client.iterate<{ runUpdated: Run }>({ query, variables: { id } })) {
  if (errors) {
    console.error(errors.map(({ message }) => message).join('\n'))
    process.exit(1)
  }
  const { status, progress, resultHash, results } = data!.runUpdated
  console.log(`${status} ${(progress.fraction * 100).toFixed(0)} %`, resultHash ?? '')
  for (const { variable, unit, p50 } of results?.columns ?? []) console.log(`  ${variable} ${p50.at(-1)} ${unit}`)
}
