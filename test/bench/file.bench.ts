// A model file from upload to result: GraphQL, bus, store and two threads in one process.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ask, dataOf, type GraphClient } from '../../cli/client.ts'
import { inProcessClient, startEmbedded } from '../../cli/embedded.ts'
import { elaborate } from '../../compute/model/elaborate/elaborate.ts'
import { lower } from '../../compute/model/lowering/lower.ts'
import { readModel } from '../../compute/model/source/read-model.ts'
import { readConfig } from '../../infra/config.ts'
import { type Bench, type Figure, medianSeconds } from './bench.ts'
import { exampleNetwork, networkFile } from './network.ts'

const ROUNDS = 5
const DRAWS = 1000

const UPLOAD = `mutation Upload($input: UploadModelInput!) { uploadModel(input: $input) { scenario { id } } }`
const RUN = `query Run($id: ID!) { scenario(id: $id) { run { id } } }`
const DONE = `subscription Done($id: ID!) { runUpdated(id: $id) { status error { message } results { times columns { variable mean p05 p50 p95 } } } }`

interface Update {
  readonly runUpdated: { readonly status: string; readonly error: { readonly message: string } | null }
}

async function run(): Promise<readonly Figure[]> {
  const directory = mkdtempSync(join(tmpdir(), 'quesnay-bench-'))
  const config = readConfig({ QUESNAY_DATA: directory, QUESNAY_THREADS: '2', QUESNAY_LOG: 'error' })
  const client = inProcessClient(await startEmbedded(config))
  try {
    const small = networkFile(exampleNetwork())
    const large = networkFile({ ...exampleNetwork(10), steps: 120, dt: 1 / 12 })
    const figures: Figure[] = []
    for (const [name, text] of [
      ['40-stocks-200-mechanisms', small],
      ['400-stocks-2000-mechanisms', large],
    ] as const) {
      const compile = () => lower(elaborate(readModel(text).source).model)
      compile()
      const model = elaborate(readModel(text).source).model
      const lowering = await medianSeconds(ROUNDS, () => lower(model))
      let seed = 0
      const endToEnd = await medianSeconds(ROUNDS, async () => {
        seed += 1
        const scenario = await upload(client, text, seed)
        await finish(client, scenario)
      })
      // Submitted again with another seed: the file is known and compiled, the draws are not.
      figures.push(
        figure(`plan.file-to-plan.${name}`, await medianSeconds(ROUNDS, compile), lowering),
        figure(`plan.lower.${name}`, lowering, lowering),
        figure(`plan.upload-to-result.${name}`, endToEnd, lowering),
        figure(`plan.submit-to-result.${name}`, await medianSeconds(ROUNDS, await submitted(client, text)), lowering),
      )
    }
    return figures
  } finally {
    await client.close()
    rmSync(directory, { recursive: true, force: true })
  }
}

async function upload(client: GraphClient, text: string, seed: number): Promise<string> {
  const input = { text, draws: DRAWS, seed: String(seed) }
  const { uploadModel } = await ask<{ uploadModel: { scenario: { id: string } } }>(client, UPLOAD, { input })
  return uploadModel.scenario.id
}

/** Asks for the run and waits for its last update, results and all. */
async function finish(client: GraphClient, scenario: string): Promise<void> {
  const { scenario: asked } = await ask<{ scenario: { run: { id: string } } }>(client, RUN, { id: scenario })
  for await (const answer of client.subscribe(DONE, { id: asked.run.id })) {
    const { runUpdated } = dataOf<Update>(answer)
    if (runUpdated.error) throw new Error(runUpdated.error.message)
    if (runUpdated.status === 'SUCCEEDED') return
  }
  throw new Error('the run did not end')
}

/** The time from asking for a run to its results, of scenarios uploaded before. */
async function submitted(client: GraphClient, text: string): Promise<() => Promise<void>> {
  const scenarios: string[] = []
  for (let i = 0; i < ROUNDS; i++) scenarios.push(await upload(client, text, 100 + i))
  return () => finish(client, scenarios.pop()!)
}

const figure = (name: string, seconds: number, peer: number): Figure => ({
  name,
  value: Math.round(seconds * 10_000) / 10,
  unit: 'ms',
  ratio: Math.round((seconds / peer) * 100) / 100,
})

export const fileBench: Bench = { name: 'plan', run }
