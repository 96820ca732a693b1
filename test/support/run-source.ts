// Runs a model as its author wrote it, in one lane of the interpreter.
import { elaborate } from '../../compute/model/elaborate/elaborate.ts'
import { lower } from '../../compute/model/lowering/lower.ts'
import { savedSteps } from '../../compute/model/plan.ts'
import type { SourceModel } from '../../compute/model/source/source.ts'
import { interpret } from '../../compute/reference/interpret.ts'

/** The columns of its outputs by name, one value per saved time. Throws where the run ends in a fault. */
export function runSource(
  source: SourceModel,
  inputs: Readonly<Record<string, number>> = {},
): Record<string, number[]> {
  const plan = lower(elaborate(source).model)
  const { values, status } = interpret({ plan, inputs, series: {} }, {}, { from: 0, to: 1 }, '7')
  if (status.kind !== 'DONE') throw new Error(JSON.stringify(status))
  const times = savedSteps(plan).length
  return Object.fromEntries(
    // Adding 0 takes the sign off a zero.
    plan.outputs.map(({ name }, i) => [name, [...values.subarray(i * times, (i + 1) * times)].map((x) => x + 0)]),
  )
}
