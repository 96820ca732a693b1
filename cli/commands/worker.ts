// quesnay worker: starts one member of the fleet or as many as the backlog wants, lists those there are, and drains one.
import type { Command } from 'commander'
import { InvalidArgumentError } from 'commander'
import { loadWorkers } from '../../compute/dispatch/workers.ts'
import type { WorkerSettings } from '../../compute/worker/context.ts'
import { WORKER_OPTIONS } from '../../compute/worker/settings.ts'
import type { Bus } from '../../infra/bus/port.ts'
import { systemClock as clock } from '../../infra/clock.ts'
import { loadConfig } from '../../infra/config.ts'
import { createLog } from '../../infra/log.ts'
import { QuesnayError } from '../../schema/errors.ts'
import { subjects } from '../../schema/jobs.ts'
import { nearest } from '../../schema/nearest.ts'
import { openFleetBus } from '../fleet-bus.ts'
import { printable } from '../output/printable.ts'
import { table } from '../output/table.ts'
import { variablesHelp } from '../output/variables-help.ts'

const MOST_WORKERS = 64
const EXAMPLES = `
Examples:
  quesnay worker
  quesnay worker --autoscale 0..4
  quesnay worker list
  quesnay worker drain w-01k9x2`

type Options = Partial<WorkerSettings> & {
  readonly autoscale?: { readonly minimum: number; readonly maximum: number }
  readonly aim: number
  readonly cooldown: number
}

export function addWorkerCommand(program: Command): void {
  const worker = program
    .command('worker')
    .description('start one member of the fleet, or as many as the backlog wants (needs NATS_URL and DATABASE_URL)')
    .option('--autoscale <range>', 'start and stop workers on this machine by the backlog, such as 0..4', readRange)
    .option('--aim <seconds>', 'with --autoscale: in how long a backlog is to be worked off', positive, 10)
    .option(
      '--cooldown <seconds>',
      'with --autoscale: how long fewer must have been enough before one goes',
      positive,
      60,
    )
  for (const { option, say, fallback } of WORKER_OPTIONS)
    worker.option(`--${option} <n>`, `${say} (default: ${fallback})`, positive)
  worker
    .option('--json', 'print errors as JSON')
    .addHelpText('after', `${EXAMPLES}\n${variablesHelp()}`)
    .action(async ({ autoscale, aim, cooldown, ...settings }: Options & { json?: boolean }) => {
      if (!autoscale) return void (await import('../../compute/worker/main.ts'))
      const { serveAutoscaler } = await import('../autoscale/serve.ts')
      const given = Object.fromEntries(
        WORKER_OPTIONS.flatMap(({ name }) => (settings[name] === undefined ? [] : [[name, settings[name]]])),
      )
      return serveAutoscaler(loadConfig(), {
        ...autoscale,
        aimSeconds: aim,
        cooldownSeconds: cooldown,
        settings: given,
      })
    })

  worker
    .command('list')
    .option('--json', 'print one JSON array')
    .description('list the workers that are there (of NATS_URL, else of the services that hold the data directory)')
    .action((_, list: Command) => withBus((bus) => listWorkers(bus, asJson(list))))

  worker
    .command('drain')
    .argument('<id>', 'of the worker, as `quesnay worker list` tells it')
    .option('--json', 'print one JSON object')
    .description('let a worker finish what it has in hand and end, and wait until it has')
    .action((id: string, _, drain: Command) => withBus((bus) => drainWorker(bus, id, asJson(drain))))
}

/** An option of the command above takes the word before this one's own does. */
const asJson = (command: Command) => command.optsWithGlobals()['json'] === true

async function withBus(work: (bus: Bus) => Promise<void>): Promise<void> {
  const config = loadConfig()
  const bus = await openFleetBus(config, createLog(config.logLevel.interactive))
  try {
    await work(bus)
  } finally {
    await bus.close()
  }
}

async function listWorkers(bus: Bus, json: boolean): Promise<void> {
  const workers = await loadWorkers(bus)
  if (json) return print(JSON.stringify(workers))
  if (workers.length === 0) return print('no worker is there')
  const rows = workers.map(({ id, host, pid, version, busy, slots, draining, rssBytes, kernels }) => [
    ...[
      id,
      host,
      pid,
      version,
      `${busy}/${slots}`,
      draining ? 'draining' : 'working',
      `${Math.round(rssBytes / 2 ** 20)} MiB`,
    ],
    kernels.map((kernel) => kernel.replace(/@(.{8}).*/, '@$1')).join(' '),
  ])
  print(table(['worker', 'host', 'pid', 'version', 'busy', 'state', 'memory', 'kernels'], rows, [4, 6]))
}

/** Beyond what a worker takes to drain: it may miss the word while its bus is away. */
const GONE_WITHIN_MS = 40_000

async function drainWorker(bus: Bus, id: string, json: boolean): Promise<void> {
  const ids = (await loadWorkers(bus)).map((worker) => worker.id)
  if (!ids.includes(id)) {
    const like = nearest(id, ids)
    throw new QuesnayError('NOT_FOUND', `there is no worker ${id}`, {
      path: 'id',
      suggestion: like ? `did you mean ${like}?` : 'quesnay worker list names those there are',
    })
  }
  await bus.publish(subjects.drain(id), new Uint8Array())
  const until = clock.now() + GONE_WITHIN_MS
  while ((await loadWorkers(bus)).some((worker) => worker.id === id)) {
    if (clock.now() > until)
      throw new QuesnayError('BUS_UNAVAILABLE', `the worker ${id} was told to drain and has not ended yet`, {
        suggestion: 'quesnay worker list says whether it drains',
      })
    await clock.sleep(100)
  }
  print(json ? JSON.stringify({ drained: id }) : `${id} has ended`)
}

/** N means 0..N. */
function readRange(text: string): { minimum: number; maximum: number } {
  const [, from, to] = /^(?:(\d{1,3})\.\.)?(\d{1,3})$/.exec(text.trim()) ?? []
  const [minimum, maximum] = [Number(from ?? 0), Number(to)]
  if (to !== undefined && maximum >= 1 && maximum <= MOST_WORKERS && minimum <= maximum) return { minimum, maximum }
  throw new InvalidArgumentError(
    `It takes two numbers of workers such as 0..4, or the larger alone; at most ${MOST_WORKERS}.`,
  )
}

function positive(text: string): number {
  const value = /^\d{1,15}$/.test(text) ? Number(text) : 0
  if (value >= 1) return value
  throw new InvalidArgumentError('It takes a whole number from 1.')
}

const print = (line: string) => void process.stdout.write(`${printable(line)}\n`)
