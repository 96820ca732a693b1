// A thread of a worker: runs one task at a time on its own instances of the kernels.
import { type MessagePort, parentPort, type TransferListItem, workerData } from 'node:worker_threads'
import { QuesnayError, toWireError } from '../../schema/errors.ts'
import { sha256 } from '../../schema/hash.ts'
import { bytesOf } from '../dispatch/blobs.ts'
import { encodeResult } from '../dispatch/result-bytes.ts'
import type { Plan } from '../model/plan.ts'
import { sliceOf } from './columns/packed.ts'
import { loadKernel } from './kernels.ts'
import { EnsembleMerger, Machine } from './machine.ts'
import { figuresOf } from './population/figures.ts'
import { LanesCancelled } from './population/lanes.ts'
import { rolesOf } from './population/roles.ts'
import { hashOfShard } from './population/shard-bytes.ts'
import { ShardSums, sinkSize } from './population/shard-sums.ts'
import { RecentPlans } from './recent-plans.ts'
import { failureOf } from './run-failure.ts'
import { type Answer, CONTROL, type SentPlan, type Task, type TaskResults } from './thread-protocol.ts'

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

const plans = new RecentPlans<Plan>()

/** The plan of a task: sent along, or had lately. */
function planOf({ hash, plan }: SentPlan): Plan {
  if (plan) plans.keep(hash, plan)
  const known = plan ?? plans.use(hash)
  if (known) return known
  throw new QuesnayError('INTERNAL', `a thread was not sent the plan ${hash}`)
}

type TaskOf<Kind extends Task['kind']> = Extract<Task, { kind: Kind }>

function onChunk(): boolean {
  Atomics.add(control, CONTROL.chunks, 1)
  return Atomics.load(control, CONTROL.cancel) === 0
}

async function run(task: TaskOf<'RUN'>): Promise<Omit<TaskResults['RUN'], 'seconds'> | undefined> {
  const { firstRows, chunkSteps } = task
  const options = { firstRows, onChunk, ...(chunkSteps > 0 ? { chunkSteps } : {}) }
  const machine = machineFor(task.kernel.sha256, task.kernel.abi)
  const binding = { plan: planOf(task.plan), ...task.given }
  const { values, status } = await machine.run(binding, task.columns, task.range, task.seed, options)
  if (status.kind === 'CANCELLED') return undefined
  const failure = failureOf(status)
  if (failure) throw failure
  return { values, sha256: sha256(bytesOf(values)) }
}

async function sum(task: TaskOf<'SUM'>): Promise<Omit<TaskResults['SUM'], 'seconds'> | undefined> {
  const { range, spec, seed } = task
  const plan = planOf(task.plan)
  const sink = new ShardSums(plan, rolesOf(plan, spec), range.from, range.to - range.from)
  const machine = machineFor(task.kernel.sha256, task.kernel.abi)
  const columns = Object.fromEntries(
    Object.entries(task.columns).map(([name, column]) => [name, sliceOf(column, range.from, range.to)]),
  )
  const { status } = await machine.run({ plan, ...task.given }, columns, range, seed, { sink, onChunk })
  if (status.kind === 'CANCELLED') return undefined
  // Values that are not finite spoil the figures of their outputs alone.
  const failure = status.kind === 'NOT_A_NUMBER' ? null : failureOf(status)
  if (failure) throw failure
  const numbers = sink.finish()
  return { numbers, sha256: hashOfShard(numbers) }
}

async function figures(task: TaskOf<'FIGURES'>): Promise<Omit<TaskResults['FIGURES'], 'seconds'> | undefined> {
  const { columns, lanes, seed, spec, shards, share } = task
  const plan = planOf(task.plan)
  const machine = machineFor(task.kernel.sha256, task.kernel.abi)
  const sink = sinkSize(rolesOf(plan, spec))
  const source = { machine, binding: { plan, ...task.given }, columns, lanes, seed, sink, onChunk }
  try {
    return { figures: await figuresOf(spec, shards, source, share) }
  } catch (error) {
    if (error instanceof LanesCancelled) return undefined
    throw error
  }
}

function merge({ spec, parts, rows }: TaskOf<'MERGE'>): readonly Float64Array<ArrayBuffer>[] {
  if (spec.kind === 'LANES') return [concatenate(parts, rows)]
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
  const cancelled = { answer: { cancelled: true } satisfies Answer, transfer: [] }
  switch (task.kind) {
    case 'RUN': {
      const done = await run(task)
      return done ? { answer: { ok: { ...done, seconds: spent() } }, transfer: [done.values.buffer] } : cancelled
    }
    case 'SUM': {
      const done = await sum(task)
      return done ? { answer: { ok: { ...done, seconds: spent() } }, transfer: [] } : cancelled
    }
    case 'MERGE': {
      const arrays = merge(task)
      return { answer: { ok: { arrays, seconds: spent() } }, transfer: arrays.map((array) => array.buffer) }
    }
    case 'FIGURES': {
      const done = await figures(task)
      return done ? { answer: { ok: { ...done, seconds: spent() } }, transfer: [] } : cancelled
    }
    case 'SEAL': {
      const bytes = encodeResult(task.header, task.arrays)
      return { answer: { ok: { bytes, sha256: sha256(bytes), seconds: spent() } }, transfer: [bytes.buffer] }
    }
  }
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
