// The plan machine against plain JavaScript and against the interpreter: 1,000 draws of 240 Euler steps on one core.
import { lower } from '../../compute/model/lower.ts'
import { uniform } from '../../compute/model/math/philox.ts'
import { prepareRandom, randomValue } from '../../compute/model/random.ts'
import { interpret } from '../../compute/reference/interpret.ts'
import { loadKernel } from '../../compute/worker/kernels.ts'
import { Machine } from '../../compute/worker/machine.ts'
import { type Bench, type Figure, medianSeconds } from './bench.ts'
import { exampleNetwork, networkModel } from './network.ts'
import { runPlain } from './plain.ts'

const DRAWS = 1000
const INTERPRETED_DRAWS = 20
const ROUNDS = 7

/** The machine draws its coefficients within the time measured; the plain loop is given them. */
async function run(): Promise<readonly Figure[]> {
  const network = exampleNetwork()
  const plan = lower(networkModel(network))
  const kernel = loadKernel('machine')
  const machine = Machine.compile(kernel, kernel.sha256)
  const binding = { plan, inputs: {}, series: {} }
  const coefficients = new Float64Array(DRAWS * network.mechanisms.length)
  network.mechanisms.forEach((_, m) => {
    const random = plan.randoms.find((r) => r.name === `coefficient_${m}`)!
    const prepared = prepareRandom(random)
    for (let draw = 0; draw < DRAWS; draw++) {
      coefficients[draw * network.mechanisms.length + m] = randomValue(prepared, uniform(draw, random.stream, [7, 0]))
    }
  })

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
  ]
}

/** Both compute the same network, to rounding. */
function agree(a: Float64Array, b: Float64Array): void {
  const worst = a.reduce((most, x, i) => Math.max(most, Math.abs(x - b[i]!) / (1 + Math.abs(x))), 0)
  if (!(worst < 1e-9)) throw new Error(`the machine and the plain loop differ by ${worst}`)
}

export const planBench: Bench = { name: 'plan', run }
