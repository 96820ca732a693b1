// Replay: asks a read of the audit again, at the versions it rested on, and compares the hashes of the answers.
import type { Clock } from '../../infra/clock.ts'
import type { Store } from '../../infra/store/port.ts'
import { PROCESS } from '../../schema/caller.ts'
import { QuesnayError } from '../../schema/errors.ts'
import { isFaults } from '../documents.ts'
import { newReply } from '../edge/step.ts'
import type { Gateway } from '../gateway.ts'
import type { Versions } from '../versions.ts'
import type { AuditEntry } from './chain.ts'
import { pin } from './pin.ts'
import { readEntry } from './read-entries.ts'
import { resultHash } from './result-hash.ts'

export interface ReplayDeps {
  readonly gateway: Gateway
  readonly store: Store
  readonly clock: Clock
}

/** Why a row cannot be asked again so that its answer would be the same. */
export type Obstacle =
  /** A mutation or a subscription. */
  | 'NOT_A_READ'
  /** It was refused, or its answer had errors: these tell of the moment. */
  | 'NOT_ANSWERED'
  /** The audit does not hold all that it was asked with. */
  | 'WITHHELD'
  /** The graph has changed since, or the text is gone. */
  | 'NO_LONGER_VALID'
  /** It rested on a version that the graph cannot be asked for. */
  | 'VERSIONS_MOVED'
  /** It rested on what has no version. */
  | 'UNVERSIONED'

export type Replay =
  | { readonly outcome: 'EQUAL'; readonly hash: string; readonly pins: readonly string[] }
  /** Every version is the same and the answer is not: what was stored under a version was changed, or the row. */
  | { readonly outcome: 'DIFFERENT'; readonly hash: string; readonly expected: string }
  | { readonly outcome: 'NOT_REPLAYABLE'; readonly obstacle: Obstacle; readonly about: readonly string[] }

/**
 * First as it was asked, then pinned: an answer may tell an argument that it was given. A question that asks for a run submits it where
 * the run is gone. Errors: NOT_FOUND, STORE_UNAVAILABLE.
 */
export async function replay({ gateway, store, clock }: ReplayDeps, tenant: string, id: string): Promise<Replay> {
  const stored = await readEntry(store, tenant, id)
  if (!stored)
    throw new QuesnayError('NOT_FOUND', `the audit of ${tenant} has no row ${id}`, {
      path: 'id',
      suggestion: 'list rows with `quesnay audit search`',
    })
  const { entry, text } = stored
  const obstacle = obstacleOf(entry)
  if (obstacle) return obstacle
  const caller = { tenant, requestId: clock.id(), principal: PROCESS }
  if (text === undefined || isFaults(gateway.prepare(text, undefined, caller)))
    return not('NO_LONGER_VALID', [entry.operationHash])

  async function ask(query: string, variables: Readonly<Record<string, unknown>>) {
    const reply = newReply()
    const result = await gateway.execute({ query, variables: { ...variables }, caller, reply })
    return { hash: resultHash(result), versions: reply.versions ?? {} }
  }
  const expected = entry.resultHash!
  const now = await ask(text, entry.variables)
  if (now.hash === expected) return { outcome: 'EQUAL', hash: expected, pins: [] }
  const pinned = pin(entry, text, gateway.schema)
  if (pinned.pins.length > 0) {
    const then = await ask(pinned.text, pinned.variables)
    if (then.hash === expected) return { outcome: 'EQUAL', hash: expected, pins: pinned.pins }
  }
  const moved = differences(entry.versions, now.versions)
  if (moved.length > 0) return not('VERSIONS_MOVED', moved)
  const unversioned = Object.keys(entry.versions).filter((name) => Object.keys(entry.versions[name]!).length === 0)
  if (unversioned.length > 0) return not('UNVERSIONED', unversioned)
  return { outcome: 'DIFFERENT', hash: now.hash, expected }
}

const not = (obstacle: Obstacle, about: readonly string[]): Replay => ({ outcome: 'NOT_REPLAYABLE', obstacle, about })

function obstacleOf({ type, outcome, resultHash: hash, withheld }: AuditEntry): Replay | undefined {
  if (type !== 'query') return not('NOT_A_READ', [type])
  if (outcome !== 'ok' || hash === null) return not('NOT_ANSWERED', [outcome])
  const paths = Object.keys(withheld)
  return paths.length > 0 ? not('WITHHELD', paths) : undefined
}

/** As `subgraph: name version -> version`. */
function differences(then: Versions, now: Versions): string[] {
  return Object.entries(then).flatMap(([subgraph, names]) =>
    Object.entries(names).flatMap(([name, version]) => {
      const other = now[subgraph]?.[name]
      return other === version ? [] : [`${subgraph}: ${name} ${version} -> ${other ?? 'none'}`]
    }),
  )
}
