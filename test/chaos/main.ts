// `npm run chaos -- --minutes 5 --seed N [--workers 3]`: breaks a fleet of real processes at random and says what was lost: nothing.
import { parseArgs } from 'node:util'
import { untilStopped } from '../../infra/stop.ts'
import { table } from '../simulation/report.ts'
import { type ChaosReport, runChaos } from './chaos.ts'

const INTERRUPTED = 130

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '5' },
    seed: { type: 'string', default: '1' },
    workers: { type: 'string', default: '3' },
  },
})

function number(name: 'minutes' | 'seed' | 'workers', least: number): number {
  const value = Number(values[name])
  if (Number.isFinite(value) && value >= least) return value
  throw new Error(`--${name} takes a number from ${least}, and is ${values[name]}`)
}

function reportTable(report: ChaosReport): string {
  const { injected, submitted, finished, cancelled, poisoned, refused, lost, doubled, mismatched, quietMs } = report
  const rows: [string, number][] = [
    ...injected,
    ['faults in all', [...injected.values()].reduce((sum, n) => sum + n, 0)],
    ['runs submitted', submitted],
    ['runs finished', finished],
    ['runs cancelled', cancelled],
    ['runs poisoned by two kills under one shard', poisoned],
    ['submissions refused', refused],
    ['seconds until all was through', Math.round(quietMs / 1000)],
    ['lost', lost],
    ['doubled', doubled],
    ['hash mismatches', mismatched],
  ]
  return table([['what', 'number'], ...rows.map(([what, n]) => [what, String(n)])])
}

const stopping = new AbortController()
void untilStopped().then(() => stopping.abort())
const report = await runChaos({
  minutes: number('minutes', 0),
  seed: number('seed', 0),
  workers: number('workers', 1),
  say: (line) => console.error(line),
  signal: stopping.signal,
})
console.log(reportTable(report))
for (const complaint of report.complaints) console.log(complaint)
const clean = report.lost + report.doubled + report.mismatched === 0
process.exit(report.interrupted ? INTERRUPTED : clean ? 0 : 1)
