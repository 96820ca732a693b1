// Tests of modules: what their variables are called, how they are connected, and what their equations see.
import { describe, expect, it } from 'vitest'
import { faultOf } from '../../../test/support/faults.ts'
import { runOnMachine } from '../../../test/support/run-on-machine.ts'
import { aux, flow, stock, xmileText } from '../../../test/support/xmile-text.ts'
import { readXmile } from './read-xmile.ts'

const model = (name: string, variables: string, attributes = '') =>
  `<model name="${name}"${attributes}><variables>${variables}</variables></model>`
const module = (name: string, connections: Record<string, string> = {}, attributes = '') =>
  `<module name="${name}"${attributes}>${Object.entries(connections)
    .map(([to, from]) => `<connect to="${to}" from="${from}"/>`)
    .join('')}</module>`
const input = (name: string, inside = '') => `<aux name="${name}" access="input">${inside}</aux>`

const read = (root: string, models = '') => readXmile(xmileText(root, { beside: models }))
const run = (root: string, models = '') => runOnMachine(read(root, models).source)
const names = (root: string, models = '') => read(root, models).source.variables.map(({ name }) => name)

/** Grows by a rate that it is given. */
const GROWTH = model(
  'growth',
  input('rate', '<eqn>9</eqn>') + stock('level', 1, '+gain') + flow('gain', 'level * rate'),
)

describe('modules', () => {
  it('are connected both ways with the outermost model (the example of the standard)', async () => {
    const values = await run(
      module('Sub_Model', { Input: '.Root_Model_Output', '.Root_Model_Input': 'Sub_Model.Output' }) +
        `<aux name="Root_Model_Output" access="output"><eqn>TIME + 1</eqn></aux>${input('Root_Model_Input')}`,
      model('Sub_Model', `${input('Input')}<aux name="Output" access="output"><eqn>Input * 10</eqn></aux>`),
    )
    expect(values).toEqual({
      'Sub_Model.Input': [1, 2, 3, 4, 5],
      'Sub_Model.Output': [10, 20, 30, 40, 50],
      Root_Model_Output: [1, 2, 3, 4, 5],
      Root_Model_Input: [10, 20, 30, 40, 50],
    })
  })

  it.each(['growth.rate', 'rate'])('have an input that is connected as %s', async (to) => {
    const values = await run(module('growth', { [to]: '.own' }) + aux('own', 1), GROWTH)
    expect(values['growth.level']).toEqual([1, 2, 4, 8, 16])
  })

  it('have an input that keeps its equation where nothing is connected', async () => {
    expect((await run(module('growth') + aux('x', 1), GROWTH))['growth.level']).toEqual([1, 10, 100, 1000, 10_000])
  })

  it('are connected to each other, told twice as isee does', async () => {
    const values = await run(
      module('A', { 'B.x': 'A.y' }) + module('B', { 'B.x': 'A.y' }),
      model('A', aux('y', 'TIME')) + model('B', input('x') + aux('twice', '2 * x')),
    )
    expect(values['B.twice']).toEqual([0, 2, 4, 6, 8])
  })

  it('are used more than once by the name of their model', async () => {
    const values = await run(
      module('slow', { rate: '.one' }, ' model_name="growth"') +
        module('fast', { rate: '.two' }, ' isee:model="growth"') +
        aux('one', 1) +
        aux('two', 2),
      GROWTH,
    )
    expect([values['slow.level'], values['fast.level']]).toEqual([
      [1, 2, 4, 8, 16],
      [1, 3, 9, 27, 81],
    ])
  })

  it('stand in each other, and are seen from within and from without', async () => {
    const values = await run(
      module('Outer', { seed: '.start' }) + aux('start', 5) + aux('seen', 'Outer.Inner.x + Inner.x + outer.own'),
      model('Outer', input('seed') + module('Inner', { y: 'seed' }) + aux('own', 'Inner.x * 100')) +
        model('Inner', input('y') + aux('x', 'y + .start + Outer.seed')),
    )
    expect(values['Outer.Inner.x']![0]).toBe(15)
    expect(values['Outer.own']![0]).toBe(1500)
    expect(values['seen']![0]).toBe(1530)
  })

  it('see names of their own, and not those of the model around them', async () => {
    const values = await run(module('M') + aux('a', 1), model('M', aux('a', 7) + aux('b', 'a')))
    expect(values['M.b']![0]).toBe(7)
    await expect(run(module('M') + aux('a', 1), model('M', aux('b', 'a')))).rejects.toThrow('m.a is not declared')
  })

  it('pass on graphical functions', async () => {
    const table = '<gf name="t"><xpts>0,10</xpts><ypts>0,100</ypts></gf>'
    const values = await run(
      table + module('M', { f: '.t' }),
      model('M', input('f') + aux('a', 'LOOKUP(f, TIME) + f(1)')),
    )
    expect(values['M.a']).toEqual([10, 20, 30, 40, 50])
  })

  it('pass on arrays, with their dimensions', async () => {
    const dimensions = '<dimensions><dim name="N" size="2"/></dimensions>'
    const dims = '<dimensions><dim name="N"/></dimensions>'
    const values = await run(
      aux('v', 'N * 10', dims) + module('M', { w: '.v' }),
      dimensions + model('M', input('w') + aux('s', 'SUM(w)')),
    )
    expect(values).toMatchObject({ 'M.w[1]': [10, 10, 10, 10, 10], 'M.s': [30, 30, 30, 30, 30] })
  })

  it('turn a stock that is an input into the value of the other', () => {
    const { variables } = read(
      module('A') + module('B', { 'B.S': 'A.S' }),
      model('A', stock('S', 1)) + model('B', '<stock name="S" access="input"/>'),
    ).source
    expect(variables.map(({ name, kind }) => [name, kind])).toEqual([
      ['A.S', 'stock'],
      ['B.S', 'auxiliary'],
    ])
  })

  it('may be the only ones with a name: the model that none is made from is the outermost', () => {
    const text = xmileText('')
      .replace('<model>', '<model name="main">')
      .replace('</variables>', `${module('growth')}</variables>`)
    expect(readXmile(text.replace('</xmile>', `${GROWTH}</xmile>`)).source.variables[0]?.name).toBe('growth.rate')
  })

  it('without a module for them are told, and not read', () => {
    const { source, findings } = read(aux('a', 1), GROWTH)
    expect(source.variables).toHaveLength(1)
    expect(findings).toMatchObject([{ severity: 'WARNING', code: 'MODEL_NOT_USED', path: 'growth' }])
  })

  it('may have the simulation specifications of the file, and none of their own', () => {
    const same = '<sim_specs method="euler"><start>0</start><stop>4</stop></sim_specs>'
    expect(names(module('growth'), GROWTH.replace('<variables>', `${same}<variables>`))).toHaveLength(3)
    const other = GROWTH.replace('<variables>', `${same.replace('4', '9')}<variables>`)
    expect(faultOf(() => read(module('growth'), other))).toMatchObject({
      code: 'CONSTRUCT_UNSUPPORTED',
      detail: { path: 'growth', construct: 'a module with simulation specifications of its own' },
    })
  })

  it.each([
    [
      'an input that nothing is connected to, without an equation',
      module('M'),
      model('M', input('x')),
      'is an input that nothing is connected to',
    ],
    [
      'a connection to nothing',
      module('M', { x: '.a' }) + aux('a', 1),
      model('M', aux('y', 1)),
      'there is no such variable',
    ],
    ['a connection from nothing', module('M', { x: '.a' }), model('M', input('x')), 'there is no such variable'],
    [
      'an input with two connections',
      module('M', { x: '.a', 'M.x': '.b' }) + aux('a', 1) + aux('b', 1),
      model('M', input('x')),
      'connected twice',
    ],
    ['a module without a model', module('M'), '', 'there is no <model name="M">'],
    ['a model that holds itself', module('M'), model('M', module('M')), 'holds itself'],
    [
      'a connection without from',
      '<module name="M"><connect to="x"/></module>',
      model('M', input('x')),
      'needs to and from',
    ],
    ['a module without a name', '<module/>', '', 'has no name'],
  ])('are refused with %s', (_, root, models, message) => {
    const fault = faultOf(() => read(root, models))
    expect(fault.code).toBe('MODEL_INVALID')
    expect(fault.message).toContain(message)
  })

  it.each([
    ['a module in another file', module('M', {}, ' resource="m.xmile"'), model('M', aux('x', 1))],
    ['a model in another file', module('M'), model('M', aux('x', 1), ' resource="m.xmile"')],
    ['an encrypted model', module('M'), model('M', aux('x', 1), ' encryption-scheme="AES-128,CBC,SHA256"')],
  ])('do not have %s', (construct, root, models) => {
    expect(faultOf(() => read(root, models))).toMatchObject({
      code: 'CONSTRUCT_UNSUPPORTED',
      detail: { path: 'M', construct },
    })
  })
})
