// A thread of a worker: runs one task at a time on its own instances of the kernels.
import { type MessagePort, parentPort, type TransferListItem, workerData } from 'node:worker_threads'
import { QuesnayError, toWireError } from '../../schema/errors.ts'
import { sha256 } from '../../schema/hash.ts'
import { bytesOf } from '../dispatch/blobs.ts'
import { encodeResult } from '../dispatch/result-bytes.ts'
import { loadKernel } from './kernels.ts'
import { EnsembleMerger, Machine } from './machine.ts'
import { failureOf } from './run-failure.ts'
import { type Answer, CONTROL, type Task, type TaskResults } from './thread-protocol.ts'

const control = new Int32Array((workerData as { control: SharedArrayBuffer }).control)
const port = parentPort as MessagePort

let merger: EnsembleMerger | undefined
const machines = new Map<string, Machine>()

/** An instance per kernel hash asked for; only the hash of the kernel that was built is ever given. */
function machineFor(sha: string, abi: number): Machine {
  const known = machines.get(sha)
  if (known) return known
  const kernel = loadKernel('machine')
  if (abi !== kernel.abi) {
    throw new QuesnayError('KERNEL_REFUSED', `this worker's plan machine is of ABI ${kernel.abi}, not ${abi}`, { abi })
  }
  const machine = Machine.compile(kernel, sha)
  machines.set(sha, machine)
  return machine
}

type RunTask = Extract<Task, { kind: 'RUN' }>

async function run(task: RunTask): Promise<Omit<TaskResults['RUN'], 'seconds'> | undefined> {
  const onChunk = () => {
    Atomics.add(control, CONTROL.chunks, 1)
    return Atomics.load(control, CONTROL.cancel) === 0
  }
  const { firstRows, chunkSteps } = task
  const options = { firstRows, onChunk, ...(chunkSteps > 0 ? { chunkSteps } : {}) }
  const machine = machineFor(task.kernel.sha256, task.kernel.abi)
  const { values, status } = await machine.run(task.binding, task.columns, task.range, task.seed, options)
  if (status.kind === 'CANCELLED') return undefined
  const failure = failureOf(status)
  if (failure) throw failure
  return { values, sha256: sha256(bytesOf(values)) }
}

function merge({ spec, parts, rows }: Extract<Task, { kind: 'MERGE' }>): readonly Float64Array<ArrayBuffer>[] {
  if (spec.kind === 'LANES') return [concatenate(parts, rows)]
  if (spec.kind !== 'ENSEMBLE') throw new QuesnayError('CONSTRUCT_UNSUPPORTED', `no rows of ${spec.kind} are merged`)
  const stats = loadKernel('stats')
  merger ??= EnsembleMerger.compile(stats, stats.sha256)
  const { mean, sd, quantiles } = merger.merge(parts, 0, rows, spec.probabilities)
  return [mean, sd, ...quantiles]
}

/** [row][lane] over all shards. */
function concatenate(
  parts: readonly { values: Float64Array; lanes: number }[],
  rows: number,
): Float64Array<ArrayBuffer> {
  const lanes = parts.reduce((sum, part) => sum + part.lanes, 0)
  const all = new Float64Array(rows * lanes)
  let lane = 0
  for (const part of parts) {
    for (let row = 0; row < rows; row++)
      all.set(part.values.subarray(row * part.lanes, (row + 1) * part.lanes), row * lanes + lane)
    lane += part.lanes
  }
  return all
}

async function perform(task: Task): Promise<{ answer: Answer; transfer: TransferListItem[] }> {
  const started = performance.now()
  const spent = () => (performance.now() - started) / 1000
  if (task.kind === 'RUN') {
    const done = await run(task)
    if (!done) return { answer: { cancelled: true }, transfer: [] }
    return { answer: { ok: { ...done, seconds: spent() } }, transfer: [done.values.buffer] }
  }
  if (task.kind === 'MERGE') {
    const arrays = merge(task)
    return { answer: { ok: { arrays, seconds: spent() } }, transfer: arrays.map((array) => array.buffer) }
  }
  const bytes = encodeResult(task.header, task.arrays)
  return { answer: { ok: { bytes, sha256: sha256(bytes), seconds: spent() } }, transfer: [bytes.buffer] }
}

port.on('message', async (task: Task) => {
  try {
    const { answer, transfer } = await perform(task)
    port.postMessage(answer, transfer)
  } catch (error) {
    const known = toWireError(error)
    // The text of an unknown error is for the worker's log only; its code keeps it from ever reaching a client.
    const message = known.code === 'INTERNAL' && error instanceof Error ? String(error.stack) : known.message
    port.postMessage({ error: { ...known, message } } satisfies Answer)
  }
})
