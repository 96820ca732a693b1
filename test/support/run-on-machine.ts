// A source run to its numbers, on the machine and in the interpreter with equal bits.
import { elaborate } from '../../compute/model/elaborate/elaborate.ts'
import { lower } from '../../compute/model/lowering/lower.ts'
import type { SourceModel } from '../../compute/model/source/source.ts'
import { newMachine, runBoth } from './kernels.ts'

let machine: ReturnType<typeof newMachine> | undefined

/** The saved values of all outputs by name, of one draw; a run that ends in a fault rejects. */
export async function runOnMachine(source: SourceModel, seed = '1'): Promise<Record<string, number[]>> {
  const { model } = elaborate(source)
  const plan = lower(model)
  machine ??= newMachine()
  const { values, status } = await runBoth(machine, { plan }, { from: 0, to: 1 }, {}, seed)
  if (status.kind !== 'DONE') throw new Error(`the run is ${JSON.stringify(status)}`)
  const times = values.length / model.outputs.length
  // Adding 0 takes the sign off a zero.
  const column = (i: number) => [...values.subarray(i * times, (i + 1) * times)].map((x) => x + 0)
  return Object.fromEntries(model.outputs.map((name, i) => [name, column(i)]))
}
