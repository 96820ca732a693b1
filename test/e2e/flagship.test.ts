// The flagship question in both modes: one operation reads everything, progress is pushed, and the bits are the same.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parse, print, separateOperations } from 'graphql'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ask, type GraphClient, httpClient } from '../../cli/client.ts'
import { describeFlagship, type FlagshipRun } from '../../cli/commands/demo.ts'
import { packageFile } from '../../infra/paths.ts'
import { lacksNatsServer } from '../support/nats-server.ts'
import { type ServerProcess, startServer } from '../support/server-process.ts'

const operations = separateOperations(parse(readFileSync(packageFile('examples', 'flagship.graphql'), 'utf8')))
const DRAWS = 1000

interface Answer {
  readonly updates: number
  readonly statuses: readonly string[]
  readonly run: FlagshipRun
}

/** Asks as the demo does, and collects what is pushed. */
async function askFlagship(client: GraphClient): Promise<Answer> {
  const { createScenario } = await ask<{ createScenario: { scenario: { run: { id: string } } } }>(
    client,
    print(operations['Ask']!),
    { draws: DRAWS },
  )
  const variables = { run: createScenario.scenario.run.id }
  const statuses: string[] = []
  let run: FlagshipRun | undefined
  for await (const result of client.subscribe(print(operations['Answer']!), variables)) {
    expect(result.errors).toBeUndefined()
    run = (result.data as { runUpdated: FlagshipRun }).runUpdated
    statuses.push(run.status)
  }
  return { updates: statuses.length, statuses, run: run! }
}

const modes = [
  { mode: 'embedded', args: [], skip: false },
  { mode: 'services', args: ['--services'], skip: lacksNatsServer() },
]
const hashes = new Map<string, string>()

for (const { mode, args, skip } of modes)
  describe.skipIf(skip)(`the flagship question, ${mode}`, () => {
    const directory = mkdtempSync(join(tmpdir(), `quesnay-${mode}-`))
    let server: ServerProcess
    let client: GraphClient
    let answer: Answer

    beforeAll(async () => {
      server = await startServer(args, { QUESNAY_DATA: directory })
      client = httpClient(server.url)
      answer = await askFlagship(client)
    }, 120_000)
    afterAll(async () => {
      await client?.close()
      await server?.interrupt()
      rmSync(directory, { recursive: true, force: true })
    })

    it('is pushed until it has succeeded', () => {
      expect(answer.statuses.at(-1)).toBe('SUCCEEDED')
      expect(answer.statuses.filter((status) => status === 'SUCCEEDED')).toHaveLength(1)
      expect(answer.run.progress.fraction).toBe(1)
    })

    it('computes 1,000 example tax units, of which only the highest wages pay more', () => {
      const { units, reforms } = answer.run.scenario.populationRun.populationImpact
      const [{ budget, byProgramme, deciles, losers }] = reforms
      expect(units).toBe(1000)
      expect(budget.change).toBeGreaterThan(0)
      expect(budget.change).toBeCloseTo(budget.reform - budget.baseline, 2)
      expect(byProgramme.filter(({ change }) => change !== 0).map(({ name }) => name)).toEqual([
        'income tax before child and earned income credits',
      ])
      expect(deciles.meanNetTaxChange.slice(0, 9).every((change) => change === 0)).toBe(true)
      expect(deciles.meanNetTaxChange[9]).toBeGreaterThan(0)
      expect(losers.share).toBeLessThan(0.05)
    })

    it('feeds the change in net taxes into the circular flow, which shrinks and still closes', () => {
      const { netTaxChange, circularFlowImpact } = answer.run.scenario
      const { baseline, scenario } = circularFlowImpact.firstYear
      expect(netTaxChange.fraction).toBeGreaterThan(0)
      expect(scenario.C).toBeLessThan(baseline.C)
      expect(scenario.Y).toBeLessThan(baseline.Y)
      expect(scenario.leakages - scenario.injections).toBeCloseTo(baseline.leakages - baseline.injections, 6)
    })

    it('simulates 40 stocks or more with 1,000 draws for ten years', () => {
      const results = answer.run.results!
      expect(results.columns.length).toBeGreaterThanOrEqual(40)
      expect(results.draws).toBe(DRAWS)
      expect(results.times[0]).toBe(0)
      expect(results.times.at(-1)).toBe(10)
      const moved = results.columns.filter(({ p05, p95 }) => p95.at(-1)! > p05.at(-1)!)
      expect(moved.length).toBeGreaterThan(10)
      for (const { p05, p50, p95 } of results.columns)
        expect(p50.every((median, i) => p05[i]! <= median && median <= p95[i]!)).toBe(true)
    })

    it('revalues the portfolio along the macro path', () => {
      const { value, baseline, loss, times } = answer.run.scenario.portfolioImpact
      expect(value).toHaveLength(times.length)
      expect(baseline).toBeGreaterThan(0)
      expect(value.some((level) => level !== baseline)).toBe(true)
      for (const [i, level] of value.entries()) expect(baseline - level).toBeCloseTo(loss[i]!, 6)
    })

    it('prints tables, a fan chart, and how to verify it', () => {
      const text = describeFlagship(answer.run)
      for (const part of [
        'example tax units',
        'decile',
        'injections',
        'median',
        'worth',
        answer.run.id,
        answer.run.inputHash,
      ])
        expect(text).toContain(part)
      expect(text).toMatch(/[▁▂▃▄▅▆▇█]{20}/)
    })

    it('is answered from the store, with the same bits, when it is asked again', async () => {
      const again = await askFlagship(client)
      expect(again.run.resultHash).toBe(answer.run.resultHash)
      expect(again.run.inputHash).toBe(answer.run.inputHash)
      expect(again.run.cached).toBe(true)
    })

    it('gives the same bits as every other mode', () => {
      hashes.set(mode, `${answer.run.inputHash} ${answer.run.resultHash}`)
      expect(new Set(hashes.values()).size).toBe(1)
    })

    it('ends with code 0 on Ctrl-C', async () => {
      expect(await server.interrupt()).toBe(0)
    })
  })
