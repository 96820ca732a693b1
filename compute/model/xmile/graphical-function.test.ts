// Tests of graphical functions: their points, their types inside and outside the points, and every way to use one.
import { describe, expect, it } from 'vitest'
import { faultOf } from '../../../test/support/faults.ts'
import { runOnMachine } from '../../../test/support/run-on-machine.ts'
import { aux, specs, xmileText } from '../../../test/support/xmile-text.ts'
import { readXmile } from './read-xmile.ts'

/** From -1 to 3 by 0.5. */
const SPECS = specs(-1, 3, 0.5)
const gf = (inside: string, type?: string) => `<gf${type ? ` type="${type}"` : ''}>${inside}</gf>`
const POINTS = '<xpts>0,1,2</xpts><ypts>10,20,40</ypts>'

const run = (variables: string) => runOnMachine(readXmile(xmileText(variables, { specs: SPECS })).source)
const graphOf = (inside: string) => {
  const [variable] = readXmile(xmileText(aux('a', 'TIME', gf(inside)))).source.variables
  return (variable as { graph?: unknown }).graph
}

describe('a graphical function', () => {
  it('that is continuous is linear between its points and holds its ends', async () => {
    const { a } = await run(aux('a', 'TIME', gf(POINTS)))
    expect(a).toEqual([10, 10, 10, 15, 20, 30, 40, 40, 40])
  })

  it('that extrapolates goes on with its first and last segment', async () => {
    const { a } = await run(aux('a', 'TIME', gf(POINTS, 'extrapolate')))
    expect(a).toEqual([0, 5, 10, 15, 20, 30, 40, 50, 60])
  })

  it('that is discrete has the value of the last point at or below', async () => {
    const { a } = await run(aux('a', 'TIME', gf(POINTS, 'discrete')))
    expect(a).toEqual([10, 10, 10, 10, 20, 20, 40, 40, 40])
  })

  it('without values of x is spread evenly over its scale (the standard example)', () => {
    expect(graphOf('<xscale min="0" max="1"/><ypts>0,0.1,0.5,0.9,1</ypts>')).toEqual({
      type: 'continuous',
      xs: [0, 0.25, 0.5, 0.75, 1],
      ys: [0, 0.1, 0.5, 0.9, 1],
    })
  })

  it('ends at the end of its scale whatever rounding makes of the steps', () => {
    expect((graphOf('<xscale min="0" max="0.7"/><ypts>1,2,3,4</ypts>') as { xs: number[] }).xs.at(-1)).toBe(0.7)
  })

  it('may separate its values by what it says, or by spaces', () => {
    const points = { xs: [0, 1.5, 3], ys: [1, 2, -4] }
    expect(graphOf('<xpts sep=";">0; 1.5 ;3</xpts><ypts sep=";">1;2;-4</ypts>')).toMatchObject(points)
    expect(graphOf('<xpts>0 1.5\t3</xpts><ypts>1\n2\n-4</ypts>')).toMatchObject(points)
    expect(graphOf('<xpts>0,1.5,3,</xpts><ypts>1,2,-4,</ypts>')).toMatchObject(points)
  })

  it('does not change with its yscale, and takes a point once that stands twice', () => {
    const text = '<yscale min="0" max="1"/><xpts>0,1,1,2</xpts><ypts>1,5,5,2</ypts>'
    expect(graphOf(text)).toEqual({ type: 'continuous', xs: [0, 1, 2], ys: [1, 5, 2] })
  })

  it('that stands alone is called by its name, by LOOKUP, and from another variable', async () => {
    const { called, looked, named } = await run(
      `<gf name="Cost F">${POINTS}</gf>` +
        aux('called', 'cost_f(TIME) + 1') +
        aux('looked', 'LOOKUP(cost_f, 2 * TIME)') +
        '<aux name="named"><eqn>TIME - 1</eqn><gf name="cost f"/></aux>',
    )
    expect(called).toEqual([11, 11, 11, 16, 21, 31, 41, 41, 41])
    expect(looked).toEqual([10, 10, 10, 20, 40, 40, 40, 40, 40])
    expect(named).toEqual([10, 10, 10, 10, 10, 15, 20, 30, 40])
  })

  it('inside a variable is called by the name of the variable, and by its own', async () => {
    const { a, byVariable, byName, looked } = await run(
      `<aux name="a"><eqn>1</eqn><gf name="inner">${POINTS}</gf></aux>` +
        aux('byVariable', 'a(TIME)') +
        aux('byName', 'inner(TIME)') +
        aux('looked', 'LOOKUP(a, TIME)'),
    )
    expect(a).toEqual(Array(9).fill(20))
    const values = [10, 10, 10, 15, 20, 30, 40, 40, 40]
    expect([byVariable, byName, looked]).toEqual([values, values, values])
  })

  it('is read by its own type when it is called', async () => {
    const { called } = await run(`<gf name="f" type="discrete">${POINTS}</gf>${aux('called', 'f(TIME)')}`)
    expect(called).toEqual([10, 10, 10, 10, 20, 20, 40, 40, 40])
  })

  it.each(['', '0+0', '{put it here}'])(
    'of a variable with the equation "%s" is a table, and no output',
    async (equation) => {
      const columns = await run(aux('t', equation, gf(POINTS)) + aux('a', 'LOOKUP(t, 1.5)'))
      expect(Object.keys(columns)).toEqual(['a'])
      expect(columns['a']![0]).toBe(30)
    },
  )

  it.each([
    ['without values of y', '<xpts>0,1</xpts>', 'no <ypts>'],
    ['without values of x and a scale', '<ypts>0,1</ypts>', 'neither <xpts> nor an <xscale>'],
    ['with a scale that falls', '<xscale min="1" max="0"/><ypts>0,1</ypts>', 'does not rise'],
    ['with more x than y', '<xpts>0,1,2</xpts><ypts>0,1</ypts>', '3 values of x and 2 of y'],
    ['with an x that falls', '<xpts>2,1</xpts><ypts>0,1</ypts>', 'falls from 2 to 1'],
    ['with a value that is no number', '<xpts>0,one</xpts><ypts>0,1</ypts>', "number 2 of its <xpts> is 'one'"],
    ['with a value left out', '<xpts>0,,1</xpts><ypts>0,1,2</ypts>', "number 2 of its <xpts> is ''"],
  ])('is refused %s', (_, inside, message) => {
    const fault = faultOf(() => graphOf(inside))
    expect(fault).toMatchObject({ code: 'MODEL_INVALID', detail: { path: 'a', line: 7 } })
    expect(fault.message).toContain(message)
  })

  it('is refused as unsupported with a jump, and with an unknown type', () => {
    expect(faultOf(() => graphOf('<xpts>0,1,1</xpts><ypts>0,1,2</ypts>'))).toMatchObject({
      code: 'CONSTRUCT_UNSUPPORTED',
      detail: { path: 'a', construct: 'a jump of a graphical function at x = 1' },
    })
    const text = xmileText(aux('a', 1, gf(POINTS, 'spline')))
    expect(faultOf(() => readXmile(text))).toMatchObject({
      detail: { construct: 'a graphical function of type spline' },
    })
  })

  it('is refused where a variable names one that there is not', () => {
    const text = xmileText('<aux name="a"><eqn>1</eqn><gf name="none"/></aux>')
    expect(faultOf(() => readXmile(text)).message).toContain('there is no graphical function none')
  })
})
