// Tests of writing XMILE: there and back for every construct, what functions of ours become, and what cannot be said.
import { describe, expect, it } from 'vitest'
import { faultOf } from '../../../test/support/faults.ts'
import { runOnMachine } from '../../../test/support/run-on-machine.ts'
import { schedule } from '../../../test/support/source.ts'
import { withoutPlaces } from '../../../test/support/source-models.ts'
import { aux, flow, stock, xmileText } from '../../../test/support/xmile-text.ts'
import { parseFormula } from '../formula/parse-formula.ts'
import type { SourceModel, SourceVariable } from '../source/source.ts'
import { OWN_MACROS } from './built-ins.ts'
import { readXmile } from './read-xmile.ts'
import { writeXmile } from './write-xmile.ts'
import { parseXml } from './xml.ts'

const VENSIM = '<vendor>Ventana Systems, xmutil</vendor><product>Vensim</product><name>from Vensim</name>'
const DIMENSIONS =
  '<dimensions><dim name="Place"><elem name="Here"/><elem name="Over there"/></dim><dim name="N" size="3"/></dimensions>'
const dims = (...names: string[]) => `<dimensions>${names.map((name) => `<dim name="${name}"/>`).join('')}</dimensions>`
const gf = (type: string) => `<gf type="${type}"><xpts>0,0.1,2</xpts><ypts>1,-2.5,1e-7</ypts></gf>`

const MODELS: Readonly<Record<string, string>> = {
  'simulation specifications': xmileText(aux('a', 1), {
    specs:
      '<sim_specs method="rk4" time_units="Years" isee:save_interval="0.5"><start>-1</start><stop>2.5</stop><dt reciprocal="true">32</dt></sim_specs>',
  }),
  'header, units and documentation': xmileText(
    aux('a', 1, '<units>People/month</units><doc>Two lines:\n  &lt;b&gt; "so" &amp; so</doc>'),
    {
      header: '<name>A "name" &amp; more</name><caption>About &lt;it&gt;</caption>',
    },
  ),
  'names that need quotation marks': xmileText(
    aux('a-b, (c)', 1) +
      aux('1st', 2) +
      aux('if', 3) +
      aux('a.b', 4) +
      aux('x &quot;y&quot; \\\\ z', 5) +
      aux('Größe', 6) +
      aux('sum', '"a-b,_(c)" + "1st" * "if" + "a.b" + größe + "x \\"y\\" \\\\ z"'),
  ),
  'stocks and flows': xmileText(
    stock('S', 'x * 2', '+in -out', '<non_negative/>') +
      flow('in', 'TIME', '<non_negative/>') +
      flow('out', 1) +
      aux('x', 3),
  ),
  'operators and their order': xmileText(
    aux('a', '-2^2 + 2^-1 - (3 - (4 - 5)) / (6 / 7) * -(8 + 1) MOD 3') +
      aux('b', 'IF NOT (a > 1 AND a <= 2) OR a <> 3 THEN (IF a = 1 THEN 2 ELSE 3) + 1 ELSE 4 // (a + 1)') +
      aux('c', '(2^3)^2 + 2^3^2 + (a < 1) * (NOT a) - 1.5E-8'),
  ),
  'the built-ins': xmileText(
    aux(
      'a',
      'ABS(1) + ARCCOS(0.5) + ARCSIN(0.5) + ARCTAN(1) + COS(1) + EXP(1) + INT(2.5) + LN(2) + LOG10(3) + MAX(1, 2) + MIN(1, 2, 3)',
    ) +
      aux(
        'b',
        'SIN(1) + SQRT(2) + TAN(1) + SAFEDIV(1, 2) + SAFEDIV(1, 2, 3) + ROUND(2.5) + PI + INF + TIME + DT + STARTTIME + STOPTIME',
      ) +
      aux(
        'c',
        'NORMAL(1, 2) + NORMAL(1, 2, 3, -4, 5) + RANDOM(1, 2) + LOGNORMAL(1, 2) + POISSON(3) + EXPRND(4) + GAMMA(1, 2) + BETA(1, 2) + TRIANGULAR(1, 2, 3)',
      ) +
      aux(
        'd',
        'DELAY(a, 2) + DELAY(a, 2, 1) + DELAY1(a, 2) + DELAY3(a, 2, 1) + DELAYN(a, 2, 3) + DELAYN(a, 2, 3, 1) + SMTH1(a, 2) + SMTH3(a, 2, 1) + SMTHN(a, 2, 4)',
      ) +
      aux(
        'e',
        'FORCST(a, 1, 2) + FORCST(a, 1, 2, 3) + TREND(a, 1) + TREND(a, 1, 2) + STEP(1, 2) + PULSE(1, 2) + PULSE(1, 2, 3) + RAMP(1, 2) + RAMP(1, 2, 3)',
      ) +
      aux('f', 'INIT(a) + PREVIOUS(a, 1) + PREVIOUS(SELF, 0)'),
  ),
  'INT and MOD of Vensim': xmileText(aux('a', 'INT(TIME - 2.5) + (TIME - 2) MOD 3 * MOD(TIME, 2)'), { header: VENSIM }),
  'graphical functions of each type, inside and alone': xmileText(
    `<gf name="Alone"><xscale min="0" max="1"/><ypts>0,3,1</ypts><units>x</units></gf><gf name="steps" type="discrete"><xpts>0,1</xpts><ypts>5,5</ypts></gf>` +
      aux('a', 'TIME', gf('continuous')) +
      aux('b', 'TIME', gf('extrapolate')) +
      flow('c', 'TIME', gf('discrete')) +
      aux('d', 'alone(TIME) + LOOKUP(steps, 2) + a(3)'),
  ),
  arrays: xmileText(
    aux('v', '10', dims('Place')) +
      `<aux name="m">${dims('N', 'Place')}<eqn>N</eqn><element subscript="2, Over there"><eqn>v["Over there"] + TIME</eqn></element></aux>` +
      aux(
        'sums',
        'SUM(m[*, Place]) + MEAN(v) + m[2, Place] + SIZE(SELF) + m(2) + Place.Here + v[INT(TIME)]',
        dims('Place'),
      ) +
      `<stock name="S">${dims('N')}<element subscript="1"><eqn>1</eqn></element><element subscript="2"><eqn>2</eqn></element><element subscript="3"><eqn>3</eqn></element><inflow>f</inflow></stock>` +
      flow('f', 'S * 0.1', dims('N')) +
      `<aux name="g">${dims('Place')}<eqn>TIME</eqn><element subscript="Here">${gf('continuous')}</element><element subscript="Over there">${gf('discrete')}</element></aux>` +
      `<aux name="t">${dims('Place')}<element subscript="1">${gf('continuous')}</element><element subscript="2">${gf('continuous')}</element></aux>` +
      aux('u', 'LOOKUP(t[Place], TIME)', dims('Place')),
    { beside: DIMENSIONS },
  ),
  modules: xmileText(`<module name="Sub M"><connect to="x" from=".y"/></module>${aux('y', 'Sub_M.z + 1')}`, {
    beside: `<model name="Sub M"><variables><aux name="x" access="input"/>${aux('z', 3)}${stock('w', 'x', '+f')}${flow('f', 'w * x')}</variables></model>`,
  }),
  macros: xmileText(aux('a', 'MY_SMOOTH(TIME, 2) + SMOOTH1(1) + SMTH1(1, 2)'), {
    beside:
      `<macro name="MY SMOOTH"><parm>input</parm><parm>avg time</parm><parm default="input * 2">initial</parm><eqn>s</eqn><variables>${stock('s', 'initial', '+f')}${flow('f', '(input - s) / avg_time')}</variables></macro>` +
      '<macro name="SMOOTH1"><parm>x</parm><eqn>x + 1</eqn></macro>',
  }),
  'conveyors and queues': xmileText(
    stock('line', 10, '+coming -boarding -leaving', '<queue/>') +
      flow('coming', 1) +
      '<flow name="boarding"/><flow name="leaving"><overflow/></flow>' +
      stock(
        'belt',
        0,
        '+boarding -done -lost -broken',
        '<conveyor discrete="true" one_at_a_time="false" exponential_leak="true"><len>2 * x</len><capacity>4</capacity></conveyor>',
      ) +
      '<flow name="done"/><flow name="lost" leak_start="0.25"><leak>0.1</leak></flow><flow name="broken" leak_start="0.25"><leak>x / 50</leak></flow>' +
      aux('x', 2) +
      stock('slow', 5, '+feed -end', '<conveyor><len>3</len><in_limit>2</in_limit></conveyor>') +
      flow('feed', 9) +
      '<flow name="end"/>',
  ),
  'a value of its own for the start': xmileText(
    `${stock('S', 'x', '+f') + flow('f', 'x - S')}<aux name="x"><eqn>2 * S</eqn><init_eqn>1</init_eqn></aux>`,
  ),
}

describe('writing and reading', () => {
  it.each(Object.keys(MODELS))('%s give the same source, and the same text', (name) => {
    const { source } = readXmile(MODELS[name]!)
    const text = writeXmile(source)
    const again = readXmile(text).source
    expect(withoutPlaces(again)).toEqual(withoutPlaces(source))
    expect(writeXmile(again)).toBe(text)
  })

  it.each(Object.keys(MODELS).filter((name) => name !== 'the built-ins'))('%s give the same numbers', async (name) => {
    const { source } = readXmile(MODELS[name]!)
    expect(await runOnMachine(readXmile(writeXmile(source)).source)).toEqual(await runOnMachine(source))
  })
})

/** A source with these variables from 0 to 4 by 1. */
const source = (variables: readonly SourceVariable[], more: Partial<SourceModel> = {}): SourceModel => ({
  name: 'test',
  time: { start: 0, stop: 4, dt: 1, method: 'euler', unit: 'month' },
  dimensions: [],
  variables,
  macros: [],
  unitFaults: 'finding',
  ...more,
})
const variable = (name: string, formula: string): SourceVariable => ({
  kind: 'auxiliary',
  name,
  equation: { kind: 'formula', formula: parseFormula(formula) },
})

describe('the text', () => {
  it('is XMILE 1.0 with a header, its options, and specifications in its namespace', () => {
    const root = parseXml(writeXmile(readXmile(MODELS['conveyors and queues']!).source))
    expect(root.attributes.get('version')).toBe('1.0')
    expect(root.attributes.get('xmlns')).toBe('http://docs.oasis-open.org/xmile/ns/XMILE/v1.0')
    expect(root.children.map(({ tag }) => tag)).toEqual(['header', 'sim_specs', 'model'])
    const options = root.children[0]!.children.find(({ tag }) => tag === 'options')!
    expect(options.children.map(({ tag }) => tag)).toEqual(['uses_conveyors', 'uses_queues'])
  })

  it('has a flow for the net flow of a stock, under a name that is free', async () => {
    const own = source([
      {
        kind: 'stock',
        name: 'S',
        initial: { kind: 'formula', formula: parseFormula('1') },
        inflows: [],
        outflows: [],
        flow: { kind: 'formula', formula: parseFormula('S') },
      },
      variable('S net flow', '7'),
    ])
    const { source: again } = readXmile(writeXmile(own))
    expect(again.variables.map(({ name }) => name)).toEqual(['S', 'S net flow 2', 'S net flow'])
    expect((await runOnMachine(again))['S']).toEqual([1, 2, 4, 8, 16])
  })

  it('has inputs as auxiliaries with their default, and random parameters as what is drawn at the start', async () => {
    const own = source([
      { kind: 'input', name: 'x', default: 2.5 },
      {
        kind: 'random',
        name: 'r',
        distribution: { kind: 'uniform', parameters: { low: parseFormula('1'), high: parseFormula('x') } },
      },
    ])
    const text = writeXmile(own)
    expect(text).toContain('<eqn>INIT(RANDOM(1, x))</eqn>')
    const { x, r } = await runOnMachine(readXmile(text).source)
    expect(x).toEqual(Array(5).fill(2.5))
    expect(new Set(r).size).toBe(1)
  })

  it('has where and pow by the operators of XMILE', async () => {
    const own = source([variable('a', 'where(time > 2, 1, -1) * 3 + pow(time - 1, 1 + 1) * 2')])
    expect((await runOnMachine(readXmile(writeXmile(own)).source))['a']).toEqual(
      [0, 1, 2, 3, 4].map((t) => (t > 2 ? 1 : -1) * 3 + (t - 1) ** 2 * 2),
    )
  })

  const USES: Readonly<Record<string, string>> = {
    int: 'int(time * 1.5 - 3)',
    mod: '(time * 1.5 - 3) mod 2 + mod(time, 3)',
    ceil: 'ceil(time * 1.5 - 3)',
    sign: 'sign(time - 2)',
    log: 'log(1 + time, 2)',
    quantum: 'quantum(time * 1.5 - 3, 2)',
    clamp: 'clamp(time, 1, 3)',
    roundTo: 'roundTo(time * 0.75 - 1.5, 0.5)',
  }

  it.each(Object.keys(OWN_MACROS))('has %s as a macro that says to others what it means', async (name) => {
    const own = source([variable('a', USES[name]!)])
    const text = writeXmile(own)
    expect(text).toContain(`<macro name="quesnay.${name}">`)
    const wanted = (await runOnMachine(own))['a']!
    expect((await runOnMachine(readXmile(text).source))['a']).toEqual(wanted)
    // Under another prefix the macro is read as anybody's.
    const foreign = readXmile(text.replaceAll('quesnay.', 'other.')).source
    expect(foreign.macros).toHaveLength(1)
    for (const [i, value] of (await runOnMachine(foreign))['a']!.entries()) expect(value).toBeCloseTo(wanted[i]!, 14)
  })
})

describe('what XMILE cannot say', () => {
  const one = variable('x', '1')
  const { time: _, ...timeless } = source([one])

  it.each<[string, SourceModel]>([
    ['a model without time', timeless],
    ['an entity', source([one], { entities: [{ name: 'household' }, { name: 'person', of: 'household' }] })],
    ['a solve block', source([one], { solves: [{ name: 'x', unknowns: ['x'] }] })],
    ['an identity', source([one], { identities: [{ name: 'x', left: parseFormula('1'), right: parseFormula('1') }] })],
    ['a correlation', source([one], { correlations: [{ names: ['x', 'y'], matrix: [] }] })],
    [
      'a mapped dimension',
      source([one], { dimensions: [{ name: 'x', elements: ['a'], maps: [{ to: 'y', elements: ['b'] }] }] }),
    ],
    ['a schedule', source([schedule('x', [[0, 1]])])],
    ['a series', source([{ kind: 'series', name: 'x' }])],
    ['a column', source([{ kind: 'column', name: 'x' }])],
    ['an input without a default', source([{ kind: 'input', name: 'x' }])],
    [
      'a random parameter with the distribution empirical',
      source([{ kind: 'random', name: 'x', distribution: { kind: 'empirical', parameters: {}, values: [1, 2] } }]),
    ],
    [
      'a random parameter with the distribution truncatedNormal',
      source([{ kind: 'random', name: 'x', distribution: { kind: 'truncatedNormal', parameters: {} } }]),
    ],
    [
      'a stock that is held between bounds',
      source([
        {
          kind: 'stock',
          name: 'x',
          initial: { kind: 'formula', formula: parseFormula('1') },
          inflows: [],
          outflows: [],
          max: 3,
        },
      ]),
    ],
    ['the function window', source([variable('x', 'window(1, 2)')])],
    ['the function sampleIf', source([variable('x', 'sampleIf(time > 1, time, 0)')])],
    ['the function marginal', source([variable('x', 'marginal(s, 2)')])],
    ['roundTo with 3 arguments', source([variable('x', 'roundTo(2.5, 1, even)')])],
    [
      'stepLookup of a table of another type',
      source([
        { kind: 'table', name: 't', graph: { type: 'continuous', xs: [0, 1], ys: [0, 1] } },
        variable('x', 'stepLookup(t, 2)'),
      ]),
    ],
  ])('%s is refused, and named', (construct, model) => {
    const fault = faultOf(() => writeXmile(model))
    expect(fault.code).toBe('CONSTRUCT_UNSUPPORTED')
    expect(fault.detail['construct']).toContain(construct)
    expect(fault.detail['path']).toMatch(/^(?:x|test|person|x, y)$/)
  })
})
