// Tests of macros: functions of a file's own, with and without variables, and what they do not have.
import { describe, expect, it } from 'vitest'
import { faultOf } from '../../../test/support/faults.ts'
import { runOnMachine } from '../../../test/support/run-on-machine.ts'
import { aux, flow, stock, xmileText } from '../../../test/support/xmile-text.ts'
import { readXmile } from './read-xmile.ts'

const parm = (name: string, byDefault?: string) =>
  `<parm${byDefault === undefined ? '' : ` default="${byDefault}"`}>${name}</parm>`
const macro = (name: string, inside: string, attributes = '') => `<macro name="${name}"${attributes}>${inside}</macro>`
const read = (variables: string, macros: string) => readXmile(xmileText(variables, { beside: macros }))
const run = (variables: string, macros: string) => runOnMachine(read(variables, macros).source)

/** The example of the standard, but for its name. */
const smooth = (name: string) =>
  macro(
    name,
    parm('input') +
      parm('averaging time') +
      parm('initial', 'input') +
      '<eqn>Smooth_of_Input</eqn><variables>' +
      stock('Smooth of Input', 'initial', '+change_in_smooth') +
      flow('change in smooth', '(input - Smooth_of_Input) / averaging_time') +
      '</variables>',
  )

describe('macros', () => {
  it('without variables are an equation of their parameters', async () => {
    const between = macro('BETWEEN', `${parm('x')}${parm('y')}<eqn>(x + y) / 2</eqn>`)
    expect((await run(aux('a', 'BETWEEN(TIME, 10) * 2'), between))['a']).toEqual([10, 11, 12, 13, 14])
  })

  it('with variables have new ones for each use (the example of the standard)', async () => {
    const values = await run(
      aux('a', 'MY_SMOOTH(8, 2, 0)') + aux('b', 'MY_SMOOTH(4, 2, 0) + my_smooth(0, 4, 4)'),
      smooth('MY SMOOTH'),
    )
    expect(values['a']).toEqual([0, 4, 6, 7, 7.5])
    expect(values['b']).toEqual([4, 2 + 3, 3 + 2.25, 3.5 + 1.6875, 3.75 + 1.265625])
  })

  it('have defaults of their last parameters, of the parameters before', async () => {
    expect((await run(aux('a', 'MY_SMOOTH(8, 2)'), smooth('MY SMOOTH')))['a']).toEqual([8, 8, 8, 8, 8])
  })

  it('may be called as functions of ours are, and stand before none of them', async () => {
    const own = macro('SMOOTH1', `${parm('x')}${parm('time')}<eqn>SMTH1(x, time, 0) + 100</eqn>`)
    const values = await run(aux('a', 'SMOOTH1(8, 2)') + aux('b', 'SMTH1(8, 2, 0)'), own)
    expect(values['a']).toEqual([100, 104, 106, 107, 107.5])
    expect(values['b']).toEqual([0, 4, 6, 7, 7.5])
  })

  it('go before the built-ins of vendors, as LOG of the standard does', async () => {
    const log = macro('LOG', `${parm('x')}${parm('base')}<eqn>LN(x)/LN(base)</eqn><format>LOG(x, base)</format>`)
    expect((await run(aux('a', 'LOG(256, 2)'), log))['a']![0]).toBeCloseTo(8, 12)
  })

  it('may be called behind their namespace', async () => {
    const own = macro('TWICE', `${parm('x')}<eqn>2 * x</eqn>`, ' namespace="user"')
    expect((await run(aux('a', 'user.TWICE(3) + TWICE(4)'), own))['a']![0]).toBe(14)
  })

  it('may be defined again with another number of parameters', async () => {
    const both = macro('F', `${parm('x')}<eqn>x</eqn>`) + macro('F', `${parm('x')}${parm('y')}<eqn>x * y</eqn>`)
    expect((await run(aux('a', 'F(3) + F(4, 5)'), both))['a']![0]).toBe(23)
  })

  it('call each other', async () => {
    const both = macro('F', `${parm('x')}<eqn>G(x) + 1</eqn>`) + macro('G', `${parm('x')}<eqn>x * 10</eqn>`)
    expect((await run(aux('a', 'F(3)'), both))['a']![0]).toBe(31)
  })

  it('take a graphical function for a parameter', async () => {
    const table = '<gf name="t"><xpts>0,10</xpts><ypts>0,100</ypts></gf>'
    const both = macro('F', `${parm('g')}${parm('x')}<eqn>LOOKUP(g, x) + g(x)</eqn>`)
    expect((await run(table + aux('a', 'F(t, TIME)'), both))['a']).toEqual([0, 20, 40, 60, 80])
  })

  it('may give a variable by its name alone, spaces and all, and write their parameters as variables without an equation', async () => {
    const own = macro(
      'FILL',
      `${parm('rate')}${parm('the start')}<eqn>The Level</eqn><variables>` +
        `${stock('The Level', 'the_start', '+rate')}<aux name="rate"/><aux name="the start"><eqn/></aux></variables>`,
    )
    expect((await run(aux('a', 'FILL(2, 5)'), own))['a']).toEqual([5, 7, 9, 11, 13])
  })

  it('that call themselves are refused when they are used', () => {
    const factorial = macro('FACT', `${parm('x')}<eqn>IF x &lt;= 1 THEN 1 ELSE x * FACT(x - 1)</eqn>`)
    return expect(run(aux('a', 'FACT(3)'), factorial)).rejects.toMatchObject({ code: 'CONSTRUCT_UNSUPPORTED' })
  })

  it('that say what non-negative means are passed over', () => {
    const filter = macro('non_negative', `${parm('flow')}<eqn>flow</eqn>`, ' filter="flow"')
    expect(read(aux('a', 1), filter).source.macros).toEqual([])
  })

  it.each([
    ['a macro that filters (filter)', macro('F', '<eqn>1</eqn>', ' filter="stock"')],
    [
      'a macro with simulation specifications of its own',
      macro('F', '<eqn>1</eqn><sim_specs><start>1</start><stop>2</stop></sim_specs>'),
    ],
  ])('do not have %s', (construct, text) => {
    expect(faultOf(() => read(aux('a', 1), text))).toMatchObject({
      code: 'CONSTRUCT_UNSUPPORTED',
      detail: { path: 'F', construct },
    })
  })

  it.each([
    ['without an equation', macro('F', parm('x')), 'needs an equation'],
    ['with a blank equation', macro('F', '<eqn>{none}</eqn>'), 'has no equation'],
    ['without a name', '<macro><eqn>1</eqn></macro>', 'has no name'],
    ['with a parameter without a name', macro('F', '<parm/><eqn>1</eqn>'), 'a parameter has no name'],
  ])('are refused %s', (_, text, message) => {
    expect(faultOf(() => read(aux('a', 1), text)).message).toContain(message)
  })
})
