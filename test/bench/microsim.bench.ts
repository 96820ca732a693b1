// Reforms over 280,005 synthetic tax units, from submission to result: store, bus and two threads in one process.
import type { Dispatch, RunResult, Submission } from '../../compute/dispatch/port.ts'
import { loadStates } from '../../subgraphs/parameters/population-files.ts'
import { SYNTHETIC_POPULATION_ID, shippedPopulation } from '../../subgraphs/parameters/rules/population/shipped.ts'
import { type Bench, type Figure, medianSeconds } from './bench.ts'
import { type House, openHouse } from './microsim/house.ts'
import { numpyWagesSeconds, plainWages } from './microsim/plain-wages.ts'
import { type Columns, type Question, taxQuestion } from './microsim/question.ts'

const ROUNDS = 7
const SHARDS = [1, 2, 7, 64]
const REFORMS = [2, 4, 8]

let asked = 0
/** Submits with parameters that were never asked before, and waits for the result. */
async function answer(dispatch: Dispatch, question: Question, more: Partial<Submission> = {}): Promise<RunResult> {
  asked += 1
  const { id } = await dispatch.submit({ ...question.submission(asked), ...more })
  return dispatch.settled('local', id, 120_000)
}

async function run(): Promise<readonly Figure[]> {
  const population = shippedPopulation(SYNTHETIC_POPULATION_ID)!
  const making = performance.now()
  const columns: Columns = await population.make(await loadStates())
  const made = (performance.now() - making) / 1000
  const plain = await medianSeconds(ROUNDS, () => plainWages(columns, 100 + asked))
  const numpy = numpyWagesSeconds(columns)
  const house = await openHouse()
  try {
    const figure = figuresAgainst(numpy ?? plain)
    const figures = [
      figure('wages.plain-javascript', plain),
      ...(numpy === undefined ? [] : [figure('wages.numpy', numpy)]),
      figure('population.made', made),
    ]
    for (const measure of [measureWarm, measureCurve, measureCold])
      figures.push(...(await measure(house, columns, figure)))
    await assertEqualBits(house, columns)
    return figures
  } finally {
    await house.close()
  }
}

type Against = (name: string, seconds: number) => Figure

async function measureWarm({ dispatch, startWorker }: House, columns: Columns, figure: Against): Promise<Figure[]> {
  const full = await taxQuestion(dispatch, columns)
  const wages = await taxQuestion(dispatch, columns, { wagesOnly: true })
  const idle = memory()
  const one = await startWorker(1)
  await answer(dispatch, full)
  const alone = await medianSeconds(ROUNDS, () => answer(dispatch, full))
  await one.stop()
  const two = await startWorker(2)
  await answer(dispatch, full)
  const both = await medianSeconds(ROUNDS, () => answer(dispatch, full))
  const used = memory() - idle
  await answer(dispatch, wages)
  const small = await medianSeconds(ROUNDS, () => answer(dispatch, wages))
  await two.stop()
  return [
    figure('full.warm.two-threads', both),
    figure('full.warm.one-thread', alone),
    figure('wages.warm.two-threads', small),
    { name: 'microsim.full.operations', value: full.operations, unit: 'operations a unit', ratio: 1 },
    { name: 'microsim.wages.operations', value: wages.operations, unit: 'operations a unit', ratio: 1 },
    { name: 'microsim.full.memory', value: Math.round(used / 2 ** 20), unit: 'MiB over an idle process', ratio: 1 },
  ]
}

/** K reforms in one pass: the ratio is to K passes. */
async function measureCurve({ dispatch, startWorker }: House, columns: Columns): Promise<Figure[]> {
  const worker = await startWorker(2)
  const single = await taxQuestion(dispatch, columns)
  await answer(dispatch, single)
  const one = await medianSeconds(ROUNDS, () => answer(dispatch, single))
  const figures: Figure[] = []
  for (const reforms of REFORMS) {
    const question = await taxQuestion(dispatch, columns, { reforms })
    await answer(dispatch, question)
    const seconds = await medianSeconds(ROUNDS, () => answer(dispatch, question))
    figures.push(rounded(`microsim.full.${reforms}-reforms-in-one-pass`, seconds, seconds / (reforms * one)))
  }
  await worker.stop()
  return figures
}

/** Rules read, compiled and lowered, threads started, the kernel compiled, columns loaded, the first answer given. */
async function measureCold({ dispatch, startWorker }: House, columns: Columns, figure: Against): Promise<Figure[]> {
  const question = await taxQuestion(dispatch, columns)
  const start = performance.now()
  const worker = await startWorker(2)
  await answer(dispatch, question)
  const seconds = (performance.now() - start) / 1000
  await worker.stop()
  return [figure('full.first-answer-of-a-new-worker', seconds)]
}

/** Throws where a cut into shards changes a bit. */
async function assertEqualBits({ dispatch, startWorker }: House, columns: Columns): Promise<void> {
  const question = await taxQuestion(dispatch, columns)
  const worker = await startWorker(2)
  const hashes = new Set<string | null>()
  asked += 1
  const submission = question.submission(asked)
  const { id } = await dispatch.submit({ ...submission, shards: SHARDS[0]! })
  await dispatch.settled('local', id, 120_000)
  for (const shards of SHARDS) {
    const again = await dispatch.submit({ ...submission, shards, verifies: id })
    await dispatch.settled('local', again.id, 120_000)
    const [record] = await dispatch.load('local', [again.id])
    hashes.add(record!.resultHash)
  }
  await worker.stop()
  if (hashes.size !== 1) throw new Error(`${SHARDS.join(', ')} shards gave ${hashes.size} results`)
}

const memory = () => process.memoryUsage().rss

const rounded = (name: string, seconds: number, ratio: number): Figure => ({
  name,
  value: Math.round(seconds * 10_000) / 10,
  unit: 'ms',
  ratio: Math.round(ratio * 100) / 100,
})

const figuresAgainst =
  (peer: number): Against =>
  (name, seconds) =>
    rounded(`microsim.${name}`, seconds, seconds / peer)

export const microsimBench: Bench = { name: 'microsim', run }
