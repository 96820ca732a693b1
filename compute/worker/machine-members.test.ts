// Member entities on the machine: households, the tax units in them, and the persons in these.
import { describe, expect, it } from 'vitest'
import { firstDifference, newMachine, runBoth } from '../../test/support/kernels.ts'
import { column, constant, op, type PlanParts, planOf, STAGES, stock } from '../../test/support/plans.ts'
import { uniform } from '../model/math/philox.ts'
import type { Plan } from '../model/plan.ts'

const machine = newMachine()

const levels = [
  { name: 'household', of: null, count: null },
  { name: 'taxUnit', of: 0, count: 'units' },
  { name: 'person', of: 1, count: 'persons' },
]
/** Of units in households, persons in units, persons in households. */
const relations = [
  { member: 1, group: 0 },
  { member: 2, group: 1 },
  { member: 2, group: 0 },
]
const [UNITS, PERSONS, ALL] = [0, 1, 2]

const world = (parts: PlanParts): Plan => planOf({ levels, relations, columns: [column('income', 0, 2)], ...parts })

/** Two households; the second has a unit without persons: incomes 1, 2 | 4 and nobody, 8 | 16, 32. */
const small = {
  units: Float64Array.of(2, 3),
  persons: Float64Array.of(2, 1, 0, 1, 2),
  income: Float64Array.of(1, 2, 4, 8, 16, 32),
}
const two = { from: 0, to: 2 }

describe('members', () => {
  it('are joined to groups and to groups of groups, in their order', async () => {
    const plan = world({
      operations: {
        draw: [op('sumMembers', 1, 0, PERSONS), op('maxMembers', 2, 1, UNITS), op('sumMembers', 3, 0, ALL)],
      },
      outputs: [2, 3],
    })
    const { values } = await runBoth(machine, { plan }, two, small)
    expect([...values]).toEqual([4, 48, 7, 56])
  })

  it.each([
    ['sumMembers', [7, 56]],
    ['minMembers', [1, 8]],
    ['maxMembers', [4, 32]],
    ['countMembers', [3, 3]],
  ] as const)('%s gathers the persons of a household', async (name, expected) => {
    const plan = world({ operations: { draw: [op(name, 1, 0, ALL)] }, outputs: [1] })
    const { values } = await runBoth(machine, { plan }, two, small)
    expect([...values]).toEqual(expected)
  })

  it.each(['sumMembers', 'minMembers', 'maxMembers', 'countMembers'] as const)(
    '%s of a group without members is 0',
    async (name) => {
      const plan = world({ operations: { draw: [op(name, 1, 0, ALL)] }, outputs: [1] })
      const empty = { units: Float64Array.of(0, 1, 1), persons: Float64Array.of(0, 1), income: Float64Array.of(5) }
      const { values, status } = await runBoth(machine, { plan }, { from: 0, to: 3 }, empty)
      expect([...values]).toEqual([0, 0, name === 'countMembers' ? 1 : 5])
      expect(status.kind).toBe('DONE')
    },
  )

  it('may be missing everywhere', async () => {
    const plan = world({
      operations: { draw: [op('neg', 4, 0), op('sumMembers', 1, 4, ALL), op('project', 5, 1, ALL)] },
      outputs: [1],
    })
    const nobody = { units: new Float64Array(200), persons: new Float64Array(0), income: new Float64Array(0) }
    const { values } = await runBoth(machine, { plan }, { from: 0, to: 200 }, nobody)
    expect(values.every((value) => value === 0)).toBe(true)
  })

  it('are counted where their value is not 0, NaN among them', async () => {
    const plan = world({
      operations: { draw: [op('log', 1, 0), op('countMembers', 2, 1, ALL)] },
      outputs: [2],
    })
    const { values } = await runBoth(machine, { plan }, two, { ...small, income: Float64Array.of(1, -2, 4, 1, 1, 1) })
    expect([...values]).toEqual([2, 0])
  })

  it('have the value of their group, and go through all operations over as many blocks as they need', async () => {
    // Person's share of the household's income, by an operation of five operands, added up again.
    const plan = world({
      constants: [constant(10, 0.5), constant(11, 3)],
      operations: {
        draw: [
          ...[op('sumMembers', 1, 0, ALL), op('project', 2, 1, ALL), op('div', 3, 0, 2), op('exp', 4, 3)],
          ...[op('addSigmoid', 5, 4, 3, 10, 2, 11), op('sumMembers', 6, 5, ALL), op('sumMembers', 7, 3, PERSONS)],
          ...[op('project', 8, 7, PERSONS), op('sumMembers', 9, 8, ALL)],
        ],
      },
      outputs: [6, 9],
    })
    await runBoth(machine, { plan }, { from: 0, to: 300 }, crowd(300, 7))
  })

  it('have values that are the same for all, gathered and handed down as such', async () => {
    const plan = world({
      constants: [constant(10, 2)],
      operations: {
        draw: [op('sumMembers', 1, 10, ALL), op('project', 2, 10, UNITS), op('sumMembers', 3, 2, UNITS)],
      },
      outputs: [1, 3],
    })
    const { values } = await runBoth(machine, { plan }, two, small)
    expect([...values]).toEqual([6, 6, 4, 6])
  })

  it('draw random numbers by their absolute row, whatever the range', async () => {
    const plan = world({
      uniforms: [{ name: 'u', slot: 1, level: 2, everyStep: true, stream: 5 }],
      operations: { step: [op('sumMembers', 2, 1, ALL)] },
      time: { steps: 1 },
      outputs: [2],
    })
    const data = { units: Float64Array.of(1), persons: Float64Array.of(2), income: new Float64Array(2) }
    const options = { firstRows: [40, 50, 60] }
    const { values } = await runBoth(machine, { plan }, { from: 40, to: 41 }, data, '3', options)
    const expected = [0, 1].map((step) => uniform(60, 5, [3, 0], step) + uniform(61, 5, [3, 0], step))
    expect([...values]).toEqual(expected)
    const unknown = machine.run({ plan, inputs: {}, series: {} }, data, { from: 40, to: 41 }, '3')
    await expect(unknown).rejects.toMatchObject({ code: 'BAD_INPUT', detail: { path: 'firstRows' } })
  })

  it.each(['euler', 'rk4'] as const)('have stocks and registers of their own, by %s', async (method) => {
    const plan = world({
      constants: [constant(10, 0.5), constant(11, 0)],
      operations: {
        stage: [op('mul', 2, 1, 10), op('sumMembers', 3, 1, ALL), op('sumMembers', 5, 4, ALL)],
      },
      stocks: [stock(1, 0, 2)],
      registers: [{ slot: 4, initial: 11, next: 1 }],
      time: { stages: STAGES[method], steps: 3 },
      outputs: [3, 5],
    })
    const { values } = await runBoth(machine, { plan }, two, small)
    expect([...values.subarray(0, 2)]).toEqual([7, 56])
    // What the registers hold is what the stocks were a step before.
    expect([...values.subarray(10, 12)]).toEqual([...values.subarray(2, 4)].map((_, i) => values[i]))
    await runBoth(machine, { plan }, { from: 0, to: 200 }, crowd(200, 3))
  })

  it('of any range are those of the whole', async () => {
    const plan = world({
      uniforms: [{ name: 'u', slot: 1, level: 2, everyStep: false, stream: 5 }],
      operations: { draw: [op('mul', 2, 0, 1), op('sumMembers', 3, 2, PERSONS), op('maxMembers', 4, 3, UNITS)] },
      outputs: [4],
    })
    const data = crowd(200, 5)
    const whole = await runBoth(machine, { plan }, { from: 0, to: 200 }, data)
    for (const cut of [1, 63, 64, 130]) {
      const units = data.units.slice(0, cut).reduce((a, b) => a + b, 0)
      const persons = data.persons.slice(0, units).reduce((a, b) => a + b, 0)
      const rest = {
        units: data.units.slice(cut),
        persons: data.persons.slice(units),
        income: data.income.slice(persons),
      }
      const options = { firstRows: [cut, units, persons] }
      const part = await runBoth(machine, { plan }, { from: cut, to: 200 }, rest, '1', options)
      expect(firstDifference(part.values, whole.values.subarray(cut))).toBe(-1)
    }
  })

  it('of batches too large for one go equal the interpreter', async () => {
    const many = Array.from({ length: 40 }, (_, i) => column(`c${i}`, 20 + i, 2))
    const plan = world({
      columns: [column('income', 0, 2), ...many],
      operations: { draw: [op('add', 1, 0, 59), op('sumMembers', 2, 1, ALL)] },
      outputs: [2],
    })
    const data = crowd(50_000, 2)
    const { length } = data.income
    const columns = Object.fromEntries(many.map(({ name }, i) => [name, new Float64Array(length).fill(i)]))
    expect(length * 41 * 8).toBeGreaterThan(16 * 2 ** 20)
    await runBoth(machine, { plan }, { from: 0, to: 50_000 }, { ...data, ...columns })
  })
})

/** Households of up to three units of up to `most` persons. */
function crowd(lanes: number, most: number) {
  const units = Float64Array.from({ length: lanes }, (_, i) => (i * 7) % 4)
  const persons = Float64Array.from({ length: units.reduce((a, b) => a + b, 0) }, (_, i) => (i * 5) % (most + 1))
  const income = Float64Array.from({ length: persons.reduce((a, b) => a + b, 0) }, (_, i) => ((i * 37) % 101) - 20)
  return { units, persons, income }
}

describe('a column that counts members', () => {
  const plan = world({ operations: { draw: [op('sumMembers', 1, 0, ALL)] }, outputs: [1] })

  it.each([
    ['is missing', { ...small, units: undefined }, 'units', 'the column units is not given'],
    ['has a value too few', { ...small, persons: Float64Array.of(2, 1, 0, 3) }, 'persons', 'has 4 values for 5 rows'],
    ['counts half a member', { ...small, units: Float64Array.of(2, 2.5) }, 'units', 'is 2.5 in row 1'],
    ['counts less than none', { ...small, units: Float64Array.of(-1, 6) }, 'units', 'is -1 in row 0'],
    ['counts NaN', { ...small, units: Float64Array.of(5, Number.NaN) }, 'units', 'is NaN in row 1'],
    [
      'counts more than there are',
      { ...small, persons: Float64Array.of(2, 1, 0, 1, 3) },
      'income',
      'has 6 values for 7 rows of person',
    ],
  ])('and %s is BAD_INPUT', async (_, given, path, message) => {
    const run = machine.run({ plan, inputs: {}, series: {} }, given as never, two, '1')
    await expect(run).rejects.toMatchObject({
      code: 'BAD_INPUT',
      message: expect.stringContaining(message),
      detail: { path },
    })
  })
})
