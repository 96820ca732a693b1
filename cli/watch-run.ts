// Follows a run to its end: progress on the terminal, Ctrl-C cancels it, and the last answer comes back.
import type { Clock } from '../infra/clock.ts'
import { isErrorCode, QuesnayError } from '../schema/errors.ts'
import { isTerminal, type RunStatus } from '../schema/terms/run.ts'
import { ask, dataOf, type GraphClient, type Variables } from './client.ts'
import { NO_PROGRESS, openProgress } from './output/progress.ts'

interface RunState {
  readonly id: string
  readonly status: RunStatus
  readonly progress: { readonly fraction: number; readonly shardsDone: number; readonly shardsTotal: number }
  readonly error?: { readonly code: string; readonly message: string; readonly detail: Record<string, unknown> } | null
}

export interface Watch {
  /** Has the run submitted and returns its id. */
  submit(): Promise<string>
  /** An operation whose one field is runUpdated: id, status, progress { fraction shardsDone shardsTotal }, error { code message detail }. */
  readonly subscription: string
  variables(id: string): Variables
  /** Without a bar on the terminal. */
  readonly quiet?: boolean
}

/** What a command selects of a run that it watches. */
export const RUN_STATE = `
  id status cached inputHash resultHash computeSeconds
  progress { fraction shardsDone shardsTotal }
  error { code message detail }`

const CANCEL = 'mutation Cancel($id: ID!) { cancelRun(input: { id: $id }) { run { id status } } }'

/**
 * Submits a run and returns its last state. Ctrl-C cancels the run, also where it comes before the id of the run is known;
 * a second one ends the command at once.
 * Errors: the run's own, RUN_CANCELLED, SUBGRAPH_UNAVAILABLE where the server went away before the run had ended.
 */
export async function watchRun<T extends RunState>(
  client: GraphClient,
  clock: Clock,
  watch: Watch,
): Promise<{ run: T; updates: number }> {
  const progress = watch.quiet ? NO_PROGRESS : openProgress(clock, 'submitting')
  let id: string | undefined
  let interrupted = false
  const cancel = () => {
    interrupted = true
    if (id !== undefined) void ask(client, CANCEL, { id }).catch(() => {})
  }
  process.once('SIGINT', cancel)
  let last: T | undefined
  let updates = 0
  try {
    id = await watch.submit()
    if (interrupted) cancel()
    for await (const result of client.subscribe(watch.subscription, watch.variables(id))) {
      last = dataOf<{ runUpdated: T }>(result).runUpdated
      updates++
      const { fraction, shardsDone, shardsTotal } = last.progress
      progress.update(fraction, interrupted ? 'cancelling' : `${shardsDone} of ${shardsTotal} shards`)
    }
  } finally {
    process.off('SIGINT', cancel)
    progress.stop()
  }
  if (!last || !isTerminal(last.status))
    throw new QuesnayError('SUBGRAPH_UNAVAILABLE', `${client.endpoint} went away before run ${id} had ended`, {
      suggestion: 'the run goes on where its fleet does; give the same command again to follow it',
    })
  if (last.status === 'CANCELLED') throw new QuesnayError('RUN_CANCELLED', `run ${last.id} was cancelled`, { run: id })
  if (last.error) {
    const { code, message, detail } = last.error
    throw new QuesnayError(isErrorCode(code) ? code : 'INTERNAL', message, { ...detail, run: id })
  }
  return { run: last, updates }
}
