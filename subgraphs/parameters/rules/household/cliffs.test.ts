// Falls of net income: found where they are, to the cent, and not found where there are none.
import { expect, it } from 'vitest'
import { findCliffs } from './cliffs.ts'

const grid = (to: number, resolution: number) => Array.from({ length: to / resolution + 1 }, (_, i) => i * resolution)
const find = (net: (x: number) => number, more: Partial<Parameters<typeof findCliffs>[0]> = {}) =>
  findCliffs({
    grid: grid(10_000, 100),
    threshold: 1,
    partsOfUnit: 100,
    netIncome: async (earnings) => earnings.map(net),
    ...more,
  })
/** 60 cents of each unit earned arrive. */
const slope = (x: number) => 0.6 * x

it('finds a jump to the cent, also one that the grid does not see as a fall', async () => {
  // 50 of loss against 60 of gain over an interval of 100.
  const [cliff, ...others] = await find((x) => slope(x) - (x > 4321.07 ? 50 : 0))
  expect(others).toEqual([])
  expect(cliff).toMatchObject({ at: 4321.07, until: 4321.08 })
  expect(cliff!.loss).toBeCloseTo(50 - 0.006, 9)
  expect(cliff!.netIncomeBefore).toBeCloseTo(slope(4321.07), 9)
  expect(cliff!.netIncomeAfter).toBeCloseTo(slope(4321.08) - 50, 9)
  expect(cliff!.widthToRecover).toBeCloseTo(50 / 0.6, 1)
})

it('finds a jump that begins at a point of the grid, and one at its very end or start', async () => {
  const at = async (place: number) => (await find((x) => slope(x) - (x > place ? 50 : 0))).map((cliff) => cliff.at)
  expect(await at(4000)).toEqual([4000])
  expect(await at(0)).toEqual([0])
  expect(await at(9999.99)).toEqual([9999.99])
})

it('finds every step of a stair', async () => {
  const stair = (x: number) => slope(x) - 50 * Math.max(0, Math.ceil((x - 2000) / 1000))
  expect((await find(stair)).map(({ at }) => at)).toEqual([2000, 3000, 4000, 5000, 6000, 7000, 8000, 9000])
})

it('takes no bend of net income for a cliff', async () => {
  expect(await find((x) => slope(x) - 0.5 * Math.max(0, x - 3333))).toEqual([])
  expect(await find((x) => slope(x) - 0.55 * Math.min(777, Math.max(0, x - 3333)))).toEqual([])
  expect(await find(() => 7)).toEqual([])
})

it('tells a slide, where more than all of what is earned is taken, from where to where', async () => {
  const [slide, ...others] = await find((x) => x - 1.5 * Math.min(1000, Math.max(0, x - 3000)))
  expect(others).toEqual([])
  expect(slide).toEqual({
    ...{ at: 3000, until: 4000, netIncomeBefore: 3000, netIncomeAfter: 2500, loss: 500, widthToRecover: 1500 },
  })
})

it('does not know the width where net income does not recover by the end', async () => {
  const [cliff] = await find((x) => slope(x) - (x > 9000 ? 1000 : 0))
  expect(cliff).toMatchObject({ at: 9000, widthToRecover: null })
})

it('leaves out what is below the threshold', async () => {
  const net = (x: number) => slope(x) - (x > 5000 ? 30 : 0)
  expect(await find(net, { threshold: 40 })).toEqual([])
  expect(await find(net, { threshold: 20 })).toHaveLength(1)
})

it('looks at whole numbers alone where there are no others', async () => {
  const asked: number[] = []
  const netIncome = async (children: readonly number[]) => {
    asked.push(...children)
    return children.map((n) => (n > 3 ? 5 : 10))
  }
  const cliffs = await find(slope, { grid: [0, 2, 4, 6], partsOfUnit: 1, netIncome })
  expect(cliffs).toMatchObject([{ at: 3, until: 4, loss: 5 }])
  expect(asked.every(Number.isInteger)).toBe(true)
})

it('refuses to look for more jumps than it can', async () => {
  const saw = (x: number) => (Math.round(x / 10) % 2) * 100
  await expect(find(saw, { grid: grid(10_000, 10) })).rejects.toMatchObject({ code: 'LIMIT_EXCEEDED' })
})
