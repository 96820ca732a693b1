// The plan machine against plain JavaScript and against the interpreter: 1,000 draws of 240 Euler steps on one core, and on two.
import { lower } from '../../compute/model/lowering/lower.ts'
import { normalQuantile } from '../../compute/model/math/normal.ts'
import { uniform } from '../../compute/model/math/philox.ts'
import type { Plan } from '../../compute/model/plan.ts'
import { interpret } from '../../compute/reference/interpret.ts'
import { openShelf } from '../../compute/worker/kernel/shelf.ts'
import { loadKernel } from '../../compute/worker/kernels.ts'
import { Machine } from '../../compute/worker/machine.ts'
import { ThreadPool } from '../../compute/worker/thread-pool.ts'
import { systemClock } from '../../infra/clock.ts'
import { type Bench, type Figure, medianSeconds } from './bench.ts'
import { exampleNetwork, type Network, networkModel } from './network.ts'
import { runPlain } from './plain.ts'

const DRAWS = 1000
const INTERPRETED_DRAWS = 20
const ROUNDS = 7
/** As the dispatcher cuts them: shards of some 50 ms. */
const SHARDS = 16
const SHARD_DRAWS = 512

/** The machine draws its coefficients within the time measured; the plain loop is given them. */
async function run(): Promise<readonly Figure[]> {
  const network = exampleNetwork()
  const plan = lower(networkModel(network))
  const kernel = loadKernel('machine')
  const machine = Machine.compile(kernel, kernel.sha256)
  const binding = { plan, inputs: {}, series: {} }
  const coefficients = drawCoefficients(network, plan)

  const onMachine = () => machine.run(binding, {}, { from: 0, to: DRAWS }, '7')
  const plainly = () => runPlain(network, coefficients, DRAWS)
  const interpreted = () => interpret(binding, {}, { from: 0, to: INTERPRETED_DRAWS }, '7')
  // The first runs of each are unoptimised code.
  const { values } = await onMachine()
  agree(values, plainly())
  await onMachine()
  const machineSeconds = await medianSeconds(ROUNDS, onMachine)
  const plainSeconds = await medianSeconds(ROUNDS, plainly)
  const interpreterSeconds = await medianSeconds(3, interpreted)
  const plainRate = DRAWS / plainSeconds
  const figure = (name: string, rate: number): Figure => ({
    name,
    value: Math.round(rate),
    unit: 'runs/s',
    ratio: Math.round((rate / plainRate) * 100) / 100,
  })
  return [
    figure('plan.machine', DRAWS / machineSeconds),
    figure('plan.javascript', plainRate),
    figure('plan.interpreter', INTERPRETED_DRAWS / interpreterSeconds),
    ...(await threads(plan)),
  ]
}

/** Draws of the network, one after the other per mechanism, as the plan draws them. */
function drawCoefficients({ mechanisms }: Network, plan: Plan): Float64Array {
  const coefficients = new Float64Array(DRAWS * mechanisms.length)
  mechanisms.forEach(({ mean, sd }, m) => {
    const { stream } = plan.uniforms.find((u) => u.name === `coefficient_${m}`)!
    for (let draw = 0; draw < DRAWS; draw++) {
      const z = normalQuantile(uniform(draw, stream, [7, 0], 0))
      coefficients[draw * mechanisms.length + m] = mean + sd * z
    }
  })
  return coefficients
}

/** The threads of a worker: one and two, ratio to one. */
async function threads(plan: Plan): Promise<readonly Figure[]> {
  const { sha256, name, abi } = loadKernel('machine')
  const rates: number[] = []
  for (const count of [1, 2]) {
    const pool = new ThreadPool({
      size: count,
      clock: systemClock,
      graceMs: 1000,
      threadHeapMb: 2048,
      kernels: openShelf(),
    })
    const all = () =>
      Promise.all(
        Array.from({ length: SHARDS }, async (_, i) => {
          const { signal } = new AbortController()
          const slot = await pool.acquire(signal)
          const range = { from: i * SHARD_DRAWS, to: (i + 1) * SHARD_DRAWS }
          await slot!.run(
            {
              kind: 'RUN',
              kernel: { sha256, name, abi },
              plan: { hash: 'network', plan },
              given: { inputs: {}, series: {} },
              columns: {},
              range,
              firstRows: [range.from],
              seed: '7',
              chunkSteps: 100_000,
            },
            [],
            signal,
          )
          slot!.release()
        }),
      )
    // Each thread compiles its kernel, first quickly and then well.
    await all()
    await all()
    rates.push((SHARDS * SHARD_DRAWS) / (await medianSeconds(5, all)))
    await pool.close()
  }
  return rates.map((rate, i) => ({
    name: `plan.threads.${i + 1}`,
    value: Math.round(rate),
    unit: 'runs/s',
    ratio: Math.round((rate / rates[0]!) * 100) / 100,
  }))
}

/** Both compute the same network, to rounding. */
function agree(a: Float64Array, b: Float64Array): void {
  const worst = a.reduce((most, x, i) => Math.max(most, Math.abs(x - b[i]!) / (1 + Math.abs(x))), 0)
  if (!(worst < 1e-9)) throw new Error(`the machine and the plain loop differ by ${worst}`)
}

export const planBench: Bench = { name: 'plan', run }
