// The machine's functions over lanes against their plain twins: exact sums over runs, orders by value and by code.
import { describe, expect, it } from 'vitest'
import { MACHINE_MAX_PAGES } from '../../compute/layout/memory.ts'
import { addTerm, LARGEST_TERM, LIMBS } from '../../compute/statistics/exact-sum.ts'
import { risingOrder } from '../../compute/statistics/rising-order.ts'
import { loadKernel } from '../../compute/worker/kernels.ts'
import type { LaneFunctions } from '../../compute/worker/machine.ts'
import { anyDouble, EDGES, numbers } from '../support/random-numbers.ts'

const memory = new WebAssembly.Memory({ initial: 64, maximum: MACHINE_MAX_PAGES })
const instance = new WebAssembly.Instance(new WebAssembly.Module(loadKernel('machine').bytes), { env: { memory } })
const kernel = instance.exports as unknown as LaneFunctions

/** Hands out room of the memory from 64 KiB on. */
function room() {
  let next = 65_536
  const take = (bytes: number) => {
    const at = next
    next = Math.ceil((at + bytes) / 64) * 64
    return at
  }
  return {
    reals: (length: number) => new Float64Array(memory.buffer, take(8 * length), length),
    words: (length: number) => new Uint32Array(memory.buffer, take(4 * length), length),
  }
}

const SIZES = [1, 2, 31, 32, 33, 64, 1000, 5000]

describe('an order by value', () => {
  const KINDS: readonly [string, (next: () => number, i: number) => number][] = [
    ['incomes in cents, many of them equal or 0', (next) => (next() < 0.3 ? 0 : Math.round(next() ** 3 * 1e7) / 100)],
    [
      'numbers of both signs, zeros of both signs',
      (next) => Math.round((next() - 0.5) * 6) * (next() < 0.5 ? 1 : -1) * 0.5,
    ],
    ['any doubles but NaN', (next) => noNaN(next)],
    ['edges', (next) => EDGES.filter((x) => !Number.isNaN(x))[Math.floor(next() * (EDGES.length - 1))] ?? 0],
    ['numbers that agree in their high words', (next) => 1 + next() * 2 ** -21],
    ['negative ones that do', (next) => -1 - next() * 2 ** -21],
    ['few of those, out of order', (next, i) => (i % 7) * 10 + next() * 2 ** -22],
    ['rising numbers', (_, i) => i],
    ['falling numbers', (_, i) => -i],
    ['one number', () => 5],
  ]

  it.each(KINDS)('of %s is the one of the twin, and rises', (_, value) => {
    for (const n of SIZES) {
      const next = numbers(n)
      const { reals, words } = room()
      const values = reals(n)
      for (let i = 0; i < n; i++) values[i] = value(next, i)
      const order = words(n)
      kernel.orderByValue(values.byteOffset, n, order.byteOffset, reals(4 * n + 512).byteOffset)
      expect([...order].map((row) => row / 8)).toEqual([...risingOrder(values.slice())])
      for (let i = 1; i < n; i++) {
        const [a, b] = [order[i - 1]! / 8, order[i]! / 8]
        expect(values[a]! < values[b]! || (values[a] === values[b] && a < b)).toBe(true)
      }
    }
  })

  it('gathers values in an order', () => {
    const { reals, words } = room()
    const values = reals(4)
    values.set([3, 1, -2, 7])
    const order = words(3)
    order.set([16, 0, 24])
    const to = reals(3)
    kernel.gather(values.byteOffset, order.byteOffset, 3, to.byteOffset)
    expect([...to]).toEqual([-2, 3, 7])
  })
})

function noNaN(next: () => number): number {
  const x = anyDouble(next)
  return Number.isNaN(x) ? 0 : x
}

describe('an order by code', () => {
  const CODES = 4096

  it.each([
    ['states', (next: () => number) => Math.floor(next() * 56)],
    ['one code', () => 7],
    ['the first and the last', (next: () => number) => (next() < 0.5 ? 0 : CODES - 1)],
    [
      'what is no code, which counts as 0',
      (next: () => number) => [NaN, -1, 4096, Infinity, 1e300, -0.5, 3][Math.floor(next() * 7)]!,
    ],
  ])('puts %s together, as they stand, and leaves its counts empty', (_, code) => {
    for (const n of SIZES) {
      const next = numbers(n)
      const { reals, words } = room()
      const values = reals(n)
      for (let i = 0; i < n; i++) values[i] = code(next)
      const [order, begins, found, counts] = [words(n), words(n + 1), words(n), words(CODES)]
      counts.fill(0)
      const groups = kernel.orderByCode(
        ...([
          values.byteOffset,
          n,
          CODES,
          order.byteOffset,
          begins.byteOffset,
          found.byteOffset,
          counts.byteOffset,
        ] as const),
      )
      const codeOf = (x: number) => (x >= 0 && x < CODES ? Math.floor(x) : 0)
      const rows = [...values.keys()].sort((a, b) => codeOf(values[a]!) - codeOf(values[b]!) || a - b)
      expect([...order].map((row) => row / 8)).toEqual(rows)
      const codes = [...new Set(rows.map((row) => codeOf(values[row]!)))]
      expect([...found.subarray(0, groups)]).toEqual(codes)
      const ends = codes.map((own) => rows.findLastIndex((row) => codeOf(values[row]!) === own) + 1)
      expect([...begins.subarray(0, groups + 1)]).toEqual([0, ...ends].map((end) => 4 * end))
      expect(counts.every((count) => count === 0)).toBe(true)
    }
  })
})

describe('sums over runs', () => {
  const LANES = 300
  const RUNS = [0, 1, 1, 40, 299, 300]

  /** Sums rows over the runs in an order turned round, with the kernel and with the twin. */
  function both(rows: readonly ((i: number) => number)[], weight: (i: number) => number) {
    const { reals, words } = room()
    const filled = (value: (i: number) => number) => {
      const values = reals(LANES)
      for (let i = 0; i < LANES; i++) values[i] = value(i)
      return values
    }
    const given = rows.map(filled)
    const weights = filled(weight)
    const addresses = words(rows.length)
    addresses.set(given.map((row) => row.byteOffset))
    const order = words(LANES)
    for (let i = 0; i < LANES; i++) order[i] = 8 * (LANES - 1 - i)
    const begins = words(RUNS.length)
    begins.set(RUNS.map((begin) => 4 * begin))
    const runs = RUNS.length - 1
    const sums = reals(rows.length * runs * LIMBS)
    const largest = reals(rows.length)
    kernel.sumRuns(
      ...([addresses.byteOffset, rows.length, weights.byteOffset, order.byteOffset] as const),
      ...([begins.byteOffset, runs, sums.byteOffset, largest.byteOffset] as const),
    )
    const twin = new Float64Array(sums.length)
    for (const [row, values] of given.entries()) {
      for (let run = 0; run < runs; run++) {
        for (let i = RUNS[run]!; i < RUNS[run + 1]!; i++) {
          const lane = order[i]! / 8
          addTerm(twin, (row * runs + run) * LIMBS, weights[lane]! * values[lane]!)
        }
      }
    }
    return { sums: sums.slice(), twin, largest: largest.slice(), runs }
  }

  it('are the sums of the twin, to the bit', () => {
    const next = numbers(3)
    const sizes = [1, 1e-12, 1e6, 1e13].map((size) => () => (next() - 0.5) * size)
    const { sums, twin, largest } = both(sizes, () => next() * 10)
    expect(sums).toEqual(twin)
    for (const size of largest) expect(size).toBeLessThan(LARGEST_TERM)
    expect(Math.max(...largest)).toBeGreaterThan(1e13)
  })

  it('of no lanes are 0', () => {
    const { sums, runs } = both([() => 5, () => 6], () => 1)
    for (const row of [0, 1])
      expect([...sums.subarray((row * runs + 1) * LIMBS, (row * runs + 2) * LIMBS)]).toEqual([0, 0, 0])
  })

  it('tell the largest term, and NaN where one is not finite, of each row by itself', () => {
    const rows = [3, NaN, Infinity, -Infinity, 1e200, -7].map((odd) => (i: number) => (i === 150 ? odd : 1))
    const { largest } = both(rows, () => 2)
    expect([...largest]).toEqual([6, NaN, NaN, NaN, 2e200, 14])
  })
})
