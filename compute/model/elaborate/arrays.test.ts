import { describe, expect, it } from 'vitest'
import { isQuesnayError, type QuesnayError } from '../../../schema/errors.ts'
import { runSource } from '../../../test/support/run-source.ts'
import { aux, flow, source, stock, type Text } from '../../../test/support/source.ts'
import type { SourceDimension, SourceModel, SourceVariable } from '../source/source.ts'
import { elaborate } from './elaborate.ts'
import type { SourceFault } from './faults.ts'

const REGION: SourceDimension = { name: 'Region', elements: ['North', 'Far South', 'West'] }
const GOOD: SourceDimension = { name: 'Good', elements: ['bread', 'wine'] }
const IN = { dimensions: ['Region'] }
const BOTH = { dimensions: ['Region', 'Good'] }

const model = (variables: readonly SourceVariable[], dimensions = [REGION, GOOD]): SourceModel =>
  source(variables, { dimensions, time: null })

/** The first value of each output. */
const values = (of: SourceModel): Record<string, number> =>
  Object.fromEntries(Object.entries(runSource(of)).map(([name, [value]]) => [name, value!]))

/** x over regions: 1, 2, 4; y over regions and goods: 1 to 6. */
const x = aux('x', { north: '1', far_south: '2', west: '4' }, IN)
const y = aux('y', 'good + 2 * (region - 1)', BOTH)
const answer = (text: string, more = {}) => values(model([x, y, aux('a', text, more)]))

function faults(of: SourceModel): SourceFault[] {
  try {
    elaborate(of)
  } catch (error) {
    if (isQuesnayError(error)) return (error as QuesnayError & { detail: { faults: SourceFault[] } }).detail.faults
    throw error
  }
  return []
}

describe('elements', () => {
  it('names them as their author wrote them, row-major', () => {
    const { outputs } = elaborate(model([y])).model
    expect(outputs).toEqual([
      'y[North,bread]',
      'y[North,wine]',
      'y[Far South,bread]',
      'y[Far South,wine]',
      'y[West,bread]',
      'y[West,wine]',
    ])
    expect(Object.values(values(model([y])))).toEqual([1, 2, 3, 4, 5, 6])
  })

  it.each([
    ['x[West]', 4],
    ['x[2]', 2],
    ['y[Far_South, wine]', 4],
    ['y[3, 1]', 5],
    ['region.west', 3],
  ])('finds %s', (text, expected) => {
    expect(answer(text)['a']).toBe(expected)
  })

  it('takes the element that the variable stands at, named or not, in whatever order of dimensions', () => {
    const at = { dimensions: ['Good', 'Region'] }
    for (const text of ['y', 'y[Region, Good]'])
      expect(answer(text, at)).toMatchObject({ 'a[wine,Far South]': 4, 'a[bread,West]': 5 })
  })

  it('takes its own element as self', () => {
    expect(answer('x[self] * 10', IN)).toMatchObject({ 'a[Far South]': 20, 'a[West]': 40 })
  })

  it('takes a place that is computed, and 0 where there is none', () => {
    expect(answer('x[region - 1]', IN)).toMatchObject({ 'a[North]': 0, 'a[Far South]': 1, 'a[West]': 2 })
    const chosen = model([x, aux('which', '3'), aux('a', 'x[which] + 10 * x[4 - 2]')])
    expect(values(chosen)['a']).toBe(24)
  })

  it('takes an element of an array by its place in a row', () => {
    expect(answer('y(4)')['a']).toBe(4)
    expect(answer('y(7)')['a']).toBe(0)
  })

  it('spreads scalars', () => {
    expect(answer('7', IN)).toMatchObject({ 'a[North]': 7, 'a[West]': 7 })
  })

  it('keeps stocks, memories and draws of each element apart', () => {
    const inflow = flow('in', 'x', IN)
    const level = stock('s', '0', { ...IN, inflows: ['in'] })
    const smooth = aux('z', 'smooth1(x, 2, 0)', IN)
    const run = runSource(source([x, inflow, level, smooth], { dimensions: [REGION] }))
    expect(run['s[Far South]']).toEqual([0, 2, 4, 6, 8])
    expect(run['z[West]']).toEqual([0, 2, 3, 3.5, 3.75])
  })
})

describe('functions over arrays', () => {
  it.each([
    ['sum(x[*])', 7],
    ['sum(x)', 7],
    ['sum(y)', 21],
    ['sum(y[West, *])', 11],
    ['sum(y[*, wine])', 12],
    ['sum(x[*] * y[*, wine])', 1 * 2 + 2 * 4 + 4 * 6],
    ['sum(x * y[*, wine])', 1 * 2 + 2 * 4 + 4 * 6],
    ['sum(x[Region!] * y[Region!, bread])', 1 + 6 + 20],
    ['mean(x)', 7 / 3],
    ['product(x)', 8],
    ['min(x)', 1],
    ['max(x)', 4],
    ['max(x, 9)', 9],
    ['max(x, 3)', 4],
    ['max(x[*] - 2, 0)', 2],
    ['any(x - 1)', 1],
    ['count(x > 1)', 2],
    ['size(x)', 3],
    ['size(y)', 6],
    ['size(y[West, *])', 2],
    ['size(Region)', 3],
    ['rank(x, 1)', 1],
    ['rank(-x, 1)', 3],
    ['rank(x, size(x))', 3],
    ['rank(x, 4)', 0],
    ['sum(max(y[*, bread], 4))', 5],
    ['x[rank(x, 2)]', 2],
  ])('%s is %f', (text, expected) => {
    expect(answer(text)['a']).toBe(expected)
  })

  it('has the standard deviation of a sample', () => {
    expect(answer('stddev(x)')['a']).toBeCloseTo(Math.sqrt(7 / 3), 14)
  })

  it('ranks equal elements in their order', () => {
    const z = aux('z', { north: '5', far_south: '5', west: '1' }, IN)
    expect(values(model([z, aux('a', '100 * rank(z, 1) + 10 * rank(z, 2) + rank(z, 3)')]))['a']).toBe(312)
  })

  it('sums the rows of a table', () => {
    expect(answer('sum(y[Region, *])', IN)).toMatchObject({ 'a[North]': 3, 'a[Far South]': 7, 'a[West]': 11 })
  })

  it('compares each element with a number where it stands at one', () => {
    expect(answer('max(x, 2)', IN)).toMatchObject({ 'a[North]': 2, 'a[Far South]': 2, 'a[West]': 4 })
  })

  it('shares an array out', () => {
    expect(answer('x / sum(x[*])', IN)['a[West]']).toBe(4 / 7)
  })
})

describe('dimensions that belong together', () => {
  const ALL: SourceDimension = { name: 'All', elements: ['a1', 'a2', 'a3'] }
  const SOME: SourceDimension = { name: 'Some', elements: ['a2', 'a3'] }
  const v = aux('v', { a1: '1', a2: '2', a3: '4' }, { dimensions: ['All'] })

  it('finds the element of a subrange in the whole, and of the whole in a subrange', () => {
    const part = aux('part', 'v[Some] + v', { dimensions: ['Some'] })
    const back = aux('back', { a1: '0', a2: 'part[Some]', a3: 'part[Some]' }, { dimensions: ['All'] })
    expect(values(model([v, part, back], [ALL, SOME]))).toMatchObject({ 'part[a2]': 4, 'part[a3]': 8, 'back[a3]': 8 })
    expect(values(model([v, aux('t', 'sum(v[Some!])')], [ALL, SOME]))['t']).toBe(6)
  })

  it('finds the element that another dimension is mapped to', () => {
    const from: SourceDimension = {
      name: 'From',
      elements: ['f1', 'f2', 'f3'],
      maps: [{ to: 'All', elements: ['a3', 'a1', 'a2'] }],
    }
    const w = aux('w', 'v[All]', { dimensions: ['From'] })
    const back = aux('back', 'w[From]', { dimensions: ['All'] })
    expect(values(model([v, w, back], [ALL, from]))).toMatchObject({
      'w[f1]': 4,
      'w[f2]': 1,
      'w[f3]': 2,
      'back[a1]': 1,
      'back[a3]': 4,
    })
  })

  it('finds the element that a whole subrange is mapped to', () => {
    const group: SourceDimension = {
      name: 'Group',
      elements: ['g1', 'g2'],
      maps: [{ to: 'All', elements: ['One', 'Some'] }],
    }
    const one: SourceDimension = { name: 'One', elements: ['a1'] }
    const g = aux('g', { g1: '10', g2: '20' }, { dimensions: ['Group'] })
    const of = aux('of', 'g[Group]', { dimensions: ['All'] })
    expect(values(model([v, g, of], [ALL, SOME, one, group]))).toMatchObject({
      'of[a1]': 10,
      'of[a2]': 20,
      'of[a3]': 20,
    })
  })

  it('does not mix up dimensions that have no more than numbers', () => {
    const numbered = (name: string): SourceDimension => ({ name, elements: ['1', '2'] })
    const p = aux('p', '1', { dimensions: ['P'] })
    const q = aux('q', 'p', { dimensions: ['Q'] })
    expect(faults(model([p, q], [numbered('P'), numbered('Q')]))[0]!.message).toContain('p is an array over P')
  })
})

describe('graphs of elements', () => {
  it('reads the graph of each', () => {
    const line = (slope: number) => ({ type: 'continuous' as const, xs: [0, 10], ys: [0, 10 * slope] })
    const g = aux('g', 'x', { ...IN, graph: { north: line(1), far_south: line(2), west: line(3) } })
    const a = aux('a', 'g(5) + lookup(g[West], 1)', IN)
    expect(values(model([x, g, a]))).toMatchObject({ 'g[Far South]': 4, 'g[West]': 12, 'a[North]': 8, 'a[West]': 18 })
  })

  it('tells of an element without one', () => {
    const graph = { north: { type: 'continuous' as const, xs: [0, 1], ys: [0, 1] } }
    expect(faults(model([aux('g', '1', { ...IN, graph })])).map((f) => f.message)).toEqual([
      'g[Far South] has no graph',
      'g[West] has no graph',
    ])
  })
})

describe('faults of arrays', () => {
  const message = (text: Text, more = {}) => faults(model([x, y, aux('a', text, more)])).map((f) => f.message)

  it('tells an array that stands without an element', () => {
    expect(message('x + 1')).toEqual(['x is an array over Region; say which element, or gather it, as sum(x[*])'])
  })

  it('tells an element that is not there, with a suggestion', () => {
    const [fault] = faults(model([x, aux('a', 'x[wst]')]))
    expect(fault).toMatchObject({
      path: 'a',
      message: 'Region has no element wst',
      suggestion: 'did you mean "West"?',
    })
    expect(message('x[4]')).toEqual(['Region has elements 1 to 3, but no 4'])
  })

  it('tells a wrong number of subscripts', () => {
    expect(message('y[West]')).toEqual(['y has 2 dimensions, but stands with 1 subscripts'])
    expect(message('1 + b[West]').length).toBe(1)
  })

  it('tells a wildcard outside of an array function', () => {
    expect(message('x[*]')[0]).toContain('has a place only in an argument of an array function')
  })

  it('tells elements without an equation, and equations of elements that are not there', () => {
    expect(message({ north: '1', west: '2', est: '3' }, IN)).toEqual([
      'the element far_south has no equation',
      'there is no element est',
    ])
  })

  it('tells a dimension that is not declared', () => {
    expect(faults(model([aux('a', '1', { dimensions: ['Regon'] })]))[0]).toMatchObject({
      suggestion: 'did you mean "Region"?',
    })
  })

  it('tells a fault of a formula for all elements once', () => {
    expect(message('2 * z', IN)).toHaveLength(1)
  })
})

describe('blocks over arrays', () => {
  it('expands outputs, correlations, unknowns and identities', () => {
    const price = (name: string): SourceVariable => ({
      kind: 'random',
      name,
      ...IN,
      distribution: {
        kind: 'normal',
        parameters: { mean: { kind: 'number', value: 0 }, sd: { kind: 'number', value: 1 } },
      },
    })
    const { variables } = model([x, y, price('p'), aux('u', '0.5 * u + x', IN)])
    const parsed = elaborate({
      ...model(variables),
      outputs: ['u', 'Y[west, WINE]'],
      correlations: [
        {
          names: ['p'],
          matrix: [
            [1, 0, 0],
            [0, 1, 0.5],
            [0, 0.5, 1],
          ],
        },
      ],
      solves: [{ name: 'market', unknowns: ['u'], guess: { u: { kind: 'name', name: 'x' } } }],
      identities: [{ name: 'twice', left: { kind: 'name', name: 'x' }, right: { kind: 'name', name: 'u' } }],
    }).model
    expect(parsed.outputs).toEqual(['u[North]', 'u[Far South]', 'u[West]', 'y[West,wine]'])
    expect(parsed.correlations![0]!.names).toEqual(['p[North]', 'p[Far South]', 'p[West]'])
    expect(parsed.solves![0]).toMatchObject({ unknowns: ['u[North]', 'u[Far South]', 'u[West]'], method: 'newton' })
    expect(parsed.solves![0]!.guess!['u[West]']).toEqual({ op: 'ref', name: 'x[West]' })
    expect(parsed.identities!.map((i) => i.name)).toEqual(['twice[North]', 'twice[Far South]', 'twice[West]'])
  })
})
