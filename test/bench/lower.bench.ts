// How long a model of 400 stocks and 2,000 mechanisms takes to become a plan, against hashing that plan.
import { lower } from '../../compute/model/lowering/lower.ts'
import { hashOf } from '../../schema/hash.ts'
import { type Bench, type Figure, medianSeconds } from './bench.ts'
import { exampleNetwork, networkModel } from './network.ts'

const ROUNDS = 15

async function run(): Promise<readonly Figure[]> {
  const model = networkModel(exampleNetwork(10))
  const plan = lower(model)
  const hashSeconds = await medianSeconds(ROUNDS, () => hashOf(plan))
  const lowerSeconds = await medianSeconds(ROUNDS, () => lower(model))
  const figure = (name: string, seconds: number): Figure => ({
    name,
    value: Math.round(seconds * 10_000) / 10,
    unit: 'ms',
    ratio: Math.round((seconds / hashSeconds) * 100) / 100,
  })
  return [figure('lower.lower', lowerSeconds), figure('lower.hash', hashSeconds)]
}

export const lowerBench: Bench = { name: 'lower', run }
