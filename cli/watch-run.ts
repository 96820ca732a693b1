// Follows a run to its end: progress on the terminal, Ctrl-C cancels it, and the last answer comes back.
import type { FormattedExecutionResult } from 'graphql'
import type { Clock } from '../infra/clock.ts'
import { QuesnayError } from '../schema/errors.ts'
import { ask, dataOf, type GraphClient, type Variables } from './client.ts'
import { openProgress } from './output/progress.ts'

interface RunState {
  readonly id: string
  readonly status: string
  readonly progress: { readonly fraction: number; readonly shardsDone: number; readonly shardsTotal: number }
  readonly error?: { readonly code: string; readonly message: string; readonly detail: Record<string, unknown> } | null
}

const CANCEL = 'mutation Cancel($id: ID!) { cancelRun(input: { id: $id }) { run { id status } } }'

/**
 * Subscribes with an operation whose one field is runUpdated and returns its last state.
 * The operation must select id, status, progress { fraction shardsDone shardsTotal } and error { code message detail }.
 * @throws the run's own error, or RUN_CANCELLED
 */
export async function watchRun<T extends RunState>(
  client: GraphClient,
  clock: Clock,
  subscription: string,
  variables: Variables & { readonly id: string },
): Promise<{ run: T; updates: number }> {
  const progress = openProgress(clock)
  const cancel = () => void ask(client, CANCEL, { id: variables.id }).catch(() => {})
  process.once('SIGINT', cancel)
  let last: T | undefined
  let updates = 0
  try {
    for await (const result of client.subscribe(subscription, variables)) {
      last = stateOf<T>(result)
      updates++
      progress.update(last.progress.fraction, `${last.progress.shardsDone} of ${last.progress.shardsTotal} shards`)
    }
  } finally {
    process.off('SIGINT', cancel)
    progress.stop()
  }
  if (!last) throw new QuesnayError('NOT_FOUND', `no news of run ${variables.id}`, { path: 'id' })
  if (last.status === 'CANCELLED') throw new QuesnayError('RUN_CANCELLED', `run ${last.id} was cancelled`)
  if (last.error) throw new QuesnayError(last.error.code as 'INTERNAL', last.error.message, last.error.detail)
  return { run: last, updates }
}

function stateOf<T>(result: FormattedExecutionResult): T {
  return dataOf<{ runUpdated: T }>(result).runUpdated
}
