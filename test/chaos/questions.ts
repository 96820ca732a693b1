// What chaos asks: questions of every kind of result, small and large, and the hash of each one's undisturbed result.
import type { Submission } from '../../compute/dispatch/port.ts'
import { JobClass } from '../../schema/terms/run.ts'
import { ensemble, expectedHash, taxes, toiling } from '../support/fleet.ts'
import { taxPopulation } from '../support/tax-population.ts'
import type { House } from './house.ts'

const { INTERACTIVE, NORMAL, BATCH } = JobClass
const POPULATION_LANES = 20_000

export interface KnownQuestion {
  /** Of any tenant: the bits do not depend on it. */
  of(tenant: string): Submission
  readonly resultHash: string
}

type Make = (tenant: string) => Submission

const SMALL: readonly Make[] = [
  (tenant) => ensemble({ tenant, class: INTERACTIVE, seed: '1', shards: 4 }),
  (tenant) => ensemble({ tenant, class: NORMAL, seed: '2', lanes: 640, shards: 10 }),
  (tenant) => taxes(3000, { tenant, class: INTERACTIVE, shards: 6 }),
]
const LARGE: readonly Make[] = [
  (tenant) => ensemble({ tenant, class: NORMAL, seed: '3', plan: toiling(800), lanes: 64 * 16, shards: 16 }),
  (tenant) => ensemble({ tenant, class: BATCH, seed: '4', plan: toiling(2000), lanes: 64 * 8, shards: 8 }),
  (tenant) => ensemble({ tenant, class: INTERACTIVE, seed: '5', plan: toiling(3000), lanes: 128, shards: 2 }),
  (tenant) => taxPopulation(POPULATION_LANES, { tenant, class: NORMAL, shards: 5, spec: { link: 'household' } }),
]

/** Many shards of next to no work. */
export const flood = (tenant: string, shards: number): Submission =>
  ensemble({ tenant, class: BATCH, seed: '6', plan: toiling(1), lanes: 64 * shards, shards })

/**
 * Asks each question once while nothing is wrong. The small ones are held to the interpreter besides.
 * Throws where an undisturbed result is not the interpreter's.
 */
export async function undisturbed({ dispatch }: House): Promise<readonly KnownQuestion[]> {
  const tenant = 'calm'
  const known: KnownQuestion[] = []
  for (const of of [...SMALL, ...LARGE]) {
    const question = of(tenant)
    const run = await dispatch.submit(question)
    await dispatch.settled(tenant, run.id, 120_000)
    const [ended] = await dispatch.load(tenant, [run.id])
    const resultHash = ended?.resultHash ?? ''
    if (SMALL.includes(of) && resultHash !== expectedHash(question))
      throw new Error('an undisturbed result is not the interpreter’s')
    known.push({ of, resultHash })
  }
  return known
}
