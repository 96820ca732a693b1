// quesnay redrive: what failed of a run is sent once more, and the run is followed to its end.
import { systemClock } from '../../infra/clock.ts'
import { ask, type GraphClient } from '../client.ts'
import { describeIdentity, type WatchedRun } from '../output/describe-run.ts'
import { FINDINGS, type Finding, findingLine } from '../output/findings.ts'
import { printable } from '../output/printable.ts'
import { RUN_STATE, watchRun } from '../watch-run.ts'

interface Redriven {
  readonly redriveShard: { readonly run: { readonly id: string }; readonly findings: readonly Finding[] }
}

/** Sends all shards that failed, or one, and waits for the run. Errors: the graph's, and the run's own where it fails again. */
export async function redrive(
  client: GraphClient,
  runId: string,
  { shard, json }: { readonly shard?: number; readonly json: boolean },
): Promise<void> {
  const { run } = await watchRun<WatchedRun>(client, systemClock, {
    async submit() {
      const { redriveShard } = await ask<Redriven>(
        client,
        `mutation Redrive($id: ID!, $shard: Int) {
          redriveShard(input: { id: $id, shard: $shard }) { run { id } ${FINDINGS} }
        }`,
        { id: runId, shard: shard ?? null },
      )
      for (const finding of redriveShard.findings) process.stderr.write(printable(`${findingLine(finding)}\n`))
      return redriveShard.run.id
    },
    subscription: `subscription Watch($id: ID!) {
      runUpdated(id: $id) { ${RUN_STATE} provenance { planHash seed engineVersion } }
    }`,
    variables: (id) => ({ id }),
  })
  process.stdout.write(json ? `${JSON.stringify(run)}\n` : printable(`${describeIdentity(run)}\n`))
}
