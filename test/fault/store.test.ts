// The database stopped, away for a while, or crashed in the middle of a run.
import { afterAll, afterEach, beforeAll, describe, it } from 'vitest'
import { systemClock as clock } from '../../infra/clock.ts'
import { FaultFleet, longQuestion } from '../support/fault-fleet.ts'
import { lacksNatsServer } from '../support/nats-server.ts'

/** How long the database is away. */
const AWAY_MS = 5000

describe.skipIf(lacksNatsServer())('a run goes on to the same bits', () => {
  let fleet: FaultFleet
  beforeAll(async () => {
    fleet = await FaultFleet.open()
  })
  afterEach(() => fleet?.endWorkers())
  afterAll(() => fleet?.close())

  it('when PostgreSQL is stopped for five seconds and started again', async () => {
    await fleet.startWorkers(2)
    const asked = await fleet.ask(longQuestion('stopped-store'))
    await fleet.inTheMiddle(asked)
    await fleet.postgres.stop()
    await clock.sleep(AWAY_MS)
    await fleet.postgres.start()
    await fleet.expectUndisturbed(asked)
  })

  it('when PostgreSQL crashes and is started again', async () => {
    await fleet.startWorkers(2)
    const asked = await fleet.ask(longQuestion('crashed-store'))
    await fleet.inTheMiddle(asked)
    await fleet.postgres.kill()
    await fleet.postgres.start()
    await fleet.expectUndisturbed(asked)
  })
})
