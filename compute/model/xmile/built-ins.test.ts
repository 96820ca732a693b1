// Tests of XMILE's expressions and built-in functions against closed forms and difference equations worked out by hand.
import { describe, expect, it } from 'vitest'
import { faultOf } from '../../../test/support/faults.ts'
import { runOnMachine } from '../../../test/support/run-on-machine.ts'
import { aux, specs, stock, xmileText } from '../../../test/support/xmile-text.ts'
import { BUILT_IN_NAMES } from './built-ins.ts'
import { readXmile } from './read-xmile.ts'

const VENSIM = '<vendor>Ventana Systems, xmutil</vendor><product lang="en">Vensim, xmutil</product>'

/** The values of an equation from 0 to 4 by 1, or as said. */
async function valuesOf(equation: string, variables = '', parts: Parameters<typeof xmileText>[1] = {}) {
  const { source } = readXmile(xmileText(variables + aux('a', equation), parts))
  return (await runOnMachine(source))['a']!
}
const firstOf = async (equation: string, parts?: Parameters<typeof xmileText>[1]) =>
  (await valuesOf(equation, '', parts))[0]!

describe('expressions', () => {
  it.each([
    ['-2^2', -4],
    ['2^3^2', 512],
    ['2^-1', 0.5],
    ['(-3)^2', 9],
    ['-2 * -3', 6],
    ['2 - 3 - 4', -5],
    ['12 / 3 * 2', 8],
    ['7 // 2', 3.5],
    ['7 // 0', 0],
    ['1 + 2 * 3 > 6', 1],
    ['3 > 2 = 1', 1],
    ['2 <> 2', 0],
    ['1 < 2 AND 2 <= 2 AND 3 >= 3', 1],
    ['1 OR 0 AND 0', 1],
    ['NOT 0', 1],
    ['not 5', 0],
    ['NOT 0 = 1', 1],
    ['IF 1 > 2 THEN 3 ELSE IF 2 > 1 THEN 4 ELSE 5', 4],
    ['if(1 > 2, 3, 4)', 4],
    ['2 * IF(IF(0, 1, 0), 3, MAX(4, 5))', 10],
    ['IF_THEN_ELSE(2, 3, 4)', 3],
    ['1 { one { and } + 2 {two}', 3],
    ['.5 + 14. + 6E1 + 5e-1', 75],
    ['std.ABS(-2)', 2],
    ['GAME(3) * 2', 6],
  ])('%s is %d', async (equation, value) => {
    expect(await firstOf(equation)).toBe(value)
  })

  it('over several lines and with references to characters are read as one', async () => {
    const { source } = readXmile(xmileText('<aux name="a"><eqn>\n 1 +\n&#9;2\n {&amp;}&gt; 2\n</eqn></aux>'))
    expect((await runOnMachine(source))['a']![0]).toBe(1)
  })

  it('know names without regard to case, spaces, underscores, line breaks and quotation marks', async () => {
    const names = aux('Wom \\n Multiplier', 5) + aux('&quot;x&quot;', 7)
    expect((await valuesOf('wom_multiplier + "WOM multiplier" + Wom____Multiplier + "x"', names))[0]).toBe(22)
  })
})

describe('INT and MOD', () => {
  it.each([
    ['INT(2.7)', 2, 2],
    ['INT(-2.3)', -3, -2],
    // the sign binds more than MOD
    ['-7 MOD 3', 2, -1],
    ['7 MOD -3', -2, 1],
    ['MOD(-7, 3)', 2, -1],
    ['0.1 MOD 3', 0.1, 0.1],
    ['INT(-7 / 3) * 3 + -7 MOD 3', -7, -7],
  ])('%s is %d in XMILE and %d in a file from Vensim', async (equation, floored, truncated) => {
    expect([await firstOf(equation), await firstOf(equation, { header: VENSIM })]).toEqual([floored, truncated])
  })

  it('refuse the remainder of a random number, which would be drawn twice', () => {
    const text = xmileText(aux('a', 'RANDOM(0, 5) MOD 2'))
    expect(faultOf(() => readXmile(text))).toMatchObject({ detail: { path: 'a', construct: 'MOD of a random number' } })
  })
})

describe('mathematical functions', () => {
  it.each([
    ['ABS(-3)', 3],
    ['ARCCOS(0.5)', Math.PI / 3],
    ['ARCSIN(0.5)', Math.PI / 6],
    ['ARCTAN(1)', Math.PI / 4],
    ['COS(PI / 3)', 0.5],
    ['SIN(PI / 6)', 0.5],
    ['TAN(PI / 4)', 1],
    ['EXP(1)', Math.E],
    ['LN(EXP(2))', 2],
    ['LOG10(1000)', 3],
    ['SQRT(16)', 4],
    ['MAX(2, 7)', 7],
    ['MIN(2, 7)', 2],
    ['MAX(2, 7, 9, 1)', 9],
    ['SAFEDIV(6, 3)', 2],
    ['SAFEDIV(6, 0)', 0],
    ['SAFEDIV(6, 0, 9)', 9],
    ['ROUND(2.5)', 3],
    ['ROUND(-2.5)', -3],
    ['PI()', Math.PI],
    ['IF INF > 1E300 THEN 1 ELSE 0', 1],
  ])('%s', async (equation, value) => {
    expect(Math.abs((await firstOf(equation)) - value)).toBeLessThan(1e-14 * Math.max(1, Math.abs(value)))
  })
})

describe('time and test inputs', () => {
  const half = { specs: specs(10, 12, 0.5) }

  it('TIME, DT, STARTTIME and STOPTIME are those of the run', async () => {
    expect(await valuesOf('TIME', '', half)).toEqual([10, 10.5, 11, 11.5, 12])
    expect(await valuesOf('DT * 1000000 + STARTTIME * 1000 + STOPTIME', '', half)).toEqual(Array(5).fill(510_012))
  })

  it('STEP rises at its time and stays', async () => {
    expect(await valuesOf('STEP(6, 11)', '', half)).toEqual([0, 0, 6, 6, 6])
  })

  it('PULSE is its magnitude by DT for one step, and again every interval', async () => {
    expect(await valuesOf('PULSE(20, 10.5)', '', half)).toEqual([0, 40, 0, 0, 0])
    expect(await valuesOf('PULSE(20, 10.5, 1)', '', half)).toEqual([0, 40, 0, 40, 0])
    expect(await valuesOf('PULSE(20, 10.5, 0)', '', half)).toEqual([0, 40, 0, 0, 0])
  })

  it('RAMP rises by its slope from its time on', async () => {
    expect(await valuesOf('RAMP(2, 11)', '', half)).toEqual([0, 0, 0, 1, 2])
  })
})

describe('delays and smooths', () => {
  const jump = 'STEP(8, 1)'

  it('DELAY gives its input as it was, and the initial value until then', async () => {
    expect(await valuesOf('DELAY(TIME, 2)')).toEqual([0, 0, 0, 1, 2])
    expect(await valuesOf('DELAY(TIME, 2, 9)')).toEqual([9, 9, 0, 1, 2])
  })

  it('SMTH1 moves by a part of the gap: s += (x - s) / 2', async () => {
    expect(await valuesOf(`SMTH1(${jump}, 2)`)).toEqual([0, 0, 4, 6, 7])
    expect(await valuesOf(`SMTH1(0, 2, 8)`)).toEqual([8, 4, 2, 1, 0.5])
  })

  it('SMTH3 is three smooths of a third of the time, one after the other', async () => {
    // tau = 6 / 3 = 2: each s_i += (s_(i-1) - s_i) / 2 with x = 8 from 1 on
    expect(await valuesOf(`SMTH3(${jump}, 6)`, '', { specs: specs(0, 5, 1) })).toEqual([0, 0, 0, 0, 1, 2.5])
    expect(await valuesOf(`SMTHN(${jump}, 6, 3)`, '', { specs: specs(0, 5, 1) })).toEqual([0, 0, 0, 0, 1, 2.5])
  })

  it('DELAY1 is the outflow of a level: l += x - l / 2, out l / 2', async () => {
    expect(await valuesOf(`DELAY1(${jump}, 2)`)).toEqual([0, 0, 4, 6, 7])
    expect(await valuesOf('DELAY1(0, 2, 8)')).toEqual([8, 4, 2, 1, 0.5])
  })

  it('DELAY3 and DELAYN are such levels in a row', async () => {
    expect(await valuesOf(`DELAY3(${jump}, 6)`, '', { specs: specs(0, 5, 1) })).toEqual([0, 0, 0, 0, 1, 2.5])
    expect(await valuesOf(`DELAYN(${jump}, 4, 2)`, '', { specs: specs(0, 5, 1) })).toEqual([0, 0, 0, 2, 4, 5.5])
    expect(await valuesOf('DELAYN(0, 4, 2, 8)')).toEqual([8, 8, 6, 4, 2.5])
  })

  it('TREND is the gap to the average, by the average and time; 0 at the start', async () => {
    // x = 1 + t, average a += (x - a) / 2 from 1: 1, 1, 1.5, 2.25, 3.125
    const x = [1, 2, 3, 4, 5]
    const a = [1, 1, 1.5, 2.25, 3.125]
    expect(await valuesOf('TREND(1 + TIME, 2)')).toEqual(x.map((value, i) => (value - a[i]!) / (2 * a[i]!)))
  })

  it('FORCST carries its input on by that trend', async () => {
    const x = [1, 2, 3, 4, 5]
    const a = [1, 1, 1.5, 2.25, 3.125]
    const expected = x.map((value, i) => value * (1 + (10 * (value - a[i]!)) / (a[i]! * 2)))
    for (const [i, value] of (await valuesOf('FORCST(1 + TIME, 2, 10)')).entries())
      expect(value).toBeCloseTo(expected[i]!, 12)
    // an initial trend of 0.5: the average begins with x / (1 + 0.5 * 2)
    expect((await valuesOf('FORCST(4, 2, 10, 0.5)'))[0]).toBeCloseTo(4 * (1 + (10 * (4 - 2)) / (2 * 2)), 12)
  })

  it('PREVIOUS is the value at the step before, and its initial value at the first', async () => {
    expect(await valuesOf('PREVIOUS(TIME, -1)')).toEqual([-1, 0, 1, 2, 3])
  })

  it('SELF in PREVIOUS keeps a value', async () => {
    expect(await valuesOf('PREVIOUS(SELF, 0) + 2')).toEqual([2, 4, 6, 8, 10])
  })

  it('INIT is the value at the start', async () => {
    expect(await valuesOf('INIT(TIME + 3) + TIME')).toEqual([3, 4, 5, 6, 7])
  })
})

describe('random functions', () => {
  const many = { specs: specs(0, 4000, 1) }
  const moments = (values: readonly number[]) => {
    const mean = values.reduce((sum, x) => sum + x, 0) / values.length
    return { mean, sd: Math.sqrt(values.reduce((sum, x) => sum + (x - mean) ** 2, 0) / (values.length - 1)) }
  }

  it.each([
    ['NORMAL(100, 5)', 100, 5],
    ['UNIFORM(0, 12)', 6, Math.sqrt(12)],
    ['RANDOM(0, 12)', 6, Math.sqrt(12)],
    ['LOGNORMAL(10, 2)', 10, 2],
    ['EXPRND(8)', 8, 8],
    ['POISSON(9)', 9, 3],
    ['TRIANGULAR(0, 3, 6)', 3, Math.sqrt(1.5)],
    ['GAMMA(4, 2)', 8, 4],
    ['BETA(2, 2)', 0.5, Math.sqrt(0.05)],
  ])('%s has a mean of %d and a standard deviation of %d', async (equation, mean, sd) => {
    const found = moments(await valuesOf(equation, '', many))
    // five standard errors of 4,001 draws; that of the deviation for a kurtosis of up to 9
    expect(Math.abs(found.mean - mean)).toBeLessThan((5 * sd) / Math.sqrt(4001))
    expect(Math.abs(found.sd - sd)).toBeLessThan((5 * sd * Math.sqrt(2)) / Math.sqrt(4001))
  })

  it('NORMAL between bounds (isee) stays within them', async () => {
    const values = await valuesOf('NORMAL(0, 1, 7, -0.5, 1)', '', many)
    expect(Math.min(...values)).toBeGreaterThanOrEqual(-0.5)
    expect(Math.max(...values)).toBeLessThanOrEqual(1)
  })

  it.each(['NORMAL(0, 1, 42)', 'RANDOM(0, 1, 42)', 'LOGNORMAL(1, 1, 42)', 'POISSON(3, 42)', 'EXPRND(3, 42)'])(
    '%s tells that its seed is not used',
    (equation) => {
      expect(readXmile(xmileText(aux('a', equation))).findings).toMatchObject([
        { severity: 'INFO', code: 'SEED_NOT_USED', path: 'a' },
      ])
      expect(readXmile(xmileText(aux('a', equation.replace(', 42', '')))).findings).toEqual([])
    },
  )

  it('have streams of their own in two variables of one equation', async () => {
    const { source } = readXmile(xmileText(aux('a', 'NORMAL(0, 1)') + aux('b', 'NORMAL(0, 1)')))
    const { a, b } = await runOnMachine(source)
    expect(a).not.toEqual(b)
  })
})

describe('functions that are not had', () => {
  it.each([
    ['HISTORY(b, 1)', 'HISTORY'],
    ['isee.HISTORY(b, 1)', 'HISTORY'],
    ['ALLOCATE(1, 2)', 'ALLOCATE'],
    ['NPV(b, 0.1)', 'NPV'],
    ['b(2)', 'B'],
  ])('%s is refused by name', (equation, name) => {
    const text = xmileText(`${aux('first', 1)}\n${aux('some variable', equation)}`)
    expect(faultOf(() => readXmile(text))).toMatchObject({
      code: 'CONSTRUCT_UNSUPPORTED',
      detail: { path: 'some variable', line: 8, construct: `the function ${name}` },
    })
  })

  it('is told which one was perhaps meant', () => {
    expect(faultOf(() => readXmile(xmileText(aux('a', 'SMOTH1(1, 2)')))).detail['suggestion']).toBe(
      'did you mean "SMTH1"?',
    )
  })

  it.each([
    ['ABS()', 'ABS(x) has 0 arguments'],
    ['SMTH1(1)', 'SMTH1(x, time, [initial]) has 1 arguments'],
    ['STEP(1, 2, 3)', 'STEP(height, from) has 3 arguments'],
    ['INT(1, 2)', 'INT takes 1 arguments, not 2'],
    ['LOOKUP(1, 2)', 'the first argument of LOOKUP'],
  ])('%s has the wrong arguments', (equation, message) => {
    const fault = faultOf(() => readXmile(xmileText(aux('a', equation))))
    expect(fault).toMatchObject({ code: 'MODEL_INVALID', detail: { path: 'a' } })
    expect(fault.message).toContain(message)
  })
})

describe('the table of built-ins', () => {
  it('has all of the standard (3.5 and 3.7.1), but for those that are no calls', () => {
    const standard =
      'abs arccos arcsin arctan cos exp int ln log10 max min sin sqrt tan exprnd lognormal normal poisson random delay delay1 delay3 ' +
      'delayn forcst smth1 smth3 smthn trend pulse ramp step init previous mean rank size stddev sum'
    expect(BUILT_IN_NAMES).toEqual(expect.arrayContaining(standard.split(' ')))
  })
})

describe('stocks of an equation that needs another', () => {
  it('begin with what the variables of their initial equation are then', async () => {
    const { source } = readXmile(xmileText(aux('x', 'TIME + 3') + stock('S', 'x * 2')))
    expect((await runOnMachine(source))['S']).toEqual([6, 6, 6, 6, 6])
  })
})
