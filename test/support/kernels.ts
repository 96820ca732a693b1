// The built kernels, and comparing results bit by bit.
import { expect } from 'vitest'
import type { PlanBinding } from '../../compute/model/plan.ts'
import type { Snapshot } from '../../compute/model/snapshot.ts'
import { interpret } from '../../compute/reference/interpret.ts'
import { loadKernel } from '../../compute/worker/kernels.ts'
import { EnsembleMerger, Machine, type MachineOptions, type MachineResult } from '../../compute/worker/machine.ts'
import type { LaneRange } from '../../schema/jobs.ts'

export function newMachine(): Machine {
  const kernel = loadKernel('machine')
  return Machine.compile(kernel, kernel.sha256)
}

export function newMerger(): EnsembleMerger {
  const kernel = loadKernel('stats')
  return EnsembleMerger.compile(kernel, kernel.sha256)
}

/** Index of the first place where two arrays differ in a bit; -1 where they are equal. A NaN of other bits is a difference. */
export function firstDifference(a: Float64Array, b: Float64Array): number {
  const x = new BigUint64Array(a.buffer, a.byteOffset, a.length)
  const y = new BigUint64Array(b.buffer, b.byteOffset, b.length)
  return x.length === y.length ? x.findIndex((bits, i) => bits !== y[i]) : Math.min(x.length, y.length)
}

/** Runs a binding on the machine and in the interpreter, and expects equal bits, an equal end and an equal state. */
export async function runBoth(
  machine: Machine,
  binding: Pick<PlanBinding, 'plan'> & Partial<PlanBinding>,
  range: LaneRange,
  columns: Record<string, Float64Array> = {},
  seed = '1',
  options: MachineOptions = {},
): Promise<MachineResult> {
  const whole = { inputs: {}, series: {}, ...binding }
  const result = await machine.run(whole, columns, range, seed, options)
  const oracle = interpret(whole, columns, range, seed, options)
  const at = firstDifference(result.values, oracle.values)
  if (at >= 0)
    expect.fail(`value ${at} is ${result.values[at]} on the machine and ${oracle.values[at]} in the interpreter`)
  expect(result.status).toEqual(oracle.status)
  expectEqualSnapshots(result.snapshot, oracle.snapshot)
  return result
}

/** Expects two states to be equal to the bit. */
export function expectEqualSnapshots(a: Snapshot | null, b: Snapshot | null): void {
  if (!a || !b) {
    expect(a).toBe(b)
    return
  }
  const { values, ...rest } = a
  const { values: others, ...other } = b
  expect(rest).toEqual(other)
  const at = firstDifference(values, others)
  if (at >= 0) expect.fail(`value ${at} of the state is ${values[at]} and ${others[at]}`)
}
