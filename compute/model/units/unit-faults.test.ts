import { describe, expect, it } from 'vitest'
import { FUNCTIONS } from '../formula/functions.ts'
import { readModelFile } from '../source/read-model-file.ts'
import { FUNCTION_UNITS } from './function-units.ts'
import { unitFaults } from './unit-faults.ts'

/** Variables with units that formulas below speak of, in a model whose time is in months. */
const GIVEN = `name: m
time: { stop: 12, unit: month }
entities: { household: , person: { of: household } }
variables:
  people: { constant: 5, unit: people }
  births: { constant: 5, unit: people/month }
  money: { constant: 5, unit: USD }
  millions: { constant: 5, unit: USD mn }
  yearly: { constant: 5, unit: USD/year }
  share: { constant: 0.5, unit: fraction }
  percentage: { constant: 5, unit: percent }
  delay time: { constant: 3, unit: months }
  years: { constant: 3, unit: year }
  area: { constant: 5, unit: m^2 }
  anything: 5
  t: { table: [[0, 1], [1, 2]], unit: USD }
  brackets: { schedule: [[0, 0.1]], unit: fraction }
  amounts: { schedule: [[0, 5]], unit: USD }
  wage: { column: true, entity: person, unit: USD }
`
const findings = (lines: string) => unitFaults(readModelFile(`${GIVEN}${lines}\n`).source)
const of = (formula: string, unit?: string) =>
  findings(`  x: { formula: ${JSON.stringify(formula)}${unit ? `, unit: ${unit}` : ''} }`)

describe('units fit', () => {
  it.each([
    ['people + people - people', 'person'],
    ['births * delay_time', 'people'],
    ['people / delay_time', 'people/month'],
    ['money / people', 'USD/person'],
    ['money * share', 'USD'],
    ['2 * people', 'people'],
    ['5', 'USD'],
    ['-5 * 3 + 2', 'USD'],
    ['max(0, money)', 'USD'],
    ['if people > 0 then money else 0', 'USD'],
    ['if people > 0 then 5 else 10', 'USD'],
    ['min(money, inf)', 'USD'],
    ['people > 0 and not money < 0', 'fraction'],
    ['anything + money', 'people'],
    ['anything * money + people', 'USD'],
    ['people + money * anything', undefined],
    ['area ^ 0.5', 'm'],
    ['sqrt(area)', 'm'],
    ['area ^ (1 / 2) * area ^ -1', '1/m'],
    ['pow(area, 2)', 'm^4'],
    ['share ^ anything', 'fraction'],
    ['2 ^ share', 'fraction'],
    ['exp(share) + ln(people / people)', 'fraction'],
    ['time > 2020', 'fraction'],
    ['time - starttime + dt', 'month'],
    ['time - 2020 > 5', 'fraction'],
    ['time / 10 - 10', 'month'],
    ['people / delay_time', 'people/time'],
    ['if time >= 5 then money else 0', 'USD'],
    ['people mod people', 'people'],
    ['money // people', 'USD/person'],
    ['safeDivide(money, people, 5)', 'USD/person'],
    ['clamp(money, 0, money)', 'USD'],
    ['roundTo(money, 100)', 'USD'],
    ['roundTo(money, 100, up)', 'USD'],
    ['sum(person, wage)', 'USD'],
    ['count(person, wage)', 'fraction'],
    ['product(money, people)', 'USD person'],
    ['lookup(t, people)', 'USD'],
    ['t(share)', 'USD'],
    ['marginal(brackets, money)', 'USD'],
    ['singleAmount(amounts, people)', 'USD'],
    ['step(money, 5)', 'USD'],
    ['step(money, delay_time)', 'USD'],
    ['pulse(people, 3, 1)', 'people/month'],
    ['ramp(births, 3)', 'people'],
    ['ramp(2, 3)', 'people'],
    ['window(3, 1)', 'fraction'],
    ['delay(people, delay_time)', 'people'],
    ['delayN(people, 3, 4, people)', 'people'],
    ['smooth1(money, 5, money)', 'USD'],
    ['trend(money, delay_time)', '1/month'],
    ['forecast(money, delay_time, delay_time)', 'USD'],
    ['sampleIf(time > 3, money, 0)', 'USD'],
    ['previous(self, 0)', 'USD'],
    ['initial(people)', 'people'],
    ['normal(money, money)', 'USD'],
    ['gamma(2, money)', 'USD'],
    ['beta(2, 3)', 'fraction'],
    ['sign(money) * pi', 'fraction'],
  ])('in %s (%s)', (formula, unit) => {
    expect(of(formula, unit)).toEqual([])
  })

  it('in stocks whose flows are per unit of time', () => {
    expect(
      findings(`  s: { stock: 100, inflows: [births], unit: people }
  r: { stock: people, flow: births - people / delay_time, unit: person }`),
    ).toEqual([])
  })

  it('in distributions', () => {
    expect(
      findings(`  a: { random: "normal(money, 5)", unit: USD }
  b: { random: "beta(2, 3)", unit: USD }
  c: { random: "logNormal(mu = ln(people / people), sigma = 1)", unit: USD }
  d: { random: "logNormal(money, 2)", unit: USD }`),
    ).toEqual([])
  })
})

describe('units do not fit', () => {
  const MENDING = 'mend the formula or a unit, or leave the variable unchecked'
  it.each([
    ['people + money', undefined, 'people is in person and money in usd; they do not go together', MENDING],
    ['money - people', undefined, 'money is in usd and people in person', MENDING],
    ['people < money', undefined, 'do not go together', MENDING],
    ['max(people, money)', undefined, 'do not go together', MENDING],
    ['if share then people else money', undefined, 'do not go together', MENDING],
    ['where(share, people, money)', undefined, 'do not go together', MENDING],
    ['money', 'people', 'money is in usd; x is in person', MENDING],
    ['money * people', 'USD', 'money * people is in usd person; x is in usd', MENDING],
    ['money + 5', 'USD', '5 is a bare number beside money, which is in usd', 'make 5 a constant with the unit usd'],
    ['if people > 10 then 1 else 2', undefined, '10 is a bare number beside people', 'unit person'],
    ['people + money * 0', undefined, 'do not go together', MENDING],
    [
      'money + millions',
      undefined,
      'do not go together',
      'multiply millions by 1000000, a constant with the unit 1/mn',
    ],
    [
      'percentage',
      'fraction',
      'percentage is in percent; x is in dimensionless',
      'divide percentage by 100, a constant with the unit percent',
    ],
    [
      'yearly',
      'USD/month',
      'yearly is in usd/year; x is in usd/month',
      'divide yearly by 12, a constant with the unit month/year',
    ],
    ['years + delay_time', undefined, 'do not go together', 'divide delay_time by 12'],
    [
      'area ^ anything',
      undefined,
      'area is in m^2; the unit of its power is only known where the exponent is a number',
      'reference value',
    ],
    ['area ^ people', undefined, 'people is in person; an exponent is in dimensionless', MENDING],
    ['exp(money)', undefined, 'money is in usd; an argument of exp is in dimensionless', MENDING],
    ['delay(people, money)', 'people', 'money is in usd; a time of this model is in month', MENDING],
    ['smooth1(people, years)', 'people', 'years is in year; a time of this model is in month', 'multiply years by 12'],
    ['delay1(people, 3, money)', 'people', 'do not go together', MENDING],
    ['pulse(people, 3)', 'people', 'pulse(people, 3) is in person/month', MENDING],
    ['sum(person, wage + people)', undefined, 'wage is in usd and people in person', MENDING],
    ['roundTo(money, people)', undefined, 'people is in person; what is rounded is in usd', MENDING],
    ['previous(self, people)', 'USD', 'do not go together', MENDING],
    ['anything + exp(money)', undefined, 'an argument of exp', MENDING],
  ])('in %s (%s)', (formula, unit, message, suggestion) => {
    const [finding, ...more] = of(formula, unit)
    expect(more).toEqual([])
    expect(finding).toMatchObject({ severity: 'WARNING', code: 'UNIT_MISMATCH', path: 'x' })
    expect(finding!.message).toContain(message)
    expect(finding!.suggestion).toContain(suggestion)
  })

  it('with the place in the file', () => {
    expect(of('people + money')[0]!.message).toMatch(/^line 20, column 27: /)
  })

  it('in stocks, where the flow is not in the unit of the stock per unit of time', () => {
    const found = findings(`  s: { stock: money, inflows: [births], outflows: [yearly], unit: people }
  r: { stock: 5, flow: yearly, unit: USD }`)
    expect(found.map(({ path, message }) => [path, message.replace(/^line.*?: /, '')])).toEqual([
      ['s', 'money is in usd; s is in person'],
      ['s', 'yearly is in usd/year; a flow of s is in person/month'],
      ['r', 'yearly is in usd/year; the flow of r is in usd/month'],
    ])
    expect(found[2]!.suggestion).toBe('divide yearly by 12, a constant with the unit month/year')
  })

  it('in elements, distributions, guesses, identities and macros', () => {
    const found = findings(`  e: { formula: { a: money, b: people }, unit: USD, dimensions: [d] }
  r: { random: "normal(people, 5)", unit: USD }
  c: { stock: 0, conveyor: { length: people, capacity: money }, unit: USD }
dimensions: { d: [a, b] }
solve: { block: { unknowns: [money], guess: { money: people } } }
identities: { balance: money = people }
macros: { f: { parameters: [x], variables: { k: { constant: 1, unit: USD }, l: { constant: 1, unit: person } }, result: x * (k + l) } }`)
    expect(found.map(({ path }) => path)).toEqual(['e', 'r', 'c', 'f', 'money', 'balance'])
  })

  it('but where the variable is unchecked', () => {
    expect(findings('  x: { formula: people + money, unchecked: true, unit: "?!" }')).toEqual([])
  })

  it('nor is what a graphical function is applied to held against the unit of its values', () => {
    expect(findings('  x: { formula: people, graph: [[0, 1], [1, 2]], unit: USD }')).toEqual([])
  })
})

describe('a variable with bare numbers', () => {
  const { source } = readModelFile(
    `${GIVEN}  x: { formula: "min(money, 5) + where(money > 3, 2, share)", unit: USD }\n`,
  )
  const bare = { ...source, variables: source.variables.map((v) => (v.name === 'x' ? { ...v, bareNumbers: true } : v)) }

  it('has them in the unit that they stand beside, and other units are faults still', () => {
    expect(unitFaults(source).map(({ message }) => message)).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/5 is a bare number/),
        expect.stringMatching(/3 is a bare number/),
      ]),
    )
    expect(unitFaults(bare)).toEqual([
      expect.objectContaining({ path: 'x', message: expect.stringMatching(/where.* in fraction|in usd/i) }),
    ])
  })
})

describe('the unit of time', () => {
  const file = (unit: string) => `name: m
time: { stop: 1, unit: ${unit} }
variables: { a: { constant: 1, unit: people }, b: { constant: 1, unit: day }, c: { formula: a / b, unit: people/time } }`

  it('is what the word time stands for', () => {
    expect(unitFaults(readModelFile(file('days')).source)).toEqual([])
    expect(unitFaults(readModelFile(file('month')).source)).toEqual([expect.objectContaining({ path: 'c' })])
  })

  it('is unknown where a file calls it time, and so is every unit with it', () => {
    expect(unitFaults(readModelFile(file('Time')).source)).toEqual([])
  })
})

describe('a text that is no unit', () => {
  it('is a warning in our own files and a note in those of others', () => {
    const { source } = readModelFile(
      'name: m\nvariables: { x: { constant: 1, unit: "a??b" }, y: { formula: x + 1, unit: USD } }',
    )
    expect(unitFaults(source)).toEqual([
      expect.objectContaining({ severity: 'WARNING', code: 'UNIT_UNREADABLE', path: 'x' }),
    ])
    expect(unitFaults({ ...source, unitFaults: 'finding' })).toEqual([
      expect.objectContaining({ severity: 'INFO', path: 'x' }),
    ])
  })
})

it('every function of the language has a rule for its units', () => {
  expect(FUNCTIONS.map(({ name }) => name).filter((name) => !FUNCTION_UNITS.has(name))).toEqual([])
})
