import { describe, expect, it } from 'vitest'
import { isQuesnayError, type QuesnayError } from '../../../schema/errors.ts'
import { canonicalName, type Formula } from '../formula/ast.ts'
import { printFormula } from '../formula/print-formula.ts'
import { type Changes, changeModel } from './change-model.ts'
import { readModelFile } from './read-model-file.ts'
import type { Equation } from './source.ts'

const { source } = readModelFile(`name: m
time: { start: 0, stop: 10, dt: 1, unit: year }
dimensions: { region: [North, Far South], age: [young, old] }
variables:
  plain: { formula: a + b, unit: USD, doc: what it is }
  graphed: { formula: time, graph: [[0, 1], [1, 2]] }
  level: { stock: plain, inflows: [In Flow], unit: person }
  in flow: { formula: 3, nonNegative: true }
  given: { input: 5 }
  driven: { series: 1 }
  wage: { column: true }
  drawn: { random: "uniform(0, 1)" }
  table: { table: [[0, 1], [1, 2]] }
  brackets: { schedule: [[0, 0.1]] }
  array: { formula: plain * region, dimensions: [region] }
  matrix: { formula: { "north,young": 1, "north,old": 2, "far_south,young": 3, "far_south,old": 4 }, dimensions: [region, age] }
  stocks: { stock: 1, flow: 2, dimensions: [region] }
  graphs: { formula: time, graph: [[0, 1]], dimensions: [region] }
outputs: [plain]
`)

const change = (changes: Changes) => {
  const before = JSON.stringify(source)
  const changed = changeModel(source, changes)
  expect(JSON.stringify(source), 'the source is left as it was').toBe(before)
  return changed
}
const variable = (changes: Changes, name: string) => {
  const found = change(changes).variables.find((one) => canonicalName(one.name) === canonicalName(name))
  if (!found) throw new Error(`no ${name}`)
  return found as typeof found & Record<string, unknown>
}
const written = (equation: unknown) => {
  const known = equation as Equation
  if (known.kind === 'formula') return printFormula(known.formula)
  return Object.fromEntries(Object.entries(known.formulas).map(([key, formula]) => [key, printFormula(formula)]))
}
const refused = (changes: Changes): QuesnayError => {
  try {
    changeModel(source, changes)
  } catch (error) {
    if (isQuesnayError(error)) return error
    throw error
  }
  throw new Error('nothing was thrown')
}

describe('set', () => {
  it('replaces an equation, and keeps unit and description', () => {
    const plain = variable({ set: { PLAIN: -2.5 } }, 'plain')
    expect(plain).toMatchObject({ kind: 'auxiliary', unit: 'USD', doc: 'what it is' })
    expect(written(plain['equation'])).toBe('-2.5')
  })

  it('replaces what a graphical function gives, not what it is applied to', () => {
    const graphed = variable({ set: { graphed: 7 } }, 'graphed')
    expect(graphed).not.toHaveProperty('graph')
    expect(written(graphed['equation'])).toBe('7')
  })

  it('replaces the initial value of a stock', () => {
    const level = variable({ set: { level: 7 } }, 'level')
    expect(level).toMatchObject({ kind: 'stock', inflows: ['In Flow'] })
    expect(written(level['initial'])).toBe('7')
  })

  it('replaces the equation of a flow, which stays one', () => {
    const flow = variable({ set: { in_flow: 7 } }, 'in flow')
    expect(flow).toMatchObject({ kind: 'flow', nonNegative: true })
    expect(written(flow['equation'])).toBe('7')
  })

  it('replaces the default of inputs and series', () => {
    expect(variable({ set: { given: 0 } }, 'given')).toMatchObject({ kind: 'input', default: 0 })
    expect(variable({ set: { driven: 2 } }, 'driven')).toMatchObject({ kind: 'series', default: 2 })
  })

  it('replaces columns and random parameters by a constant', () => {
    for (const name of ['wage', 'drawn']) {
      const constant = variable({ set: { [name]: 2 } }, name)
      expect(constant.kind).toBe('auxiliary')
      expect(written(constant['equation'])).toBe('2')
    }
  })

  it('replaces a whole array, or one element of it', () => {
    expect(written(variable({ set: { array: 2 } }, 'array')['equation'])).toBe('2')
    expect(written(variable({ set: { 'array[far south]': 2 } }, 'array')['equation'])).toEqual({
      north: 'plain * region',
      far_south: '2',
    })
    expect(written(variable({ set: { 'Matrix [ NORTH , old ]': 9 } }, 'matrix')['equation'])).toEqual({
      'north,young': '1',
      'north,old': '9',
      'far_south,young': '3',
      'far_south,old': '4',
    })
    expect(written(variable({ set: { 'stocks[north]': 9 } }, 'stocks')['initial'])).toEqual({
      north: '9',
      far_south: '1',
    })
  })

  it('makes several changes, in order', () => {
    const { variables } = change({ set: { 'array[north]': 1, 'array[far_south]': 2 } })
    expect(written(variables.find(({ name }) => name === 'array')!['equation' as never])).toEqual({
      north: '1',
      far_south: '2',
    })
  })

  it.each([
    [{ plan: 1 }, 'set.plan', 'the model has no variable "plan"', 'did you mean "plain"?'],
    [{ plain: Number.NaN }, 'set.plain', 'no finite number', 'give a number'],
    [{ 'plain[north]': 1 }, 'set.plain[north]', 'has 0 dimensions, not 1', 'no elements'],
    [{ 'array[nort]': 1 }, 'set.array[nort]', 'region has no element "nort"', 'did you mean "north"?'],
    [{ 'matrix[north]': 1 }, 'set.matrix[north]', 'has 2 dimensions, not 1', 'region, age'],
    [{ table: 1 }, 'set.table', '"table" is a table, not a number', 'a variable that uses it'],
    [{ brackets: 1 }, 'set.brackets', '"brackets" is a schedule', 'a variable that uses it'],
    [{ 'graphs[north]': 1 }, 'set.graphs[north]', 'graphical function', 'as a whole'],
  ])('refuses %j', (set, path, message, suggestion) => {
    const error = refused({ set })
    expect(error.code).toBe('BAD_INPUT')
    expect(error.message).toContain(message)
    expect(error.detail).toMatchObject({ path, suggestion: expect.stringContaining(suggestion) })
  })
})

describe('vary', () => {
  const parameters = (distribution: unknown) =>
    Object.entries((distribution as { parameters: Record<string, Formula> }).parameters).map(([k, v]) => [
      k,
      printFormula(v),
    ])

  it('makes a variable random, with its unit', () => {
    const plain = variable({ vary: { plain: 'normal(0.3, sd = 0.05)' } }, 'plain')
    expect(plain).toMatchObject({ kind: 'random', name: 'plain', unit: 'USD', distribution: { kind: 'normal' } })
    expect(parameters(plain['distribution'])).toEqual([
      ['mean', '0.3'],
      ['sd', '0.05'],
    ])
    expect(variable({ vary: { given: 'empirical(1, 2)' } }, 'given')).toMatchObject({
      kind: 'random',
      distribution: { values: [1, 2] },
    })
    expect(variable({ vary: { drawn: 'beta(2, 5)' } }, 'drawn')).toMatchObject({ distribution: { kind: 'beta' } })
  })

  it('draws the initial value of a stock and the value of a flow in variables of their own', () => {
    const changes = { vary: { level: 'uniform(1, 2)', 'in flow': 'uniform(3, 4)' } }
    expect(variable(changes, 'level initial')).toMatchObject({
      kind: 'random',
      unit: 'person',
      distribution: { kind: 'uniform' },
    })
    expect(written(variable(changes, 'level')['initial'])).toBe('level_initial')
    expect(variable(changes, 'in flow varied').kind).toBe('random')
    expect(variable(changes, 'in flow')).toMatchObject({ kind: 'flow', nonNegative: true })
    expect(written(variable(changes, 'in flow')['equation'])).toBe('in_flow_varied')
  })

  it('draws one element of an array, or each of them', () => {
    const one = { vary: { 'array[Far South]': 'uniform(1, 2)' } }
    expect(variable(one, 'array of far_south')).toMatchObject({ kind: 'random' })
    expect(written(variable(one, 'array')['equation'])).toEqual({
      north: 'plain * region',
      far_south: 'array_of_far_south',
    })
    expect(variable({ vary: { array: 'uniform(1, 2)' } }, 'array')).toMatchObject({
      kind: 'random',
      dimensions: ['region'],
    })
    const stocks = { vary: { stocks: 'uniform(1, 2)' } }
    expect(variable(stocks, 'stocks initial')).toMatchObject({ kind: 'random', dimensions: ['region'] })
    expect(written(variable(stocks, 'stocks')['initial'])).toBe('stocks_initial[region]')
  })

  it.each([
    [{ plan: 'uniform(0, 1)' }, 'vary.plan', 'the model has no variable "plan"', 'did you mean "plain"?'],
    [{ plain: 'nromal(0, 1)' }, 'vary.plain', 'there is no distribution nromal', 'did you mean "normal(mean, sd'],
    [{ plain: '5' }, 'vary.plain', 'expected a distribution', 'normal(mean, sd, min?, max?), truncatedNormal'],
    [{ plain: 'normal(0' }, 'vary.plain', "expected an operator, ',' or ')' after '0', found the end", "close the '('"],
    [{ plain: '' }, 'vary.plain', 'found the end', 'write one of normal'],
    [{ plain: 'poisson()' }, 'vary.plain', 'poisson lacks mean', 'poisson(mean)'],
    [{ table: 'uniform(0, 1)' }, 'vary.table', '"table" is a table', 'a variable that uses it'],
  ])('refuses %j', (vary, path, message, suggestion) => {
    const error = refused({ vary })
    expect(error.code).toBe('BAD_INPUT')
    expect(error.message).toContain(message)
    expect(error.detail).toMatchObject({ path, suggestion: expect.stringContaining(suggestion) })
  })
})

describe('the clock and the outputs', () => {
  it('are replaced by those given, the others stay', () => {
    const { time, outputs } = change({
      method: 'rk4',
      dt: 0.25,
      stop: 20,
      start: 5,
      saveEvery: 1,
      outputs: ['Level', 'array[north]'],
    })
    expect(time).toEqual({ method: 'rk4', dt: 0.25, start: 5, stop: 20, saveEvery: 1, unit: 'year' })
    expect(outputs).toEqual(['Level', 'array[north]'])
    expect(change({ dt: 0.5 })).toMatchObject({ time: { method: 'euler', dt: 0.5, stop: 10 }, outputs: ['plain'] })
  })

  it('are left alone by no changes', () => {
    expect(change({})).toEqual(source)
  })

  it.each([
    [{ dt: 0 }, 'dt'],
    [{ dt: Number.NaN }, 'dt'],
    [{ stop: -1 }, 'stop'],
    [{ start: 11 }, 'start'],
    [{ saveEvery: -1 }, 'saveEvery'],
    [{ stop: Number.POSITIVE_INFINITY }, 'stop'],
    [{ outputs: ['levle'] }, 'outputs.levle'],
  ])('refuse %j', (changes, path) => {
    expect(refused(changes)).toMatchObject({ code: 'BAD_INPUT', detail: { path } })
  })

  it('are not asked of a model without time', () => {
    const { time: _, ...timeless } = source
    expect(() => changeModel(timeless, { dt: 1 })).toThrow('the model has no time')
    expect(changeModel(timeless, { set: { given: 1 } })).not.toHaveProperty('time')
  })
})
