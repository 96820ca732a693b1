// A fleet for tests: a store of its own, a bus, a dispatcher and workers in this process; and questions to ask it.
import { type DispatchOptions, type OpenDispatch, openDispatch } from '../../compute/dispatch/dispatch.ts'
import type { EnsembleResult, LanesResult, Submission } from '../../compute/dispatch/port.ts'
import { encodeResult, headerOf } from '../../compute/dispatch/result-bytes.ts'
import { call } from '../../compute/model/build.ts'
import { lower } from '../../compute/model/lowering/lower.ts'
import { quantile } from '../../compute/model/math/quantile.ts'
import type { Model } from '../../compute/model/model.ts'
import { type Plan, savedTimes } from '../../compute/model/plan.ts'
import { interpret } from '../../compute/reference/interpret.ts'
import { moments } from '../../compute/reference/stats.ts'
import { startWorker, type Worker, type WorkerOptions } from '../../compute/worker/worker.ts'
import type { BusLimits } from '../../infra/bus/limits.ts'
import { openMemoryBus } from '../../infra/bus/memory.ts'
import type { Bus, BusMessage, Listener } from '../../infra/bus/port.ts'
import { systemClock as clock } from '../../infra/clock.ts'
import { type Log, silentLog } from '../../infra/log.ts'
import { createMetrics, type Metrics } from '../../infra/metrics.ts'
import type { Store } from '../../infra/store/port.ts'
import { sha256 } from '../../schema/hash.ts'
import type { RunEvent } from '../../schema/jobs.ts'
import { freshStore } from './database.ts'

export interface FleetOptions {
  readonly dispatch?: DispatchOptions
  readonly worker?: Partial<WorkerOptions>
  /** Default 1. */
  readonly workers?: number
  readonly limits?: Partial<BusLimits>
  /** Default: one in memory; it is closed with the fleet. */
  readonly bus?: Bus
  /** Default: one over a database of its own, dropped with the fleet. One that is given is emptied first. */
  readonly store?: Store
  /** What dispatcher and workers are given instead of the bus itself. */
  readonly wrap?: (bus: Bus) => Bus
  /** Default: silence. */
  readonly log?: Log
}

export interface TestFleet {
  readonly store: Store
  /** What dispatcher and workers are given. */
  readonly bus: Bus
  /** The bus behind `wrap`. */
  readonly innerBus: Bus
  readonly metrics: Metrics
  readonly dispatch: OpenDispatch
  startWorker(options?: Partial<WorkerOptions>): Promise<Worker>
  close(): Promise<void>
}

export async function openFleet(options: FleetOptions = {}): Promise<TestFleet> {
  const { store, drop } = options.store ? await emptied(options.store) : await freshStore({ poolSize: 12 })
  const inner = options.bus ?? openMemoryBus(clock, options.limits)
  const bus = options.wrap?.(inner) ?? inner
  const metrics = createMetrics('test')
  const fleet = { store, bus, clock, log: options.log ?? silentLog, metrics }
  const dispatch = openDispatch({ ...fleet, ...options.dispatch })
  const workers: Worker[] = []
  const start = async (more: Partial<WorkerOptions> = {}) => {
    const worker = await startWorker({ ...fleet, threads: 1, drainMs: 2000, ...options.worker, ...more })
    workers.push(worker)
    return worker
  }
  for (let i = 0; i < (options.workers ?? 1); i++) await start()
  return {
    store,
    bus,
    innerBus: inner,
    metrics,
    dispatch,
    startWorker: start,
    async close() {
      await Promise.all(workers.map((worker) => worker.stop()))
      await dispatch.close()
      await inner.close()
      await drop()
    },
  }
}

async function emptied(store: Store): Promise<{ store: Store; drop: () => Promise<void> }> {
  await store.query('truncate fleet.blob, fleet.job, fleet.dead_letter, fleet.result_series cascade')
  return { store, drop: async () => {} }
}

const SUBJECT = { type: 'Scenario', id: 'sc-test' }

/** Two stocks that pull on each other, with random rates, an input and a time series: every part of a plan has a say. */
export const PENDULUM: Model = {
  name: 'pendulum',
  tables: {},
  time: { start: 0, dt: 0.25, steps: 40, saveEvery: 4, unit: 'year' },
  variables: [
    { kind: 'random', name: 'rate', unit: '1/year', distribution: { kind: 'normal', mean: 0.4, sd: 0.05 } },
    { kind: 'random', name: 'start', unit: '1', distribution: { kind: 'uniform', min: 1, max: 2 } },
    { kind: 'input', name: 'damping', unit: '1/year', default: 0.1 },
    { kind: 'series', name: 'push', unit: '1/year', default: 0 },
    { kind: 'stock', name: 'x', unit: '1', initial: call('add', 'start', 0), flow: call('mul', 'rate', 'y') },
    {
      kind: 'stock',
      name: 'y',
      unit: '1',
      initial: call('add', 0, 0),
      flow: call('sub', call('sub', 'push', call('mul', 'rate', 'x')), call('mul', 'damping', 'y')),
    },
  ],
  outputs: ['x', 'y'],
}

/** Each row's tax: no time, one column, one parameter. */
export const TAX: Model = {
  name: 'tax',
  tables: { schedule: { xs: [0, 10_000, 40_000], ys: [0.1, 0.2, 0.4] } },
  variables: [
    { kind: 'column', name: 'income', unit: 'USD' },
    { kind: 'input', name: 'deduction', unit: 'USD', default: 5000 },
    {
      kind: 'auxiliary',
      name: 'tax',
      unit: 'USD',
      equation: { op: 'bracket', table: 'schedule', x: call('max', 0, call('sub', 'income', 'deduction')) },
    },
  ],
  outputs: ['tax'],
}

/** The logarithm of a number that falls below zero in some lanes at some time: NaN from there on. */
export const SINKING: Model = {
  name: 'sinking',
  tables: {},
  time: { start: 0, dt: 1, steps: 10, saveEvery: 1, unit: 'year' },
  variables: [
    { kind: 'column', name: 'reserve', unit: 'USD' },
    { kind: 'stock', name: 'left', unit: 'USD', initial: call('add', 'reserve', 0), flow: call('neg', 1) },
    { kind: 'auxiliary', name: 'months', unit: '1', equation: call('log', 'left') },
  ],
  outputs: ['left', 'months'],
}

/** Long work for few values: about 35 microseconds for a step of 64 lanes. */
export function toiling(steps: number): Plan {
  const work = Array.from({ length: 40 }, (_, i) => ({
    kind: 'auxiliary' as const,
    name: `work${i}`,
    unit: '1',
    equation: call('exp', call('neg', call('add', i === 0 ? 'x' : `work${i - 1}`, i))),
  }))
  return lower({
    name: 'toiling',
    tables: {},
    time: { start: 0, dt: 1, steps, saveEvery: steps, unit: 'day' },
    variables: [
      { kind: 'random', name: 'draw', unit: '1', distribution: { kind: 'uniform', min: 0, max: 1 } },
      ...work,
      {
        kind: 'stock',
        name: 'x',
        unit: '1',
        initial: call('add', 'draw', 0),
        flow: call('sub', 'work39', call('mul', 'x', 0.5)),
      },
    ],
    outputs: ['x'],
  })
}

/** An ensemble of 1,000 draws of the pendulum; more members replace those. */
export function ensemble(more: Partial<Submission> = {}): Submission {
  return {
    tenant: 'local',
    kind: 'SIMULATION',
    subject: SUBJECT,
    plan: lower(PENDULUM),
    lanes: 1000,
    seed: '42',
    result: { kind: 'ENSEMBLE', probabilities: [0.025, 0.5, 0.975] },
    class: 'p0',
    ...more,
  }
}

/** Taxes of `lanes` rows, row by row. */
export function taxes(lanes: number, more: Partial<Submission> = {}): Submission {
  return {
    tenant: 'local',
    kind: 'POPULATION',
    subject: SUBJECT,
    plan: lower(TAX),
    lanes,
    columns: { income: Float64Array.from({ length: lanes }, (_, i) => (i * 137.5) % 100_000) },
    result: { kind: 'LANES' },
    class: 'p0',
    ...more,
  }
}

/** What the interpreter makes of a submission: the result the fleet must give, to the bit. */
export function expected(submission: Submission): EnsembleResult | LanesResult {
  const { plan, lanes, result, inputs = {}, series = {}, columns = {}, seed = '0' } = submission
  const given = columns as Record<string, Float64Array>
  const { values } = interpret({ plan, inputs, series }, given, { from: 0, to: lanes }, seed)
  const times = savedTimes(plan)
  const outputs = plan.outputs.map(({ name, unit }) => ({ name, unit }))
  if (result.kind === 'LANES') return { kind: 'LANES', outputs, times, lanes, values }
  if (result.kind === 'POPULATION') throw new Error('see expected-population.ts')
  const rows = Array.from({ length: outputs.length * times.length }, (_, row) =>
    values.subarray(row * lanes, (row + 1) * lanes),
  )
  const sorted = rows.map((row) => row.slice().sort())
  return {
    kind: 'ENSEMBLE',
    outputs,
    times,
    probabilities: result.probabilities,
    mean: Float64Array.from(rows, (row) => moments(row).mean),
    sd: Float64Array.from(rows, (row) => moments(row).sd),
    quantiles: result.probabilities.map((p) => Float64Array.from(sorted, (row) => quantile(row, p))),
  }
}

/** The hash that the fleet must give this submission's result: of the interpreter's bits in the documented layout. */
export function expectedHash(submission: Submission): string {
  const result = expected(submission)
  if (submission.result.kind === 'POPULATION') throw new Error('see expected-population.ts')
  const arrays = result.kind === 'LANES' ? [result.values] : [result.mean, result.sd, ...result.quantiles]
  return sha256(encodeResult(headerOf(submission.plan, submission.lanes, submission.result), arrays))
}

/** Collects the events of a run until one says that it ended. */
export async function eventsUntilEnd(
  bus: Bus,
  tenant: string,
  runId: string,
  after = 0,
): Promise<(RunEvent & { kind: string })[]> {
  const listener = await bus.listen(`qz.ev.${tenant}.run.${runId}.*`, after)
  return collectUntilEnd(listener)
}

/** What a listener hears of one run, to its end. */
export async function collectUntilEnd(listener: Listener<BusMessage>): Promise<(RunEvent & { kind: string })[]> {
  const events: (RunEvent & { kind: string })[] = []
  for await (const { subject, data } of listener) {
    const event = JSON.parse(new TextDecoder().decode(data)) as RunEvent
    events.push({ ...event, kind: subject.split('.').at(-1)! })
    if (['SUCCEEDED', 'FAILED', 'CANCELLED'].includes(event.status)) break
  }
  return events
}
