// Tests of reading a whole file: header, units, equations that say nothing, and what is passed over or refused.
import { describe, expect, it } from 'vitest'
import { faultOf } from '../../../test/support/faults.ts'
import { runOnMachine } from '../../../test/support/run-on-machine.ts'
import { aux, flow, stock, xmileText } from '../../../test/support/xmile-text.ts'
import { readXmile } from './read-xmile.ts'

const sourceOf = (variables: string, parts?: Parameters<typeof xmileText>[1]) =>
  readXmile(xmileText(variables, parts)).source

describe('readXmile', () => {
  it('has the name and caption of the header, and takes faults of units as findings', () => {
    const source = sourceOf(aux('a', 1), { header: '<name>Two\nwords</name><caption> What it is about </caption>' })
    expect(source).toMatchObject({ name: 'Two words', doc: 'What it is about', unitFaults: 'finding' })
    expect(source.variables[0]).toMatchObject({ provenance: 'XMILE Two words' })
    expect(sourceOf(aux('a', 1), { header: '' }).name).toBe('model')
  })

  it('keeps units and documentation of variables', () => {
    const { variables } = sourceOf(aux('a', 1, '<units>people / year</units><doc>\n How many. </doc>'))
    expect(variables[0]).toMatchObject({ unit: 'people / year', doc: 'How many.' })
  })

  it('writes units by the names that their aliases stand for, and those with an equation by it', () => {
    const units = `<model_units>
      <unit name="People"><eqn/><alias>person</alias><alias>persons</alias></unit>
      <unit name="headcount"><eqn>people</eqn></unit>
      <unit name="birth rate"><eqn>headcount/year</eqn><alias>br</alias></unit>
      <unit name="J" disabled="true"><alias>joule</alias></unit>
      <units name="Celsius"><alias>Cs, degC,</alias></units>
      <unit name="a"><eqn>b</eqn></unit><unit name="b"><eqn>a</eqn></unit>
    </model_units>`
    const unitOf = (unit: string) =>
      sourceOf(aux('a', 1, `<units>${unit}</units>`), { beside: units }).variables[0]?.unit
    expect(unitOf('persons/month')).toBe('People/month')
    expect(unitOf('br')).toBe('((People)/year)')
    expect(unitOf('joule')).toBe('joule')
    expect(unitOf('Cs/degC')).toBe('Celsius/Celsius')
    expect(unitOf('1/person^2')).toBe('1/People^2')
    expect(unitOf('a')).toMatch(/[ab]/)
  })

  it('passes over views, styles, groups and the tags of vendors', () => {
    const text = xmileText(
      `${aux('a', 1, '<isee:x><eqn>2</eqn></isee:x><display x="1"/><scale min="0"/>')}<group name="g"><entity name="a"/></group>`,
    )
      .replace('</model>', '<views><view><aux name="b"/></view></views></model>')
      .replace('<header>', '<style color="red"/><isee:prefs/><header>')
    const { source, findings } = readXmile(text)
    expect(source.variables.map(({ name }) => name)).toEqual(['a'])
    expect(findings).toEqual([])
  })

  it('reads older files, with the variables in the model itself', () => {
    const text = xmileText(`${stock('S', 1, '+f')}${flow('f', 2)}<display/>`).replaceAll(/<\/?variables>/g, '')
    expect(readXmile(text).source.variables.map(({ name }) => name)).toEqual(['S', 'f'])
  })

  it('reads tags and attributes in whatever case', () => {
    const text = xmileText('<AUX Name="a"><Eqn>3</Eqn></AUX>').replaceAll('xmile', 'Xmile')
    expect(readXmile(text).source.variables[0]).toMatchObject({ name: 'a', kind: 'auxiliary' })
  })

  it('knows the options of the header, and needs none of them', () => {
    const options =
      '<options namespace="std, isee"><uses_conveyors arrest="false"/><uses_queues/><uses_arrays maximum_dimensions="2"/><uses_submodels/>' +
      '<uses_macros recursive_macros="false" option_filters="false"/><uses_event_posters/><has_model_views/><uses_outputs/><uses_inputs/></options>'
    expect(readXmile(xmileText(aux('a', 1), { header: options })).findings).toEqual([])
  })

  it('tells of event posters and connections to data that are not read', () => {
    const poster =
      '<event_poster min="0" max="1"><threshold value="1"><event sim_action="stop"/></threshold></event_poster>'
    const { findings } = readXmile(
      xmileText(aux('a', 1, poster), { beside: '<data><import resource="x.csv"/></data>' }),
    )
    expect(findings).toMatchObject([
      { severity: 'WARNING', code: 'DATA_NOT_IMPORTED', path: 'data' },
      { severity: 'INFO', code: 'EVENTS_IGNORED', path: 'a' },
    ])
  })

  it('gives places in the file to formulas', () => {
    const { variables } = sourceOf('<aux name="a">\n<eqn>1 +\n  b</eqn></aux>\n<aux name="b"><eqn>2</eqn></aux>')
    expect(variables[0]).toMatchObject({
      at: { line: 7 },
      equation: { formula: { left: { at: { line: 8, column: 6 } }, right: { at: { line: 9, column: 3 } } } },
    })
  })

  it('has a value of its own for the start where a file says so (init_eqn)', async () => {
    // capacity grows to its target, which begins as 10 and is 3 times the capacity from then on
    const variables =
      stock('capacity', 'target', '+build') +
      flow('build', 'target - capacity') +
      '<aux name="target"><eqn>3 * capacity</eqn><init_eqn>10</init_eqn></aux>'
    expect((await runOnMachine(sourceOf(variables)))['capacity']).toEqual([10, 30, 90, 270, 810])
    const ofStock = '<stock name="S"><eqn>1</eqn><init_eqn>5</init_eqn></stock>'
    expect((await runOnMachine(sourceOf(ofStock)))['S']![0]).toBe(5)
  })

  it.each(['', '???', '?', '{to be written}', '  {one} {two} '])(
    'refuses the equation "%s" and names the variable',
    (equation) => {
      const fault = faultOf(() =>
        sourceOf(`<aux name="fine"><eqn>1</eqn></aux>\n<aux name="not yet"><eqn>${equation}</eqn></aux>`),
      )
      expect(fault).toMatchObject({ code: 'MODEL_INVALID', detail: { path: 'not yet', line: 8 } })
      expect(fault.message).toContain('has no equation')
    },
  )

  it.each(['aux', 'flow', 'stock'])('refuses an %s without an equation', (tag) => {
    expect(faultOf(() => sourceOf(`<${tag} name="x"/>`))).toMatchObject({
      code: 'MODEL_INVALID',
      detail: { path: 'x', line: 7 },
    })
  })

  it('refuses an equation that is none, with the variable, the line and the column', () => {
    expect(faultOf(() => sourceOf('<aux name="x">\n <eqn>1 + * 2</eqn></aux>'))).toMatchObject({
      code: 'MODEL_INVALID',
      detail: { path: 'x', line: 8, column: 11 },
    })
  })

  it('refuses names that stand twice, however they are written', () => {
    const fault = faultOf(() => sourceOf(`${aux('Two Words', 1)}\n${aux('two__words', 2)}`))
    expect(fault).toMatchObject({ code: 'MODEL_INVALID', detail: { path: 'two__words', line: 8 } })
  })

  it('refuses a variable without a name', () => {
    expect(faultOf(() => sourceOf('<aux><eqn>1</eqn></aux>'))).toMatchObject({ detail: { path: '<aux>' } })
  })

  it('refuses a file without a model', () => {
    const text = xmileText('').replace(/<model>[\s\S]*<\/model>/, '')
    expect(faultOf(() => readXmile(text)).message).toContain('no <model>')
  })

  it.each([
    ['<multiplier>', flow('x', 1, '<multiplier>2</multiplier>')],
    ['<leak_integers>', flow('x', 1, '<leak_integers/>')],
    ['<oven>', stock('x', 1, '', '<oven/>')],
    ['an equation in MathML', '<aux name="x"><mathml><ci>y</ci></mathml></aux>'],
    ['an equation of its own for the initial value (init_eqn)', flow('x', 1, '<init_eqn>2</init_eqn>')],
    ['<converter>', '<converter name="x"/>'],
  ])('does not have %s, and says where', (construct, variables) => {
    expect(faultOf(() => sourceOf(variables))).toMatchObject({
      code: 'CONSTRUCT_UNSUPPORTED',
      detail: { path: 'x', line: 7, construct },
    })
  })

  it('does not include other files', () => {
    const header = '<includes><include resource="macros.xml"/></includes>'
    expect(faultOf(() => sourceOf(aux('a', 1), { header }))).toMatchObject({
      code: 'CONSTRUCT_UNSUPPORTED',
      detail: { path: 'header' },
    })
  })
})
