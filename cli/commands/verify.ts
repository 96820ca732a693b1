// quesnay run --verify: computes a run again and compares the hashes.
import { systemClock } from '../../infra/clock.ts'
import { ask, type GraphClient } from '../client.ts'
import type { WatchedRun } from '../output/describe-run.ts'
import { RUN_STATE, watchRun } from '../watch-run.ts'

interface Verification {
  readonly verifyRun: { readonly run: { readonly id: string; readonly verifies: { readonly resultHash: string } } }
}

/** Computes the run's question again, past every cache; the exit code is 1 where the bits differ. */
export async function verify(client: GraphClient, runId: string, json: boolean): Promise<void> {
  let stored = ''
  const { run: again } = await watchRun<WatchedRun>(client, systemClock, {
    async submit() {
      const { verifyRun } = await ask<Verification>(
        client,
        'mutation Verify($id: ID!) { verifyRun(input: { id: $id }) { run { id verifies { resultHash } } } }',
        { id: runId },
      )
      stored = verifyRun.run.verifies.resultHash
      return verifyRun.run.id
    },
    subscription: `subscription Watch($id: ID!) { runUpdated(id: $id) { ${RUN_STATE} } }`,
    variables: (id) => ({ id }),
  })
  const equal = again.resultHash === stored
  if (!equal) process.exitCode = 1
  const lines = [`stored      ${stored}`, `recomputed  ${again.resultHash}`, equal ? 'equal: verified' : 'DIFFERENT']
  const report = json
    ? JSON.stringify({ run: runId, stored, recomputed: again.resultHash, verified: equal })
    : lines.join('\n')
  process.stdout.write(`${report}\n`)
}
