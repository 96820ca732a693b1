// Answers of queries that @cacheControl allows to be kept, given again to whoever may have them, until their data changes.
import type { ExecutionResult } from 'graphql'
import type { Clock } from '../../infra/clock.ts'
import type { Metrics } from '../../infra/metrics.ts'
import type { EdgeStep, Next, Operation } from '../edge/step.ts'
import { keepText } from '../kept-text.ts'
import { authScope } from './auth-scope.ts'
import type { CacheConfig } from './cache-config.ts'
import type { DataChanges } from './changes-of-data.ts'
import { declaredChanges } from './declared-changes.ts'
import { readMarks, withMarks } from './instrument.ts'
import { questionKey } from './operation-key.ts'
import { type CachePolicy, policyOf } from './policy.ts'
import type { Readings } from './readings.ts'
import type { ResponseStore, StoredAnswer } from './response-store.ts'

export interface ResponseCacheDeps {
  readonly config: CacheConfig
  readonly store: ResponseStore
  readonly changes: DataChanges
  readonly readings: Readings
  readonly clock: Clock
  readonly metrics: Pick<Metrics, 'cacheReads'>
}

/** Beside an answer that stands in for one that could not be had: how old it is, and which subgraphs did not answer. */
export interface StaleMark {
  readonly ageSeconds: number
  readonly subgraphs: readonly string[]
}

const UNKEPT = 'no-store'

export function responseCacheStep(deps: ResponseCacheDeps): EdgeStep {
  const { config, store, changes, readings, clock, metrics } = deps

  async function kept(operation: Operation, policy: CachePolicy, next: Next): Promise<ExecutionResult> {
    const key = `${authScope(operation.caller, policy.scope === 'PRIVATE' ? 'private' : 'public')} ${questionKey(operation)}`
    const known = store.get(key)
    const now = clock.now()
    metrics.cacheReads.inc({ cache: 'responses', outcome: known && now < known.freshUntil ? 'hit' : 'miss' })
    if (known && now < known.freshUntil) return given(operation, known, now)
    const { tenant } = operation.caller
    const reading = readings.begin(tenant, policy.types)
    const marked = { ...operation, ...withMarks(operation, policy.finalTypes) }
    const result = await next(marked).finally(() => reading.end())
    if (!result.data) return (known && instead(operation, known, result)) ?? unkept(operation, result)
    const { data, objects, absent, isFinal } = readMarks(result.data, policy.finalTypes, policy.nullable)
    const answer = { ...result, data }
    if (result.errors) return (known && instead(operation, known, result)) ?? unkept(operation, answer)
    if (!isFinal || reading.spoiled) return unkept(operation, answer)
    const storedAt = clock.now()
    const text = JSON.stringify(data)
    const stored: StoredAnswer = {
      ...{ tenant, data, text, extensions: result.extensions, scope: policy.scope, storedAt, objects },
      freshUntil: storedAt + policy.maxAge * 1_000,
      types: policy.types,
      open: new Set([...policy.listed, ...absent]),
    }
    store.set(key, stored)
    return given(operation, stored, storedAt)
  }

  /** In place of an answer with errors: an older one, where a subgraph is what failed and the time for that is not over. */
  function instead(
    operation: Operation,
    known: StoredAnswer,
    { errors }: ExecutionResult,
  ): ExecutionResult | undefined {
    const silent = (errors ?? []).filter(({ extensions }) => extensions['code'] === 'SUBGRAPH_UNAVAILABLE')
    const now = clock.now()
    const isKept = now < known.freshUntil + config.staleIfErrorSeconds * 1_000
    if (!isKept || silent.length === 0 || silent.length !== errors?.length) return undefined
    const subgraphs = [...new Set(silent.flatMap(({ extensions }) => subgraphOf(extensions)))].sort()
    const stale: StaleMark = { ageSeconds: Math.floor((now - known.storedAt) / 1_000), subgraphs }
    operation.reply.headers.set('cache-control', UNKEPT)
    return { data: known.data, extensions: { ...known.extensions, stale } }
  }

  return {
    name: 'response-cache',
    async around(operation, next) {
      const { type, caller } = operation
      if (type === 'mutation') {
        const changed = declaredChanges(operation)
        // Also where it failed: what it had done by then is done.
        const result = await next(operation).finally(() => changes.tell(caller.tenant, changed))
        return unkept(operation, result)
      }
      if (type !== 'query' || config.maxBytes === 0) return next(operation)
      const policy = policyOf(operation)
      if (policy.maxAge > 0) return kept(operation, policy, next)
      return unkept(operation, await next(operation))
    },
  }
}

function subgraphOf({ detail }: Readonly<Record<string, unknown>>): string[] {
  const { subgraph } = (detail ?? {}) as { subgraph?: unknown }
  return typeof subgraph === 'string' ? [subgraph] : []
}

function unkept({ reply }: Operation, result: ExecutionResult): ExecutionResult {
  reply.headers.set('cache-control', UNKEPT)
  return result
}

/** A cache between us and the client may keep what is the same for everybody; what depends on credentials only the client's own. */
function given({ reply, caller }: Operation, answer: StoredAnswer, now: number): ExecutionResult {
  const { data, text, extensions, scope, freshUntil, storedAt } = answer
  const reach = scope === 'PUBLIC' && caller.principal.proof === 'demo' ? 'public' : 'private'
  reply.headers.set('cache-control', `${reach}, max-age=${Math.floor((freshUntil - storedAt) / 1_000)}`)
  reply.headers.set('age', String(Math.floor((now - storedAt) / 1_000)))
  keepText(data, text)
  return { data, ...(extensions ? { extensions } : {}) }
}
