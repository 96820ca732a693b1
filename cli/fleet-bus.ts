// The bus of a fleet, for commands that speak to its workers.
import { join } from 'node:path'
import { openNatsBus } from '../infra/bus/nats.ts'
import type { Bus } from '../infra/bus/port.ts'
import { systemClock as clock } from '../infra/clock.ts'
import type { Config } from '../infra/config.ts'
import type { Log } from '../infra/log.ts'
import { runningNats } from '../infra/nats-server.ts'
import { QuesnayError } from '../schema/errors.ts'

export interface FleetUrls {
  readonly databaseUrl: string
  readonly natsUrl: string
}

/** CONFIG_INVALID where one of them is not set. @param who needs it, such as `a worker`. */
export function requireFleet({ databaseUrl, natsUrl }: Config, who: string): FleetUrls {
  if (databaseUrl && natsUrl) return { databaseUrl, natsUrl }
  throw missing(who, [databaseUrl ? [] : ['DATABASE_URL'], natsUrl ? [] : ['NATS_URL']].flat())
}

/** NATS_URL, else the NATS that `serve --services` runs for the data directory; undefined where there is neither. */
export const fleetNatsUrl = ({ natsUrl, dataDirectory }: Config): string | undefined =>
  natsUrl ?? runningNats(join(dataDirectory, 'nats'))

/** CONFIG_INVALID where no NATS is known. BUS_UNAVAILABLE. @param ackWaitMs as the workers have it. */
export async function openFleetBus(config: Config, log: Log, ackWaitMs?: number): Promise<Bus> {
  const url = fleetNatsUrl(config)
  if (!url)
    throw missing(
      'this command',
      ['NATS_URL'],
      'set it, or QUESNAY_DATA to the data directory of `quesnay serve --services`; quesnay top shows what a server in one process does',
    )
  return openNatsBus({ url, ...config.nats, clock, log, limits: ackWaitMs === undefined ? {} : { ackWaitMs } })
}

function missing(
  who: string,
  variables: readonly string[],
  suggestion = 'set what is missing; `quesnay serve --services` starts both and a fleet on them',
): QuesnayError {
  return new QuesnayError('CONFIG_INVALID', `${who} needs ${variables.join(' and ')}`, {
    problems: variables.map((variable) => ({ variable, problem: 'is not set', fix: 'set it to a URL' })),
    suggestion,
  })
}
