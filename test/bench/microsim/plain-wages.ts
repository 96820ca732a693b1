// The peers of the microsimulation: tax on wages by hand, over whole columns, in JavaScript and in NumPy.
import { spawnSync } from 'node:child_process'
import type { Columns } from './question.ts'

const RATES = [0.1, 0.12, 0.22, 0.24, 0.32, 0.35, 0.37]
const SINGLE = [0, 12_400, 50_400, 105_700, 201_775, 256_225, 640_600]
const JOINT = [0, 24_800, 100_800, 211_400, 403_550, 512_450, 768_700]
const WAGE_BASE = 184_500

/** Income and payroll tax under two deductions, the budget and the deciles of net income; figures for singles and couples alone. */
export function plainWages(columns: Columns, rise: number): number[] {
  const n = columns['weight']!.length
  const [weight, status] = [columns['weight']!, columns['filing status']!]
  const [head, spouse] = [columns['wages[head]']!, columns['wages[spouse]']!]
  const net = new Float64Array(n)
  const change = new Float64Array(n)
  for (let i = 0; i < n; i++) {
    const wages = head[i]! + spouse[i]!
    const joint = status[i] === 2 || status[i] === 5
    const payroll = 0.062 * (Math.min(head[i]!, WAGE_BASE) + Math.min(spouse[i]!, WAGE_BASE)) + 0.0145 * wages
    const deduction = joint ? 32_200 : 16_100
    const tops = joint ? JOINT : SINGLE
    let before = 0
    let after = 0
    for (let b = 0; b < RATES.length; b++) {
      const rate = RATES[b]! - (RATES[b - 1] ?? 0)
      before += rate * Math.max(0, wages - deduction - tops[b]!)
      after += rate * Math.max(0, wages - deduction - rise - tops[b]!)
    }
    net[i] = wages - before - payroll
    change[i] = before - after
  }
  const order = Uint32Array.from({ length: n }, (_, i) => i).sort((a, b) => net[a]! - net[b]!)
  let total = 0
  for (let i = 0; i < n; i++) total += weight[i]!
  const sums = new Array<number>(10).fill(0)
  let below = 0
  for (const i of order) {
    sums[Math.min(9, Math.floor((10 * (below + weight[i]! / 2)) / total))]! += weight[i]! * change[i]!
    below += weight[i]!
  }
  return sums
}

const NUMPY = `
import sys, time
import numpy as np
n = int(sys.argv[1])
data = np.frombuffer(sys.stdin.buffer.read(), dtype='<f8').reshape(4, n)
weight, status, head, spouse = data
rates = np.array(${JSON.stringify(RATES)}); steps = np.diff(rates, prepend=0)
single = np.array(${JSON.stringify(SINGLE)}); joint = np.array(${JSON.stringify(JOINT)})
def run(rise):
    wages = head + spouse
    couple = (status == 2) | (status == 5)
    payroll = 0.062 * (np.minimum(head, ${WAGE_BASE}) + np.minimum(spouse, ${WAGE_BASE})) + 0.0145 * wages
    deduction = np.where(couple, 32200.0, 16100.0)
    before = np.zeros(n); after = np.zeros(n)
    for rate, s, j in zip(steps, single, joint):
        top = np.where(couple, j, s)
        before += rate * np.maximum(0, wages - deduction - top)
        after += rate * np.maximum(0, wages - deduction - rise - top)
    net = wages - before - payroll
    order = np.argsort(net, kind='stable')
    w = weight[order]; middle = np.cumsum(w) - w / 2
    decile = np.minimum(9, (10 * middle / w.sum()).astype(int))
    return np.bincount(decile, weights=w * (before - after)[order], minlength=10)
run(1.0)
times = []
for i in range(7):
    start = time.perf_counter(); run(100.0 + i); times.append(time.perf_counter() - start)
print(sorted(times)[3])
`

/** Median seconds of NumPy for the same; undefined where there is no NumPy. */
export function numpyWagesSeconds(columns: Columns): number | undefined {
  const n = columns['weight']!.length
  const names = ['weight', 'filing status', 'wages[head]', 'wages[spouse]']
  const input = Buffer.concat(names.map((name) => Buffer.from(new Uint8Array(columns[name]!.slice().buffer))))
  const { status, stdout } = spawnSync('python3', ['-c', NUMPY, String(n)], { input, maxBuffer: 2 ** 20 })
  return status === 0 ? Number(String(stdout)) : undefined
}
