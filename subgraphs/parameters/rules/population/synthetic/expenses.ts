// What a synthetic unit pays and may deduct. Shares and amounts are round assumptions of ours, in USD of 2026.

import type { SyntheticColumns } from './columns.ts'
import { byAge, clamp, lognormal } from './curves.ts'
import type { Draws } from './draws.ts'
import { JOINT, type People } from './people.ts'
import { UNIT } from './streams.ts'

const OWNERS = byAge([20, 0.05], [30, 0.36], [40, 0.55], [60, 0.7], [75, 0.74], [95, 0.6])
/** Property tax and interest by the year, of the price of the home and of what is owed. */
const PROPERTY_TAX = 0.011
const MORTGAGE_RATE = 0.05
/** Income tax of states on what is above the first incomes; where there is none, the sales tax that is deducted in its place. */
const STATE_TAX = 0.045
const STATE_TAX_FROM = 18_000
const SALES_TAX = 0.012

/**
 * Writes expenses of a lane whose incomes stand.
 * @param income all of them, losses left out
 * @param taxed whether the state taxes incomes
 */
export function writeExpenses(
  columns: SyntheticColumns,
  lane: number,
  people: People,
  income: number,
  taxed: boolean,
  draws: Draws,
): void {
  if (people.isDependent) return
  const { age } = people
  columns['state and local income taxes'][lane] = Math.round(
    taxed ? STATE_TAX * Math.max(0, income - STATE_TAX_FROM) : SALES_TAX * income,
  )
  const refund = draws.uniform(UNIT.refund)
  if (taxed && income > 40_000 && refund < 0.1) columns['state tax refunds'][lane] = Math.round(200 + 10_000 * refund)
  writeHome(columns, lane, age, income, draws)
  if (draws.happens(UNIT.medical, age < 65 ? 0.2 : 0.5))
    columns['medical expenses'][lane] = lognormal(age < 65 ? 2_200 : 4_800, 1, draws.normal(UNIT.medicalSize))
  writeGifts(columns, lane, income, draws)
  writeCare(columns, lane, people, draws)
  writeAdjustments(columns, lane, people, income, draws)
}

function writeHome(columns: SyntheticColumns, lane: number, age: number, income: number, draws: Draws): void {
  const owns = clamp(OWNERS[age]! + (income > 100_000 ? 0.15 : income < 25_000 ? -0.2 : 0), 0.02, 0.95)
  if (!draws.happens(UNIT.owner, owns)) return
  const home = Math.min(20e6, lognormal(clamp(120_000 + 2 * income, 150_000, 5e6), 0.45, draws.normal(UNIT.home)))
  columns['real estate taxes'][lane] = Math.round(PROPERTY_TAX * home)
  const owes = age < 60 ? 0.72 : age < 70 ? 0.4 : 0.18
  const u = draws.uniform(UNIT.mortgage)
  if (u >= owes) return
  // Interest counts on debt up to a limit of the law, 750,000; what is beyond is not deductible interest.
  columns['mortgage interest'][lane] = Math.round(MORTGAGE_RATE * Math.min(750_000, home * (0.2 + (0.6 * u) / owes)))
}

function writeGifts(columns: SyntheticColumns, lane: number, income: number, draws: Draws): void {
  const share = draws.uniform(UNIT.charityShare)
  if (draws.happens(UNIT.charity, income < 30_000 ? 0.2 : income < 150_000 ? 0.45 : 0.75))
    columns['cash charity'][lane] = Math.round(income * 0.06 * share * share)
  const goods = draws.uniform(UNIT.goods)
  if (goods < 0.2) columns['noncash charity'][lane] = Math.round(Math.min(0.2 * income, 100 + 4_000 * goods))
}

/** Care of children under 13 where all adults of the unit earn. */
function writeCare(columns: SyntheticColumns, lane: number, { status }: People, draws: Draws): void {
  const children = columns['children under 13'][lane]!
  const earns = (adult: 'head' | 'spouse') =>
    columns[`wages[${adult}]`][lane]! + columns[`self employment income[${adult}]`][lane]! > 0
  if (children === 0 || !earns('head') || (status === JOINT && !earns('spouse')) || !draws.happens(UNIT.care, 0.38))
    return
  columns['care children'][lane] = children
  columns['care expenses'][lane] = lognormal(4_200 * Math.min(children, 2), 0.7, draws.normal(UNIT.careSize))
}

function writeAdjustments(
  columns: SyntheticColumns,
  lane: number,
  { age }: People,
  income: number,
  draws: Draws,
): void {
  const size = draws.uniform(UNIT.planSize)
  if (age >= 22 && age < 48 && draws.happens(UNIT.loan, 0.2))
    columns['student loan interest'][lane] = Math.round(2_500 * size)
  const plan = draws.uniform(UNIT.plan)
  const profit = columns['self employment income[head]'][lane]!
  if (profit > 20_000 && plan < 0.3) columns['self employed health insurance'][lane] = Math.round(3_000 + 9_000 * size)
  if (profit > 60_000 && plan > 0.85)
    columns['self employed retirement'][lane] = Math.round(Math.min(60_000, 0.2 * profit * size))
  if (income > 50_000 && plan > 0.3 && plan < 0.36)
    columns['health savings account deduction'][lane] = Math.round(4_000 * size)
  if (income > 30_000 && age < 70 && plan > 0.4 && plan < 0.42)
    columns['ira deduction'][lane] = Math.round(7_000 * size)
}
