// Requests that are no valid operation: a row each, but of a flood of them no more rows than a tenant may leave in a minute.
import type { Clock } from '../../infra/clock.ts'
import { sha256 } from '../../schema/hash.ts'
import { traceIdOf } from '../../schema/trace-context.ts'
import type { InvalidRequest } from '../edge/step.ts'
import type { AuditWriter } from './audit-writer.ts'
import type { AuditEntry } from './chain.ts'

export interface InvalidRequestsDeps {
  readonly writer: Pick<AuditWriter, 'add'>
  readonly clock: Clock
  /** Whose chain holds what came without credentials that hold. */
  readonly tenant: string
}

interface Seen {
  readonly first: AuditEntry
  /** After the first. */
  times: number
}

interface Minute {
  readonly seen: Map<string, Seen>
  /** Requests beyond the rows of this minute. */
  left: number
}

const MINUTE_MS = 60_000
/** Different requests of a tenant that have rows of their own within a minute. */
const MOST_SEEN = 60
/** Of requests that have no row of their own. */
const LEFT_OUT = 'LEFT_OUT'
const NOTHING = sha256('')
const NOBODY = { subject: '', proof: 'none' } as const

/**
 * The first request of a kind (caller, code and text) has its row at once, those that repeat it within the minute one more at the end of it,
 * and all beyond sixty kinds one together: at most 121 rows for a tenant and minute, whatever comes. Its text may hold anything: only its hash is kept.
 */
export class InvalidRequests {
  readonly #deps: InvalidRequestsDeps
  readonly #minutes = new Map<string, Minute>()
  readonly #closing = new AbortController()

  constructor(deps: InvalidRequestsDeps) {
    this.#deps = deps
  }

  /** @param outcome code of its first error */
  note(request: InvalidRequest, outcome: string): void {
    const { writer, tenant: house } = this.#deps
    const { hash, caller } = request
    const { subject } = caller?.principal ?? NOBODY
    const minute = this.#minuteOf(caller?.tenant ?? house)
    const kind = `${outcome} ${hash} ${subject}`
    const seen = minute.seen.get(kind)
    if (seen) seen.times++
    else if (minute.seen.size >= MOST_SEEN) minute.left++
    else {
      const first = this.#entryOf(request, outcome)
      minute.seen.set(kind, { first, times: 0 })
      writer.add({ entry: first })
    }
  }

  /** Leaves the rows of minutes that go on. */
  close(): void {
    this.#closing.abort()
    for (const [tenant, minute] of this.#minutes) this.#end(tenant, minute)
  }

  #minuteOf(tenant: string): Minute {
    const known = this.#minutes.get(tenant)
    if (known) return known
    const minute: Minute = { seen: new Map(), left: 0 }
    this.#minutes.set(tenant, minute)
    const { clock } = this.#deps
    void clock.sleep(MINUTE_MS, this.#closing.signal).then(
      () => this.#end(tenant, minute),
      () => undefined,
    )
    return minute
  }

  #end(tenant: string, { seen, left }: Minute): void {
    const { writer, clock } = this.#deps
    this.#minutes.delete(tenant)
    const now = clock.now()
    for (const { first, times } of seen.values())
      if (times > 0) {
        const again = { ...first, id: clock.id(), durationMs: now - first.at, completes: first.id, times }
        writer.add({ entry: again })
      }
    const [some] = seen.values()
    if (left === 0 || !some) return
    const rest = { ...some.first, ...NOBODY, operationHash: NOTHING, outcome: LEFT_OUT, id: clock.id() }
    writer.add({ entry: { ...rest, requestId: '', traceId: null, durationMs: now - rest.at, times: left } })
  }

  #entryOf({ hash, requestId, traceparent, caller }: InvalidRequest, outcome: string): AuditEntry {
    const { clock, tenant } = this.#deps
    const { subject, proof } = caller?.principal ?? NOBODY
    return {
      ...{ tenant: caller?.tenant ?? tenant, type: 'invalid', id: clock.id(), at: clock.now(), subject, proof },
      ...{ requestId, traceId: traceIdOf(traceparent) ?? null, operationName: null, operationHash: hash },
      ...{ variables: {}, withheld: {}, versions: {}, resultHash: null, cost: null, durationMs: 0 },
      ...{ outcome, completes: null },
    }
  }
}
