// quesnay audit replay: a read of the audit asked again, by a graph of this process over the same database.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Obstacle, type Replay, replay } from '../../gateway/audit/replay.ts'
import { systemClock as clock } from '../../infra/clock.ts'
import type { Config } from '../../infra/config.ts'
import type { Store } from '../../infra/store/port.ts'
import { startEmbedded } from '../embedded.ts'

const BECAUSE: Readonly<Record<Obstacle, string>> = {
  NOT_A_READ: 'only a query is asked again',
  NOT_ANSWERED: 'it was refused, or answered with errors',
  WITHHELD: 'the audit does not hold all that it was asked with',
  NO_LONGER_VALID: 'the graph has changed since',
  VERSIONS_MOVED: 'what it rested on has another version now, and the graph cannot be asked for the one before',
  UNVERSIONED: 'it rested on what has no version',
}

/** The exit code is 1 where the answer differs at equal versions. */
export async function replayAudit(
  store: Store,
  config: Config,
  { id, tenant, json }: { readonly id: string; readonly tenant: string; readonly json: boolean },
): Promise<void> {
  // A server may hold the data directory of the configuration.
  const dataDirectory = mkdtempSync(join(tmpdir(), 'quesnay-replay-'))
  try {
    const { gateway, close } = await startEmbedded({ ...config, dataDirectory, databaseUrl: store.url })
    try {
      const outcome = await replay({ gateway, store, clock }, tenant, id)
      if (outcome.outcome === 'DIFFERENT') process.exitCode = 1
      process.stdout.write(`${json ? JSON.stringify({ id, ...outcome }) : describe(outcome)}\n`)
    } finally {
      await close()
    }
  } finally {
    rmSync(dataDirectory, { recursive: true, force: true })
  }
}

function describe(replayed: Replay): string {
  switch (replayed.outcome) {
    case 'EQUAL':
      return `equal: ${replayed.hash}${replayed.pins.length > 0 ? ` (pinned: ${replayed.pins.join('; ')})` : ''}`
    case 'DIFFERENT':
      return `DIFFERENT\nrecorded  ${replayed.expected}\nnow       ${replayed.hash}`
    case 'NOT_REPLAYABLE':
      return `not replayable, ${replayed.obstacle}: ${BECAUSE[replayed.obstacle]}\n${replayed.about.join('\n')}`
  }
}
