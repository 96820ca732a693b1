// A population for tests of sums, ranks and distributions: tax units in households, their tax under a law and a reform of it.
import type { Submission } from '../../compute/dispatch/port.ts'
import { bracket, call } from '../../compute/model/build.ts'
import { lower } from '../../compute/model/lowering/lower.ts'
import type { Model, Variable } from '../../compute/model/model.ts'
import type { PopulationSpec } from '../../schema/jobs.ts'
import { numbers } from './random-numbers.ts'

const column = (name: string, unit: string): Variable => ({ kind: 'column', name, unit })
const rule = (name: string, unit: string, equation: ReturnType<typeof call>): Variable => ({
  kind: 'auxiliary',
  name,
  unit,
  equation,
})

/** Income less tax by brackets above a deduction, and the same with the reform's deduction. */
export const TAX_POPULATION: Model = {
  name: 'tax population',
  tables: { schedule: { xs: [0, 10_000, 40_000], ys: [0.1, 0.2, 0.4] } },
  variables: [
    ...[column('income', 'USD'), column('weight', '1'), column('persons', 'person')],
    ...[column('state', '1'), column('household', '1')],
    { kind: 'input', name: 'deduction', unit: 'USD', default: 5000 },
    { kind: 'input', name: 'reformed deduction', unit: 'USD', default: 8000 },
    ...(['', 'reformed '] as const).flatMap((side) => [
      rule(`${side}tax`, 'USD', bracket('schedule', call('max', 0, call('sub', 'income', `${side}deduction`)))),
      rule(`${side}net`, 'USD', call('sub', 'income', `${side}tax`)),
    ]),
    rule('change', 'USD', call('sub', 'reformed net', 'net')),
    rule('wins', 'fraction', call('lt', 0.005, 'change')),
    rule('people', 'person', call('mul', 'weight', 'persons')),
  ],
  outputs: [
    ...['weight', 'state', 'household', 'tax', 'reformed tax', 'net', 'reformed net', 'change', 'wins', 'people'],
  ],
}

export const TAX_SPEC: PopulationSpec = {
  kind: 'POPULATION',
  weight: 'weight',
  sums: ['tax', 'reformed tax', 'change', 'wins'],
  groups: ['state'],
  ranks: { by: 'net', weight: 'people', count: 10 },
  ranked: ['tax', 'change', 'wins'],
  distributions: [
    { income: 'net', weight: 'people' },
    { income: 'reformed net', weight: 'people' },
  ],
  poverty: [
    { income: 'net', weight: 'people', line: { share: 0.6, of: 'net', weight: 'people' } },
    { income: 'reformed net', weight: 'people', line: { share: 0.6, of: 'net', weight: 'people' } },
  ],
  link: null,
}

/** Units with ties, zeros, some losses and some that weigh nothing; households of one to three units. */
export function taxUnits(lanes: number, seed = lanes): Record<string, Float64Array> {
  const next = numbers(seed)
  const filled = (value: (lane: number) => number) => Float64Array.from({ length: lanes }, (_, lane) => value(lane))
  let household = 0
  return {
    income: filled(() => {
      const u = next()
      if (u < 0.1) return 0
      if (u < 0.15) return Math.round(-5000 * next())
      if (u < 0.3) return 20_000
      return Math.round(3_000_000 * next() ** 4) / 100 + 12_000
    }),
    weight: filled(() => (next() < 0.05 ? 0 : Math.round(2000 * next()) / 8)),
    persons: filled(() => 1 + Math.floor(4 * next())),
    state: filled(() => Math.floor(next() * 56)),
    household: filled((lane) => {
      if (lane > 0 && next() < 0.6) household += 1 + Math.floor(2 * next())
      return household
    }),
  }
}

/** The question of so many units; more members replace those. */
export function taxPopulation(
  lanes: number,
  more: Partial<Submission> & { readonly spec?: Partial<PopulationSpec> } = {},
): Submission & { readonly result: PopulationSpec; readonly columns: Record<string, Float64Array> } {
  const { spec, ...rest } = more
  return {
    tenant: 'local',
    kind: 'POPULATION',
    subject: { type: 'RuleSet', id: 'test' },
    plan: lower(TAX_POPULATION),
    lanes,
    class: 'p0',
    ...rest,
    columns: { ...taxUnits(lanes), ...(rest.columns as Record<string, Float64Array>) },
    result: { ...TAX_SPEC, ...spec },
  }
}
