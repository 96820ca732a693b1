// Tests of arrays: dimensions, equations for all and for each element, subscripts, and functions over elements.
import { describe, expect, it } from 'vitest'
import { faultOf } from '../../../test/support/faults.ts'
import { runOnMachine } from '../../../test/support/run-on-machine.ts'
import { aux, flow, xmileText } from '../../../test/support/xmile-text.ts'
import { readXmile } from './read-xmile.ts'

const DIMENSIONS = `<dimensions>
  <dim name="Location"><elem name="Boston"/><elem name="New York"/><elem name="LA"/></dim>
  <dim name="Coast"><elem name="LA"/><elem name="Boston"/></dim>
  <dim name="N" size="2"/>
  <dim name="X" size="4"/>
  <dim name="Y" size="5"/>
</dimensions>`
const over = (...names: string[]) => `<dimensions>${names.map((name) => `<dim name="${name}"/>`).join('')}</dimensions>`
const element = (subscript: string, equation: string) =>
  `<element subscript="${subscript}"><eqn>${equation}</eqn></element>`
const SALES = `<aux name="sales">${over('Location')}${element('Boston', '3')}${element('new_york', '1')}${element('LA', '2')}</aux>`
const GRID = `<aux name="grid">${over('N', 'Location')}${[
  '1,Boston',
  '1, New York',
  '1,LA',
  '2,Boston',
  '2,&quot;New York&quot;',
  '2,3',
]
  .map((subscript, i) => element(subscript, String((i + 1) * 10)))
  .join('')}</aux>`

const read = (variables: string) => readXmile(xmileText(variables, { beside: DIMENSIONS }))
const run = (variables: string) => runOnMachine(read(variables).source)
const first = async (variables: string) =>
  Object.fromEntries(Object.entries(await run(variables)).map(([name, [value]]) => [name, value]))

describe('arrays', () => {
  it('have named elements, or numbers from 1', () => {
    expect(read(aux('a', 1)).source.dimensions.slice(0, 3)).toEqual([
      { name: 'Location', elements: ['Boston', 'New York', 'LA'] },
      { name: 'Coast', elements: ['LA', 'Boston'] },
      { name: 'N', elements: ['1', '2'] },
    ])
  })

  it('with one equation have it at each element, their dimensions left out or written (the example of the standard)', async () => {
    const values = await first(
      SALES + aux('twice', 'sales * 2', over('Location')) + aux('thrice', 'sales[Location] * 3', over('Location')),
    )
    expect(values).toMatchObject({ 'twice[Boston]': 6, 'twice[New York]': 2, 'thrice[LA]': 6 })
  })

  it('over two dimensions have a value for each combination; distance[3,4] is 5 (the example of the standard)', async () => {
    const values = await first(aux('distance', 'SQRT(X^2 + Y^2)', over('X', 'Y')))
    expect(Object.keys(values)).toHaveLength(20)
    expect(values['distance[3,4]']).toBe(5)
  })

  it('have elements that are named by their place, with their dimension, and in quotation marks', async () => {
    const values = await first(
      SALES +
        GRID +
        aux('a', 'sales[2] + sales["New York"] * 10 + sales[Location.LA] * 100 + grid[2, new_york] * 1000'),
    )
    expect(values['a']).toBe(50_211)
    expect(values['grid[2,LA]']).toBe(60)
  })

  it('are taken at a place that is computed, and are 0 where there is none', async () => {
    const { at } = await run(SALES + aux('at', 'sales[INT(TIME)]'))
    expect(at).toEqual([0, 3, 1, 2, 0])
  })

  it('prefer an element to a variable of its name in a subscript', async () => {
    const values = await first(
      SALES + aux('LA', 1) + aux('place', 2) + aux('a', 'sales[LA]') + aux('b', 'sales[place]'),
    )
    expect(values).toMatchObject({ a: 2, b: 1 })
  })

  it('are taken by a flat index, row by row', async () => {
    const values = await first(GRID + aux('a', 'grid(4)') + aux('b', 'grid(7)'))
    expect(values).toMatchObject({ a: 40, b: 0 })
  })

  it('have the place of an element as Dimension.element', async () => {
    expect(await first(aux('a', 'Location.LA * 10 + Location.Boston'))).toEqual({ a: 31 })
  })

  it.each([
    ['SUM(sales)', 6],
    ['SUM(sales[*])', 6],
    ['SUM(sales[Location.*])', 6],
    ['MEAN(sales)', 2],
    ['STDDEV(sales)', 1],
    ['MIN(sales)', 1],
    ['MAX(sales)', 3],
    ['MAX(sales, 10)', 10],
    ['PROD(sales)', 6],
    ['SIZE(sales)', 3],
    ['SIZE(grid)', 6],
    ['SIZE(grid[1, *])', 3],
    ['SUM(grid[2, *])', 150],
    ['SUM(grid[*, LA])', 90],
    ['SUM(sales * sales)', 14],
    ['RANK(sales, 1)', 2],
    ['RANK(sales, 3)', 1],
  ])('have %s = %d', async (equation, value) => {
    expect((await first(SALES + GRID + aux('a', equation)))['a']).toBe(value)
  })

  it('are gathered row by row at each element (the example of the standard)', async () => {
    const values = await first(GRID + aux('row', 'SUM(grid[N, *])', over('N')))
    expect(values).toMatchObject({ 'row[1]': 60, 'row[2]': 150 })
  })

  it('may be stocks and flows, with an initial value for each element', async () => {
    const values = await run(
      SALES +
        `<stock name="S">${over('Location')}${element('1', '100')}${element('2', '200')}${element('3', '300')}<inflow>f</inflow></stock>` +
        flow('f', 'sales', over('Location')),
    )
    expect(values['S[Boston]']).toEqual([100, 103, 106, 109, 112])
    expect(values['S[LA]']).toEqual([300, 302, 304, 306, 308])
  })

  it('refer to themselves by SELF with subscripts', async () => {
    expect((await first(aux('a', 'SIZE(SELF[1, *])', over('N', 'Location'))))['a[1,LA]']).toBe(3)
  })

  it('may have one equation and a graphical function for each element (the example of the standard)', async () => {
    const graph = (subscript: string, ys: string) =>
      `<element subscript="${subscript}"><gf><xscale min="1" max="9"/><ypts>${ys}</ypts></gf></element>`
    const values = await run(
      `<aux name="g">${over('N')}${graph('1', '0,50,25')}${graph('2', '90,10,50')}<eqn>TIME</eqn></aux>`,
    )
    expect(values['g[1]']).toEqual([0, 0, 12.5, 25, 37.5])
    expect(values['g[2]']).toEqual([90, 90, 70, 50, 30])
  })

  it('take what an element leaves out from the equation of the variable', async () => {
    const values = await first(`<aux name="a">${over('N')}<eqn>7</eqn>${element('2', '8')}</aux>`)
    expect(values).toEqual({ 'a[1]': 7, 'a[2]': 8 })
  })

  it.each([
    ['an element that is not there', `<aux name="a">${over('N')}${element('3', '1')}</aux>`, "'3' is no element of N"],
    [
      'an element of a variable without dimensions',
      `<aux name="a">${element('1', '1')}</aux>`,
      'a variable without dimensions',
    ],
    ['an element without an equation', `<aux name="a">${over('N')}${element('1', '1')}</aux>`, 'has no equation for 2'],
    [
      'two equations of one element',
      `<aux name="a">${over('N')}${element('1', '1')}${element('1', '2')}</aux>`,
      'two equations for 1',
    ],
    ['a dimension that is not declared', aux('a', 1, over('Colour')), 'the dimension Colour is not declared'],
  ])('refuse %s', (_, variables, message) => {
    const fault = faultOf(() => read(variables))
    expect(fault).toMatchObject({ code: 'MODEL_INVALID', detail: { path: 'a' } })
    expect(fault.message).toContain(message)
  })

  it.each([
    ['<dim size="2"/>', 'a dimension has no name'],
    ['<dim name="D"/>', 'neither elements nor a size'],
    ['<dim name="D" size="0"/>', 'neither elements nor a size'],
    ['<dim name="D"><elem name="a"/><elem name="A"/></dim>', 'an element twice'],
    ['<dim name="D" size="1"/><dim name="d" size="2"/>', 'declared twice'],
  ])('refuse the dimensions %s', (dims, message) => {
    const fault = faultOf(() => readXmile(xmileText(aux('a', 1), { beside: `<dimensions>${dims}</dimensions>` })))
    expect(fault.message).toContain(message)
  })

  it('are gathered over a range of elements, over a part that is a dimension, and over a dimension by its name', async () => {
    const values = await first(
      SALES +
        GRID +
        aux('a', 'SUM(sales[2:3])') +
        aux('b', 'MAX(grid[2, Boston:New_York])') +
        aux('c', 'SUM(sales[*:Coast] * 10)') +
        aux('d', 'MIN(sales[Location])') +
        aux('e', 'SUM(grid[N, Location] * sales[Location])', over('N')),
    )
    expect(values).toMatchObject({ a: 3, b: 50, c: 50, d: 1, 'e[1]': 110, 'e[2]': 290 })
    const backwards = faultOf(() => read(SALES + aux('a', 'SUM(sales[3:2])')))
    expect(backwards).toMatchObject({ code: 'MODEL_INVALID', detail: { path: 'a' } })
  })

  it('take a list of numbers, row by row, for their elements', async () => {
    const values = await first(aux('a', '1, -2, 3; 4, 5, 6', over('N', 'Location')))
    expect(values).toMatchObject({ 'a[1,Boston]': 1, 'a[1,New York]': -2, 'a[2,LA]': 6 })
    expect(faultOf(() => read(aux('a', '1, 2', over('Location')))).code).toBe('MODEL_INVALID')
  })

  it('part equal elements by a second array in RANK', async () => {
    const values = await first(
      aux('x', '2, 1, 2', over('Location')) +
        aux('y', '9, 5, 3', over('Location')) +
        aux('a', 'RANK(x, 2)') +
        aux('b', 'RANK(x, 2, y)') +
        aux('c', 'RANK(x, 3, y)'),
    )
    expect(values).toMatchObject({ a: 1, b: 3, c: 1 })
  })

  it('refuse a computed index where one that is none would give no number', () => {
    const header =
      '<vendor>test</vendor><product version="1.0">test</product><options><uses_arrays invalid_index_value="NaN"/></options>'
    const file = (equation: string) => xmileText(SALES + aux('a', equation), { beside: DIMENSIONS, header })
    expect(readXmile(file('sales[2] + sales[LA]')).findings).toEqual([])
    expect(faultOf(() => readXmile(file('sales[INT(TIME)]')))).toMatchObject({
      code: 'CONSTRUCT_UNSUPPORTED',
      detail: { path: 'a', construct: 'a computed index where invalid_index_value is NaN' },
    })
  })

  it.each([
    ["grid'", "transposition (')"],
    ['grid[@2, @1]', 'a dimension position (@)'],
    ['SUM(grid[1,"New York":3])', 'a range of elements (:)'],
  ])('do not have %s', (equation, construct) => {
    expect(faultOf(() => read(SALES + GRID + aux('a', equation)))).toMatchObject({
      code: 'CONSTRUCT_UNSUPPORTED',
      detail: { path: 'a', construct },
    })
  })
})
