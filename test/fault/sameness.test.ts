// What must not show in a result: into how many shards it was cut, and which Node.js computed it.
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { Submission } from '../../compute/dispatch/port.ts'
import { FaultFleet } from '../support/fault-fleet.ts'
import { ensemble, expectedHash } from '../support/fleet.ts'
import { lacksNatsServer } from '../support/nats-server.ts'
import { findNode24 } from '../support/other-node.ts'
import { taxPopulation } from '../support/tax-population.ts'

const LANES = 64 * 64

describe.skipIf(lacksNatsServer())('the merged result has the same bits', () => {
  let fleet: FaultFleet
  beforeAll(async () => {
    fleet = await FaultFleet.open()
  })
  afterEach(() => fleet?.endWorkers())
  afterAll(() => fleet?.close())

  const hashOf = async (question: Submission) => {
    const { run } = await fleet.ask(question)
    await fleet.dispatch.settled(question.tenant, run.id, 45_000)
    const [ended] = await fleet.dispatch.load(question.tenant, [run.id])
    expect(ended!.shardsTotal).toBe(question.shards)
    return ended!.resultHash
  }

  it('from 1 shard and from 64', async () => {
    await fleet.startWorkers(2)
    const resultHash = expectedHash(ensemble({ lanes: LANES }))
    for (const shards of [1, 64]) {
      const asked = await fleet.ask(ensemble({ tenant: `cut-${shards}`, lanes: LANES, shards }))
      await fleet.expectUndisturbed(asked, { shards, resultHash, series: 22 })
    }
  })

  const node24 = findNode24()
  it.skipIf(node24 === undefined)('from Node.js 20 and 24, of an ensemble and of a population', async () => {
    const questions = (tenant: string) => [
      ensemble({ tenant, lanes: LANES, shards: 8 }),
      taxPopulation(100_000, { tenant, shards: 6, spec: { link: 'household' } }),
    ]
    const hashes: (string | null)[][] = []
    for (const [tenant, node] of [
      ['this-node', process.execPath],
      ['node-24', node24!],
    ] as const) {
      await fleet.startWorkers(1, { node })
      hashes.push([])
      for (const question of questions(tenant)) hashes.at(-1)!.push(await hashOf(question))
      await fleet.expectNothingLeft(tenant)
      await fleet.endWorkers()
    }
    expect(hashes[1]).toEqual(hashes[0])
    expect(hashes[0]![0]).toBe(expectedHash(questions('oracle')[0]!))
    expect(hashes[0]![1]).toMatch(/^[0-9a-f]{64}$/)
  })
})
