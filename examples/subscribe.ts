// Watches a run and prints its progress: npx quesnay query examples/flagship.graphql gives the id. Needs Node 22.6 or later,
// or any TypeScript runner:  node --experimental-strip-types examples/subscribe.ts RUN_ID [http://127.0.0.1:4000/graphql]
import { createClient } from 'graphql-sse'

const [, , id, endpoint = 'http://127.0.0.1:4000/graphql'] = process.argv
if (!id) throw new Error('give the id of a run')

const client = createClient({ url: `${endpoint}/stream` })

const query = /* GraphQL */ `
  subscription Watch($id: ID!) {
    runUpdated(id: $id) {
      status
      progress { fraction etaSeconds }
      resultHash
      results { columns { variable mean } }
    }
  }
`

for await (const { data, errors } of client.iterate<{ runUpdated: Run }>({ query, variables: { id } })) {
  if (errors) throw new Error(errors.map((error) => error.message).join('; '))
  const run = data!.runUpdated
  console.log(`${run.status} ${(run.progress.fraction * 100).toFixed(0)} %`)
  for (const column of run.results?.columns ?? []) console.log(`  ${column.variable}: ${column.mean.at(-1)}`)
}

interface Run {
  status: string
  progress: { fraction: number; etaSeconds: number | null }
  resultHash: string | null
  results: { columns: { variable: string; mean: number[] }[] } | null
}
