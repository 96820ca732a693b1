// What constructs of Vensim become in the source model.
import { describe, expect, it } from 'vitest'
import { around, becomes, equationOf, mdl, read, text, variable } from '../../../test/support/mdl.ts'
import { readVensim } from './read-vensim.ts'

describe('the parts of a file', () => {
  const whole = String.raw`{UTF-8}
********************************************************
	.Population
********************************************************~
		A "group" with an odd mark: 5" and {braces
	|
Population = INTEG (
	births - deaths {net}, {of}
		initial population)
	~	people [0,?,1]
	~	Everyone; a comment may have a "quote and an { in it,
		and a second line.
	~	:SUPPLEMENTARY
	|
births = Population * \
		birth rate ~ people/Month ~|
deaths = 0 ~~| birth rate == 0.02
	~	1/Month
	~	|
"initial (x) \"population\"" = 7 ~ people ~|
initial population = "Initial (X) \"Population\"" ~~|
FINAL TIME = INITIAL TIME + 2*50 ~ Month ~|
INITIAL TIME = 10 ~ Month ~|
SAVEPER = TIME STEP * 4 ~ Month [0,?] ~|
TIME STEP = 1/4 ~ Month [0,?] ~ The step. |
\\\---/// Sketch information - do not modify anything except names
V300  Do not put anything below this section - it will be ignored
*View 1
10,1,Population,40,20,8,8,3,3,0,0,0,0,0,0
///---\\\
:L<%^E!@
1:Current.vdf
15:0,0,0,5,0,0
`
  const { source, findings } = readVensim(whole)

  it('makes a stock of INTEG, with its net flow, unit without range, and comment', () => {
    const stock = variable({ source, findings }, 'Population')
    expect(stock).toMatchObject({
      kind: 'stock',
      name: 'Population',
      unit: 'people',
      doc: 'Everyone; a comment may have a "quote and an { in it, and a second line.',
      provenance: 'line 7',
      inflows: [],
      outflows: [],
    })
    expect(stock.kind === 'stock' && text(stock.flow)).toBe('births - deaths')
    expect(stock.kind === 'stock' && text(stock.initial)).toBe('initial_population')
  })

  it('joins continued lines and takes == for =', () => {
    expect(equationOf({ source, findings }, 'births')).toBe('Population * birth_rate'.toLowerCase())
    expect(equationOf({ source, findings }, 'birth rate')).toBe('0.02')
  })

  it('finds quoted names whatever their case, and shows them without quotation marks', () => {
    expect(source.variables.map(({ name }) => name)).toContain('initial (x) "population"')
    expect(equationOf({ source, findings }, 'initial population')).toBe(String.raw`"initial_(x)_\"population\""`)
  })

  it('takes the time from control variables that are made of constants, and keeps them as variables in the order of the file', () => {
    expect(source.time).toEqual({ start: 10, stop: 110, dt: 0.25, saveEvery: 1, method: 'rk4', unit: 'Month' })
    expect(source.variables.map(({ name }) => name).slice(-4)).toEqual([
      'FINAL TIME',
      'INITIAL TIME',
      'SAVEPER',
      'TIME STEP',
    ])
    expect(source.outputs).toBeUndefined()
  })

  it('takes units as findings and finds nothing else to tell', () => {
    expect(source.unitFaults).toBe('finding')
    expect(findings).toEqual([])
  })

  it('reads the same from a file with a byte order mark and carriage returns', () => {
    expect(readVensim(`\uFEFF${whole.replaceAll('\n', '\r\n')}`)).toEqual(readVensim(whole))
    expect(readVensim(whole.replaceAll('\n', '\r'))).toEqual(readVensim(whole))
  })

  it('takes Euler where there are no settings', () => {
    expect(read('x = 1').source.time).toMatchObject({ method: 'euler' })
    expect(read('x = 1').source.time).not.toHaveProperty('saveEvery')
  })

  it.each([
    [0, 'euler', []],
    [1, 'rk4', ['FIXED_STEP']],
    [2, 'euler', []],
    [3, 'rk2', ['FIXED_STEP']],
    [4, 'rk2', []],
    [5, 'rk4', []],
  ])('takes the integration type %i as %s', (type, method, codes) => {
    const model = readVensim(
      `${mdl(['x = 1'])}\\\\\\---/// Sketch\n///---\\\\\\\n:L\u007f<%^E!@\n9:a,b\n15:0,0,0,${type},0,0\n`,
    )
    expect(model.source.time?.method).toBe(method)
    expect(model.findings.map(({ code }) => code)).toEqual(codes)
  })

  it('passes over reality checks and says so', () => {
    const model = read('no birds = :THE CONDITION: birds = 0 :IMPLIES: eggs = 0', 'x = 1')
    expect(model.source.variables.map(({ name }) => name)).not.toContain('no birds')
    expect(model.findings).toMatchObject([{ severity: 'INFO', code: 'REALITY_CHECK_PASSED_OVER', path: 'no birds' }])
  })

  it('reads names of several words, of other alphabets, and with digits, dollars and apostrophes', () => {
    const model = read('Größe der  Stadt 2 = 3', "O'Brien's $ = größe_der stadt 2 * 人口", '人口 = 4')
    expect(equationOf(model, "O'Brien's $")).toBe(`größe_der_stadt_2 * 人口`)
    expect(model.source.variables[0]?.name).toBe('Größe der Stadt 2')
  })
})

describe('expressions', () => {
  it.each([
    ['a + b * c - d / a', 'a + b * c - d / a'],
    ['-a ^ 2', '-a^2'],
    ['-2 ^ 2', '-2^2'],
    ['a ^ -b ^ c * d', 'a^-b^c * d'],
    ['2 * - a', '2 * -a'],
    ['+a', 'a'],
    ['a - b - c', 'a - b - c'],
    ['a - (b - c)', 'a - (b - c)'],
    ['a > b :AND: c <> d :or: :NOT: (a <= b)', 'a > b and c <> d or not (a <= b)'],
    ['1e-3 + .5 + 5. + 1E6', '0.001 + 0.5 + 5 + 1000000'],
    [':NA:', '-649037107316853453566312041152512'],
    ['Time + TIME STEP', 'time + time_step'],
  ])('reads %s as %s', (vensim, formula) => {
    const found = becomes(vensim)
    expect(vensim === ':NA:' ? Number(found) : found).toBe(vensim === ':NA:' ? Number(formula) : formula)
  })

  it('groups powers from the right, and tells that :NOT: could be read in two ways', () => {
    const power = around('a ^ b ^ c')
    expect(equationOf(power, 'x')).toBe('a^b^c')
    expect(variable(power, 'x')).toMatchObject({
      equation: { formula: { left: { name: 'a' }, right: { operator: '^' } } },
    })
    expect(power.findings).toEqual([])
    const negation = around(':NOT: a = b')
    expect(variable(negation, 'x')).toMatchObject({
      equation: { formula: { operator: '=', left: { operator: 'not' } } },
    })
    expect(negation.findings).toMatchObject([{ code: 'AMBIGUOUS_NOT' }])
    expect(around(':NOT: (a = b) + (a ^ b) ^ c').findings).toEqual([])
  })

  it.each([
    ['IF THEN ELSE(a > 1, b, c)', 'if a > 1 then b else c'],
    ['if_then_else (a, b, c)', 'if a then b else c'],
    ['MIN(a, b) + MAX(c, d)', 'min(a, b) + max(c, d)'],
    ['ABS(a) + EXP(b) + LN(c) + SQRT(d)', 'abs(a) + exp(b) + ln(c) + sqrt(d)'],
    ['LOG(a, b) + POWER(c, d)', 'log(a, b) + pow(c, d)'],
    ['SIN(a) + COS(b) + TAN(c)', 'sin(a) + cos(b) + tan(c)'],
    ['ARCSIN(a) + ARCCOS(b) + ARCTAN(c)', 'arcsin(a) + arccos(b) + arctan(c)'],
    ['INTEGER(a) + MODULO(b, c) + QUANTUM(c, d)', 'int(a) + mod(b, c) + quantum(c, d)'],
    ['XIDZ(a, b, c)', 'if int(b * 1000000) = 0 then c else safeDivide(a, b, c)'],
    ['ZIDZ(a, b)', 'if int(b * 1000000) = 0 then 0 else safeDivide(a, b, 0)'],
    ['ZIDZ(a, RANDOM 0 1())', 'safeDivide(a, uniform(0, 1), 0)'],
    ['GAME(a + 1)', 'a + 1'],
    ['INITIAL(s)', 'initial(s)'],
    ['STEP(a, b) + RAMP(a, b, c)', 'step(a, b) + ramp(a, b, c)'],
    ['PULSE(a, b)', 'window(a, b)'],
    ['PULSE TRAIN(a, b, c, d)', 'pulseTrain(a, b, c, d)'],
    ['DELAY1(a, b) + DELAY1I(a, b, c)', 'delay1(a, b) + delay1(a, b, c)'],
    ['DELAY3(a, b) + DELAY3I(a, b, c)', 'delay3(a, b) + delay3(a, b, c)'],
    ['DELAY N(a, b, c, 2)', 'delayN(a, b, 2, c)'],
    ['DELAY FIXED(a, b, c)', 'delay(a, b, c)'],
    ['SMOOTH(a, b) + SMOOTHI(a, b, c)', 'smooth1(a, b) + smooth1(a, b, c)'],
    ['SMOOTH3(a, b) + SMOOTH3I(a, b, c)', 'smooth3(a, b) + smooth3(a, b, c)'],
    ['SMOOTH N(a, b, c, 2)', 'smoothN(a, b, 2, c)'],
    ['TREND(a, b, c) + FORECAST(a, b, c)', 'trend(a, b, c) + forecast(a, b, c)'],
    ['SAMPLE IF TRUE(a > 1, b, c)', 'sampleIf(a > 1, b, c)'],
    ['SUM(arr[Region!] * 2)', 'sum(arr[region!] * 2)'],
    [
      'PROD(arr[Region!]) + VMIN(arr[Region!]) + VMAX(arr[Region!])',
      'product(arr[region!]) + min(arr[region!]) + max(arr[region!])',
    ],
    ['ELMCOUNT(Region) + arr[north]', '2 + arr[north]'],
    ['south', '2'],
    ['f(a)', 'lookup(f, a)'],
    ['LOOKUP EXTRAPOLATE(f, a) + LOOKUP BACKWARD(f, a)', 'extrapolate(f, a) + stepLookup(f, a)'],
    ['RANDOM UNIFORM(a, b, 0)', 'uniform(a, b)'],
    ['RANDOM NORMAL(a, b, c, d, 0)', 'normal(c, d, a, b)'],
    ['RANDOM POISSON(0, 90, a, 0, 1, 0)', 'clamp(poisson(a), 0, 90)'],
    ['RANDOM GAMMA(0, 90, a, b, c, 0)', 'clamp(b + gamma(a, 1) * c, 0, 90)'],
    ['RANDOM BETA(0, 1, a, b, 0, 1, 0)', 'beta(a, b)'],
    ['RANDOM BETA(0.1, 1, a, b, 0, 1, 0)', 'clamp(beta(a, b), 0.1, 1)'],
    ['RANDOM TRIANGULAR(0, 9, 1, 2, 3, 0)', 'triangular(1, 2, 3)'],
    ['RANDOM TRIANGULAR(2, 9, 1, 2, 3, 0)', 'clamp(triangular(1, 2, 3), 2, 9)'],
    [
      'RANDOM EXPONENTIAL(a, b, c, d, 0)',
      'c + (max(0, (a - c) / d) - ln(1 - uniform(0, 1) * (1 - exp(max(0, (a - c) / d) - (b - c) / d)))) * d',
    ],
    [
      'VECTOR SELECT(arr[Region!], arr[Region!], a, 3, 0)',
      'if any(arr[region!]) then max(if arr[region!] <> 0 then arr[region!] * arr[region!] else -inf) else a',
    ],
    [
      'VECTOR SELECT(arr[Region!], arr[Region!], a, 6, 0)',
      'if any(arr[region!]) then sum(if arr[region!] <> 0 then arr[region!] else 0) else a',
    ],
  ])('reads %s as %s', (vensim, formula) => {
    expect(becomes(vensim)).toEqual(formula)
  })

  it('tells once of a variable that the stream of its draws is not used, and that draws are held at bounds', () => {
    const { findings } = around('RANDOM POISSON(0, 90, a, 0, 1, 0) + RANDOM POISSON(0, 9, a, 0, 1, 7)')
    expect(findings.map(({ severity, code, path }) => [severity, code, path])).toEqual([
      ['INFO', 'STREAM_NOT_USED', 'x'],
      ['WARNING', 'DRAWS_HELD_AT_BOUNDS', 'x'],
    ])
  })

  it('does not take a variable of the name inf for infinity', () => {
    const model = read('D: p, q', 'arr[D] = 1', 'inf = 3', 'x = VECTOR SELECT(arr[D!], arr[D!], 0, 8, 0)')
    expect(equationOf(model, 'x')).toMatch(/ else 1\.7976931348623157e\+308\) else 0$/)
  })

  it('lets a variable or a lookup have the name of a function', () => {
    const model = read('sum((0,0),(1,1))', 'x = sum(0.5)')
    expect(equationOf(model, 'x')).toBe('lookup(sum, 0.5)')
  })
})

describe('lookups', () => {
  it('reads pairs, with and without a range and reference points, and all x before all y', () => {
    const model = read(
      'f([(0,-1)-(10,2),(3,4)], (0,-1), (5,1e1) , (10,-.5))',
      'g(0,5,10, -1,10,-.5)',
      'h([(0,0)-(1,1)](0,-1),(5,10),(10,-0.5))',
    )
    const graph = { type: 'continuous', xs: [0, 5, 10], ys: [-1, 10, -0.5] }
    for (const name of ['f', 'g', 'h']) expect(variable(model, name)).toMatchObject({ kind: 'table', graph })
  })

  it('takes a point that stands twice once', () => {
    expect(variable(read('f((0,0),(0,0),(1,1))'), 'f')).toMatchObject({ graph: { xs: [0, 1], ys: [0, 1] } })
  })

  it('makes an auxiliary with a graph of WITH LOOKUP, and a table of it where it stands inside', () => {
    const model = read('x = WITH LOOKUP(Time, ([(0,0)-(9,9)],(0,1),(2,3)))', 'y = 2 * WITH LOOKUP(x, ((0,1),(2,3)))')
    const graph = { type: 'continuous', xs: [0, 2], ys: [1, 3] }
    expect(variable(model, 'x')).toMatchObject({ kind: 'auxiliary', equation: { formula: { name: 'time' } }, graph })
    expect(equationOf(model, 'y')).toBe('2 * lookup("y_(lookup_1)", x)')
    expect(variable(model, 'y (lookup 1)')).toMatchObject({ kind: 'table', graph })
  })

  it('reads LOOKUP FORWARD from the mirrored table', () => {
    const model = read('f((0,5),(1,6),(3,8))', 'x = LOOKUP FORWARD(f, Time)')
    expect(equationOf(model, 'x')).toBe('stepLookup("f_(mirrored)", -time)')
    expect(variable(model, 'f (mirrored)')).toMatchObject({ kind: 'table', graph: { xs: [-3, -1, 0], ys: [8, 6, 5] } })
  })

  it('gives each element its own lookup, or all one', () => {
    const model = read(
      'D: p, q',
      'f[p]((0,0),(1,1))',
      'f[q]((0,0),(1,2))',
      'g[D]((0,0),(1,3))',
      'x[D] = f[D](0.5) + g[q](1)',
    )
    expect(variable(model, 'f')).toMatchObject({
      kind: 'table',
      dimensions: ['D'],
      graph: { p: { ys: [0, 1] }, q: { ys: [0, 2] } },
    })
    expect(variable(model, 'g')).toMatchObject({ kind: 'table', dimensions: ['D'], graph: { ys: [0, 3] } })
    expect(equationOf(model, 'x')).toBe('lookup(f[d], 0.5) + lookup(g[q], 1)')
  })
})

describe('macros', () => {
  const text = [
    ':MACRO: Adjust(input, time to adjust)',
    'Adjust = INTEG(change, input * 2) ~ input ~ The level. |',
    'change = (input - Adjust) / time to adjust * scale$ + Time$ - Time$ ~~|',
    ':END OF MACRO:',
    'scale = 3',
    'x = Adjust(scale, 4) + 1',
  ]
  const model = read(...text)

  it('keeps a macro with its variables; its result is the variable of its name', () => {
    const [macro] = model.source.macros
    expect(macro).toMatchObject({
      name: 'Adjust',
      parameters: [{ name: 'input' }, { name: 'time to adjust' }],
      result: { name: 'adjust' },
    })
    expect(macro?.variables.map(({ name, kind }) => [name, kind])).toEqual([
      ['Adjust', 'stock'],
      ['change', 'auxiliary'],
    ])
    expect(equationOf(model, 'x')).toBe('adjust(scale, 4) + 1')
  })

  it('takes names with a dollar sign from the model', () => {
    const change = model.source.macros[0]?.variables[1]
    expect(
      change?.kind === 'auxiliary' && text && change.equation.kind === 'formula' && change.equation.formula,
    ).toBeTruthy()
    expect(
      equationOf({ source: { ...model.source, variables: model.source.macros[0]!.variables }, findings: [] }, 'change'),
    ).toBe('(input - adjust) / time_to_adjust * scale + time - time')
  })

  it('passes lookups to macros', () => {
    const passed = read(
      ':MACRO: F(table, at)',
      'F = table(at) + LOOKUP BACKWARD(table, at) ~~|',
      ':END OF MACRO:',
      'f1((0,0),(1,1))',
      'x = F(f1, 0.5)',
    )
    expect(equationOf(passed, 'x')).toBe('f(f1, 0.5)')
    const inside = { source: { ...passed.source, variables: passed.source.macros[0]!.variables }, findings: [] }
    expect(equationOf(inside, 'F')).toBe('lookup(table, at) + stepLookup(table, at)')
  })
})
