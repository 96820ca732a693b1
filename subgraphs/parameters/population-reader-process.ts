// A process that reads one data set for population-reader.ts and ends: what kills it or fills its memory hurts nobody else.

import type { ReaderAnswer, ReaderQuestion } from './population-reader.ts'
import { type ReadDataSet, readPopulation } from './rules/population/read-population.ts'

process.once('message', async (question: ReaderQuestion) => {
  const answer = await answerOf(question)
  process.send?.(answer, () => process.disconnect())
})

async function answerOf({ bytes, shape, given }: ReaderQuestion): Promise<ReaderAnswer> {
  try {
    const read: ReadDataSet = await readPopulation(bytes, shape, given)
    return { read }
  } catch (error) {
    return { failure: String((error as Error).stack) }
  }
}
