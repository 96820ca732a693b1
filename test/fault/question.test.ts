// The question that the fault tests ask: its undisturbed result is the interpreter's, to the bit, and is written down once.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { FaultFleet, LONG_QUESTION_HASH, longQuestion } from '../support/fault-fleet.ts'
import { expectedHash } from '../support/fleet.ts'
import { lacksNatsServer } from '../support/nats-server.ts'

describe('the long question', () => {
  it('has the result that the interpreter gives, to the bit', { timeout: 240_000 }, () => {
    expect(expectedHash(longQuestion('oracle'))).toBe(LONG_QUESTION_HASH)
  })
})

describe.skipIf(lacksNatsServer())('a fleet that nothing happens to', () => {
  let fleet: FaultFleet
  beforeAll(async () => {
    fleet = await FaultFleet.open()
  })
  afterAll(() => fleet?.close())

  it('gives that result, stores every shard once, says every state once, and says over HTTP what it has done', async () => {
    const [worker] = await fleet.startWorkers(1)
    const asked = await fleet.ask(longQuestion('calm'))
    await fleet.expectUndisturbed(asked)
    expect(await fleet.storedBy('calm')).toEqual([worker!.id])
    const page = await (await fetch(`${worker!.url}/metrics`)).text()
    expect(page).toMatch(/quesnay_jobs_total{kind="SIMULATION",status="SUCCEEDED",service="worker"} 1/)
    expect((await fetch(`${worker!.url}/health`)).status).toBe(200)
    expect(await (await fetch(`${worker!.url}/ready`)).json()).toEqual({ ready: true })
    expect((await fetch(`${worker!.url}/other`)).status).toBe(404)
  })
})
