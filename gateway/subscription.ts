// A live subscription: the state now, then again whenever events say that it changed, until it has ended.
import type { ExecutionResult } from 'graphql'
import type { Logger } from 'pino'
import type { Bus, Listener, StreamMessage } from '../infra/bus/port.ts'
import type { Clock } from '../infra/clock.ts'
import type { Caller } from '../schema/caller.ts'
import { ERRORS, isErrorCode } from '../schema/errors.ts'
import { isTerminal, type RunStatus } from '../schema/terms/run.ts'
import { Changes } from './changes.ts'
import { type Faults, isFaults, type OperationRequest } from './documents.ts'
import { maskError, wireError } from './errors.ts'
import type { GatewayMetrics } from './metrics.ts'
import type { Reading, SubscriptionPlan } from './subscription-plan.ts'

export interface SubscriptionDeps {
  readonly bus: Bus
  readonly clock: Clock
  readonly log: Logger
  readonly metrics: GatewayMetrics
  /** The plan on the graph of the moment: asked before every reading, so that a reload is noticed. */
  plan(): SubscriptionPlan | Faults
  readonly spacingMs: number
  readonly idleMs: number
}

/** How long to wait before a listener that broke off is opened again. */
const REOPEN_MS = 1_000

/**
 * The results of one subscription, one at a time. The listener is opened first, then the state is read and given, then
 * read again after events; news that comes during a reading leads to one more, so the last state is never missed.
 * Ends after a terminal state, after an error that will not pass, at `return()`, and when `life` is aborted.
 */
export function liveResults(
  deps: SubscriptionDeps,
  life: AbortController,
  pattern: string,
  request: OperationRequest,
  caller: Caller,
): AsyncGenerator<ExecutionResult, void> {
  const results = readings(deps, life, pattern, request, caller)
  const end = results.return.bind(results)
  // A generator that waits cannot be returned: the wait must end first.
  return Object.assign(results, {
    return: () => {
      life.abort()
      return end()
    },
  })
}

async function* readings(
  deps: SubscriptionDeps,
  life: AbortController,
  pattern: string,
  request: OperationRequest,
  caller: Caller,
): AsyncGenerator<ExecutionResult, void> {
  const { clock, spacingMs, idleMs } = deps
  const changes = new Changes({ clock, signal: life.signal, spacingMs, idleMs })
  let pumping: Promise<void> | undefined
  deps.metrics.subscriptions.inc()
  try {
    pumping = pump(deps, life.signal, pattern, await deps.bus.listen(pattern), changes)
    let given = ''
    for (let woken = 'news'; woken !== 'stopped'; ) {
      const since = changes.clear()
      const plan = deps.plan()
      if (isFaults(plan)) return yield { errors: [outdated(plan)] }
      const { result, ended } = judge(await plan.read(request, caller), plan.responseKey)
      // What an idle look finds unchanged is no news.
      const text = JSON.stringify(result)
      if (woken === 'news' || text !== given) yield result
      given = text
      if (ended) return
      woken = await changes.wait(since)
    }
  } catch (error) {
    yield { errors: [maskError(error, caller.requestId, deps.log)] }
  } finally {
    life.abort()
    await pumping
    deps.metrics.subscriptions.dec()
  }
}

/** Tells `changes` of every event, and opens the listener again where it breaks off; ends with the signal. */
async function pump(
  deps: SubscriptionDeps,
  signal: AbortSignal,
  pattern: string,
  first: Listener<StreamMessage>,
  changes: Changes,
): Promise<void> {
  let listener: Listener<StreamMessage> | undefined = first
  signal.addEventListener('abort', () => void listener?.stop(), { once: true })
  while (!signal.aborted) {
    try {
      if (!listener) {
        listener = await deps.bus.listen(pattern)
        // What happened while nobody listened.
        changes.note(false)
      }
      // The end may have come while the listener was opened.
      if (!signal.aborted) for await (const event of listener) changes.note(saysEnded(event))
    } catch (error) {
      deps.log.warn({ err: error, pattern }, 'the events of a subscription broke off')
    }
    await listener?.stop()
    listener = undefined
    if (!signal.aborted) await deps.clock.sleep(REOPEN_MS, signal).catch(() => undefined)
  }
  await listener?.stop()
}

/** An event whose body has a terminal `status` does not wait for its turn. */
function saysEnded(event: StreamMessage): boolean {
  try {
    const body = JSON.parse(new TextDecoder().decode(event.data)) as { status?: RunStatus } | null
    return body?.status !== undefined && isTerminal(body.status)
  } catch {
    return false
  }
}

/** Whether the subscription ends with this reading; what is not there at all becomes NOT_FOUND. */
function judge({ result, status }: Reading, responseKey: string): { result: ExecutionResult; ended: boolean } {
  if (result.data?.[responseKey] != null)
    return { result, ended: status !== undefined && isTerminal(status as RunStatus) }
  const codes = (result.errors ?? []).map((error) => error.extensions['code']).filter(isErrorCode)
  if (codes.length > 0) return { result, ended: codes.every((code) => !ERRORS[code].retry) }
  const missing = wireError('NOT_FOUND', 'there is nothing with this id to watch', {}, [responseKey])
  return { result: { ...result, errors: [missing] }, ended: true }
}

function outdated(faults: Faults) {
  const problems = faults.map((fault) => fault.message)
  return wireError('SUBSCRIPTION_SCHEMA_RELOAD', ERRORS.SUBSCRIPTION_SCHEMA_RELOAD.say, { problems })
}
