// A thread of a worker: runs one task at a time on its own instances of the kernels.
import { type MessagePort, parentPort, type TransferListItem, workerData } from 'node:worker_threads'
import { LRUCache } from 'lru-cache'
import { QuesnayError, toWireError } from '../../schema/errors.ts'
import { sha256 } from '../../schema/hash.ts'
import type { KernelRef } from '../../schema/jobs.ts'
import { bytesOf } from '../dispatch/blobs.ts'
import type { Plan } from '../model/plan.ts'
import { sliceOf } from './columns/packed.ts'
import type { Kernel } from './kernel/shelf.ts'
import { EnsembleMerger, Machine } from './machine.ts'
import { figuresOf } from './population/figures.ts'
import { LanesCancelled } from './population/lanes.ts'
import { rolesOf } from './population/roles.ts'
import { hashOfShard } from './population/shard-bytes.ts'
import { ShardSums, sinkSize } from './population/shard-sums.ts'
import { RecentPlans } from './recent-plans.ts'
import { failureOf } from './run-failure.ts'
import { type Answer, CONTROL, type SentPlan, type SentTask, type Task, type TaskResults } from './thread-protocol.ts'

const control = new Int32Array((workerData as { control: SharedArrayBuffer }).control)
const port = parentPort as MessagePort

/** Kernels this thread was sent, by hash; the worker has checked where they come from. */
const kernels = new Map<string, Kernel>()
/** Instances keep the memory they have grown to: those of kernels not lately used are let go. */
const MOST_INSTANCES = 4
const machines = new LRUCache<string, Machine>({ max: MOST_INSTANCES })
const mergers = new LRUCache<string, EnsembleMerger>({ max: MOST_INSTANCES })

function kernelOf({ name, sha256 }: KernelRef): Kernel {
  const kernel = kernels.get(sha256)
  if (kernel) return kernel
  throw new QuesnayError('INTERNAL', `a thread was not sent the kernel ${name}@${sha256}`)
}

/** The instance of a kernel that runs plans. KERNEL_REFUSED: see instantiate. */
function machineFor(ref: KernelRef): Machine {
  const known = machines.get(ref.sha256)
  if (known) return known
  const machine = Machine.compile(kernelOf(ref), ref.sha256)
  machines.set(ref.sha256, machine)
  return machine
}

function mergerFor(ref: KernelRef): EnsembleMerger {
  const known = mergers.get(ref.sha256)
  if (known) return known
  const merger = EnsembleMerger.compile(kernelOf(ref), ref.sha256)
  mergers.set(ref.sha256, merger)
  return merger
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
  const machine = machineFor(task.kernel)
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
  const machine = machineFor(task.kernel)
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
  const machine = machineFor(task.kernel)
  const sink = sinkSize(rolesOf(plan, spec))
  const source = { machine, binding: { plan, ...task.given }, columns, lanes, seed, sink, onChunk }
  try {
    return { figures: await figuresOf(spec, shards, source, share) }
  } catch (error) {
    if (error instanceof LanesCancelled) return undefined
    throw error
  }
}

function merge({ kernel, spec, parts, rows }: TaskOf<'MERGE'>): readonly Float64Array<ArrayBuffer>[] {
  if (spec.kind === 'LANES') return [concatenate(parts, rows)]
  const { mean, sd, quantiles } = mergerFor(kernel).merge(parts, 0, rows, spec.probabilities)
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
      const { bytes } = task
      return { answer: { ok: { bytes, sha256: sha256(bytes), seconds: spent() } }, transfer: [bytes.buffer] }
    }
  }
}

port.on('message', async ({ task, kernel }: SentTask) => {
  if (kernel) kernels.set(kernel.sha256, kernel)
  // The time until here was the thread's own start; what hangs from here on is the kernel.
  Atomics.add(control, CONTROL.chunks, 1)
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
