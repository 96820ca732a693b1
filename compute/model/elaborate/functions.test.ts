import { describe, expect, it } from 'vitest'
import { isQuesnayError, type QuesnayError } from '../../../schema/errors.ts'
import { runSource } from '../../../test/support/run-source.ts'
import { aux, flow, schedule, source, stock, table } from '../../../test/support/source.ts'
import { lower } from '../lowering/lower.ts'
import { planHash } from '../plan.ts'
import type { SourceModel } from '../source/source.ts'
import { elaborate } from './elaborate.ts'
import type { SourceFault } from './faults.ts'

const run = runSource

/** The value of a formula in a model without time. */
const value = (text: string) => run(source([aux('x', text)], { time: null }))['x']![0]!

function thrown(model: SourceModel): QuesnayError & { detail: { faults: SourceFault[] } } {
  try {
    elaborate(model)
  } catch (error) {
    if (isQuesnayError(error)) return error as ReturnType<typeof thrown>
    throw error
  }
  throw new Error('the source was elaborated')
}

describe('operators and functions of their arguments', () => {
  it.each([
    ['7 // 0', 0],
    ['7 // 2', 3.5],
    ['-7 mod 3', -1],
    ['7 mod -3', 1],
    ['int(-2.7)', -2],
    ['int(2.7)', 2],
    ['if -0.5 then 3 else 4', 3],
    ['if 0 then 3 else 4', 4],
    ['2 > 1 and not 0', 1],
    ['0 or 0', 0],
    ['3 >= 3', 1],
    ['2 <> 2', 0],
    ['2 = 2', 1],
    ['2^3^2', 512],
    ['-2^2', -4],
    ['sign(-3) + 10 * sign(0) + 100 * sign(8)', 99],
    ['safeDivide(1, 0, 9)', 9],
    ['clamp(12, 0, 10)', 10],
    ['where(1, 5, 6)', 5],
    ['quantum(-7, 2)', -6],
    ['quantum(7.5, 0)', 7.5],
    ['max(1, 5, 3)', 5],
    ['min(4, 2, 8)', 2],
    ['sum(1, 2, 3)', 6],
    ['mean(1, 2, 6)', 3],
    ['product(2, 3, 4)', 24],
    ['any(0, 0, 2)', 1],
    ['count(1, 0, -3, 0)', 2],
    ['roundTo(2.5, 1)', 3],
    ['roundTo(-2.5, 1)', -3],
    ['roundTo(0.49999999999999994, 1)', 0],
    ['roundTo(2.5, 1, even)', 2],
    ['roundTo(21, 10, up)', 30],
    ['roundTo(-21, 10, up)', -20],
    ['roundTo(29, 10, down)', 20],
    ['roundTo(-29, 10, truncate)', -20],
    ['inf > 1e300', 1],
  ])('%s is %f', (text, expected) => {
    expect(value(text)).toBe(expected)
  })

  it.each([
    ['ln(exp(2))', 2],
    ['log10(1000)', 3],
    ['log(8, 2)', 3],
    ['tan(0.5)', 0.5463024898437905],
    ['arcsin(0.5)', Math.PI / 6],
    ['arcsin(1)', Math.PI / 2],
    ['arccos(-1)', Math.PI],
    ['arctan(1)', Math.PI / 4],
    ['stddev(2, 4, 4, 4, 5, 5, 7, 9)', Math.sqrt(32 / 7)],
    ['2 * pi', 6.283185307179586],
  ])('%s is %f, but for rounding', (text, expected) => {
    expect(value(text)).toBeCloseTo(expected, 14)
  })

  it('adds a sum of a thousand terms', () => {
    const text = Array.from({ length: 990 }, (_, i) => i + 1).join(' + ')
    expect(value(text)).toBe((990 * 991) / 2)
  })
})

describe('functions of time', () => {
  const time = { start: 0, stop: 5, dt: 0.5 }
  const at = (text: string, more = {}) => run(source([aux('x', text)], { time: { ...time, ...more } }))['x']!

  it('steps at the first step at or after its time', () => {
    expect(at('step(3, 1)')).toEqual([0, 0, 3, 3, 3, 3, 3, 3, 3, 3, 3])
    expect(at('step(3, 1.2)')).toEqual([0, 0, 0, 3, 3, 3, 3, 3, 3, 3, 3])
  })

  it('steps in time although the time is rounded', () => {
    const x = run(source([aux('x', 'step(1, 0.3)')], { time: { start: 0, stop: 1, dt: 0.1 } }))['x']!
    expect(x.indexOf(1)).toBe(3)
  })

  it('pulses once, of a volume', () => {
    expect(at('pulse(10, 1)')).toEqual([0, 0, 20, 0, 0, 0, 0, 0, 0, 0, 0])
    expect(at('pulse(10, 1, 0)')).toEqual([0, 0, 20, 0, 0, 0, 0, 0, 0, 0, 0])
  })

  it('pulses again and again', () => {
    expect(at('pulse(10, 1, 1.5)')).toEqual([0, 0, 20, 0, 0, 20, 0, 0, 20, 0, 0])
  })

  it('brings the volume of a pulse into a stock by every method', () => {
    for (const method of ['euler', 'rk2', 'rk4'] as const) {
      const model = source([flow('in', 'pulse(10, 1)'), stock('s', '0', { inflows: ['in'] })], {
        time: { ...time, method },
      })
      expect(run(model)['s']!.at(-1)).toBeCloseTo(10, 12)
    }
  })

  it('opens a window for a width, and for one step at least', () => {
    expect(at('window(1, 1)')).toEqual([0, 0, 1, 1, 0, 0, 0, 0, 0, 0, 0])
    expect(at('window(1, 0)')).toEqual([0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0])
  })

  it('repeats windows up to a time and at it', () => {
    expect(at('pulseTrain(0.5, 1, 2, 2.5)')).toEqual([0, 1, 1, 0, 0, 1, 0, 0, 0, 0, 0])
    expect(at('pulseTrain(0.5, 1, 2, 2.9)')).toEqual([0, 1, 1, 0, 0, 1, 0, 0, 0, 0, 0])
    expect(at('pulseTrain(0.5, 1, 2, 3)')).toEqual([0, 1, 1, 0, 0, 1, 1, 0, 0, 0, 0])
  })

  it('rises from a time on, and until one', () => {
    expect(at('ramp(2, 3)')).toEqual([0, 0, 0, 0, 0, 0, 0, 1, 2, 3, 4])
    expect(at('ramp(2, 3, 4)')).toEqual([0, 0, 0, 0, 0, 0, 0, 1, 2, 2, 2])
  })

  it('knows the time, its step, its start and its end', () => {
    expect(at('time + 100 * dt + 1000 * starttime + 10000 * stoptime', { start: 1, stop: 2 })).toEqual([
      21051, 21051.5, 21052,
    ])
  })

  it('tells of a model without time', () => {
    const error = thrown(source([aux('x', 'step(1, 2) + dt')], { time: null }))
    expect(error.detail.faults.map((f) => f.message)).toEqual([
      'step needs a model with time; give start, stop and dt',
      'dt needs a model with time; give start, stop and dt',
    ])
  })
})

describe('functions with a memory', () => {
  const at = (text: string, more: Parameters<typeof source>[1] = {}) => run(source([aux('x', text)], more))['x']!

  it('keeps what was at the start', () => {
    expect(at('initial(time + 7)', { time: { start: 2, stop: 4 } })).toEqual([9, 9, 9])
  })

  it('remembers the step before', () => {
    expect(at('previous(time, -1)')).toEqual([-1, 0, 1, 2, 3])
    expect(at('previous(time)')).toEqual([0, 0, 1, 2, 3])
  })

  it('counts with the value before of the variable itself', () => {
    expect(at('previous(self, 0) + 1')).toEqual([1, 2, 3, 4, 5])
  })

  it('delays as a pipeline', () => {
    expect(at('delay(time, 2)')).toEqual([0, 0, 0, 1, 2])
    expect(at('delay(time, 2, 9)')).toEqual([9, 9, 0, 1, 2])
    expect(at('delay(time, 0.5, 9)', { time: { dt: 0.25, stop: 1 } })).toEqual([9, 9, 0, 0.25, 0.5])
  })

  it('smooths in the first order: each step a share of the gap', () => {
    // gap halves: 8 (1 - 1/2^n) with dt / time = 1/2
    expect(at('smooth1(8, 2, 0)')).toEqual([0, 4, 6, 7, 7.5])
  })

  it('smooths in the third order', () => {
    // stages of time 1, dt 1/2: levels after n steps by hand
    expect(at('smooth3(8, 3, 0)', { time: { dt: 0.5, stop: 2 } })).toEqual([0, 0, 0, 1, 2.5])
  })

  it('smooths a constant to itself from the start', () => {
    expect(at('smooth3(100, 2)', { time: { dt: 0.25, stop: 1 } })).toEqual([100, 100, 100, 100, 100])
    expect(at('smoothN(100, 2, 5)')).toEqual([100, 100, 100, 100, 100])
  })

  it('delays material: what goes in comes out', () => {
    const model = source([aux('out', 'delay3(pulse(6, 0), 3, 0)'), stock('s', '0', { inflows: ['out'] })], {
      time: { dt: 0.25, stop: 60 },
    })
    expect(run(model)['s']!.at(-1)).toBeCloseTo(6, 9)
  })

  it('conserves material although the delay time changes', () => {
    const model = source(
      [
        aux('t', '2 + step(6, 4)'),
        aux('in', 'window(0, 5)'),
        aux('out', 'delayN(in, t, 4, 0)'),
        stock('s', '0', { inflows: ['out'] }),
      ],
      { time: { dt: 0.125, stop: 120 } },
    )
    expect(run(model)['s']!.at(-1)).toBeCloseTo(5, 9)
  })

  it('delays material of the first order as level / time', () => {
    // level' = in - level / 2 from 2 * 2: 4, 4 + 10 - 2 = 12, 12 + 10 - 6 = 16, 18, 19
    expect(at('delay1(10, 2, 2)')).toEqual([2, 6, 8, 9, 9.5])
  })

  it('begins a material delay in balance with its input', () => {
    expect(at('delay3(5, 4)')).toEqual([5, 5, 5, 5, 5])
  })

  it('finds the trend of steady growth', () => {
    // x = 100 e^{0.1 t}: the average settles at x / (1 + 0.1 * 5), where the trend is 0.1
    const x = at('trend(100 * exp(0.1 * time), 5, 0.1)', { time: { dt: 1 / 64, stop: 10 } })
    expect(x[0]).toBeCloseTo(0.1, 12)
    expect(x.at(-1)).toBeCloseTo(0.1, 3)
  })

  it('finds no trend where there is none, nor in zeros', () => {
    expect(at('trend(7, 3)')).toEqual([0, 0, 0, 0, 0])
    expect(at('trend(0, 3)')).toEqual([0, 0, 0, 0, 0])
  })

  it('forecasts by the trend', () => {
    // average 100 / (1 + 0.1 * 2), so that the trend is 0.1: 100 (1 + 3 * 0.1)
    expect(at('forecast(100, 2, 3, 0.1)')[0]).toBeCloseTo(130, 12)
    expect(at('forecast(100, 2, 3)')).toEqual([100, 100, 100, 100, 100])
  })

  it('forecasts a negative value further down when it falls', () => {
    expect(at('forecast(-10 - time, 2, 1)')[2]!).toBeLessThan(-12)
  })

  it('samples while a condition holds', () => {
    expect(at('sampleIf(time mod 2 = 1, time, 9)')).toEqual([9, 1, 1, 3, 3])
  })

  it('takes the order of a delay from a constant', () => {
    const model = source([aux('n', '1 + 2'), aux('x', 'smoothN(8, 3, n, 0)')], { time: { dt: 0.5, stop: 2 } })
    expect(run(model)['x']).toEqual([0, 0, 0, 1, 2.5])
  })

  it('takes the order of a delay from the lesser or the greater of constants', () => {
    const model = source(
      [aux('n', '3'), aux('x', 'smoothN(8, 3, max(1, n), 0)'), aux('y', 'smoothN(8, 3, min(n, 1), 0)')],
      { time: { dt: 0.5, stop: 2 } },
    )
    const columns = run(model)
    expect(columns['x']).toEqual([0, 0, 0, 1, 2.5])
    expect(columns['y']!.slice(0, 2)).toEqual([0, 8 / 6])
    expect(thrown(source([aux('x', 'smoothN(8, 3, max(1, 2, 3), 0)')])).message).toContain('is computed')
  })

  it('refuses an order that is computed', () => {
    const error = thrown(source([aux('n', 'time'), aux('Late Orders', 'delayN(1, 3, n)')]))
    expect(error.code).toBe('CONSTRUCT_UNSUPPORTED')
    expect(error.message).toContain('Late Orders: the order of delayN is computed')
  })

  it('refuses an order that is no whole number', () => {
    expect(thrown(source([aux('x', 'smoothN(1, 3, 2.5)')])).message).toContain('is 2.5; it is a whole number')
  })

  it('gives the same plan in whatever order variables are declared', () => {
    const variables = [
      aux('a', 'smooth3(s, 2) + delay(s, 2) + normal(0, 1)'),
      flow('out', 'a / 10'),
      stock('s', '10', { outflows: ['out'], nonNegative: true }),
    ]
    const hash = (model: SourceModel) => planHash(lower(elaborate({ ...model, outputs: ['s', 'a'] }).model))
    expect(hash(source(variables.toReversed()))).toBe(hash(source(variables)))
  })

  it('names hidden variables by the variable and the place, not by the order of declarations', () => {
    const variables = [aux('a', 'smooth1(time, 2) + smooth1(time, 3)'), aux('b', 'delay3(a, 2)')]
    const names = (model: SourceModel) => elaborate(model).model.variables.map((v) => v.name)
    const there = names(source(variables))
    expect(there.toSorted()).toEqual(names(source(variables.toReversed())).toSorted())
    expect(there).toEqual([
      'a.smooth1#1.level',
      'a.smooth1#2.level',
      'a',
      'b.delay3#1.level1',
      'b.delay3#1.level2',
      'b.delay3#1.level3',
      'b',
    ])
  })
})

describe('tables', () => {
  const graph = { type: 'continuous', xs: [0, 1, 2], ys: [0, 10, 30] } as const
  const xs = [-1, 0.5, 1.5, 3]
  const read = (type: 'continuous' | 'extrapolate' | 'discrete') =>
    xs.map((x) => run(source([aux('x', `${x}`, { graph: { ...graph, type } })], { time: null }))['x']![0])

  it('reads the graph of a variable by its type', () => {
    expect(read('continuous')).toEqual([0, 5, 20, 30])
    expect(read('extrapolate')).toEqual([-10, 5, 20, 50])
    expect(read('discrete')).toEqual([0, 0, 10, 30])
  })

  it('reads a table as a function, and by the functions of tables', () => {
    const at = (text: string) =>
      run(source([table('t', [0, 1, 2], [0, 10, 30]), aux('x', text)], { time: null }))['x']![0]
    expect(at('t(0.5)')).toBe(5)
    expect(at('lookup(t, 0.5)')).toBe(5)
    expect(at('extrapolate(t, 3)')).toBe(50)
    expect(at('stepLookup(t, 0.5)')).toBe(0)
    expect(at('size(t)')).toBe(3)
  })

  it('reads the graph of an auxiliary at another place than its own', () => {
    const model = source([aux('a', '2', { graph }), aux('x', 'a + 1000 * a(1)')], { time: null })
    expect(run(model)['x']).toEqual([10030])
  })

  it('reads schedules', () => {
    const tax = schedule('tax', [
      [10, 0.1],
      [20, 0.5],
    ])
    const at = (text: string) => run(source([tax, aux('x', text)], { time: null }))['x']![0]
    expect(at('marginal(tax, 26)')).toBeCloseTo(1 + 3, 12)
    expect(at('marginal(tax, 5)')).toBe(0)
    expect(at('singleAmount(tax, 15)')).toBe(0.1)
    expect(at('singleAmount(tax, 20)')).toBe(0.5)
    expect(at('singleAmount(tax, 9)')).toBe(0)
    expect(at('marginalAmount(tax, 25)')).toBe(0.6)
    expect(at('marginalAmount(tax, -3)')).toBe(0)
    expect(at('average(tax, 24)')).toBe(12)
    expect(at('average(tax, 9)')).toBe(0)
  })

  it('reads schedules whose thresholds and rates are formulas as those of numbers', () => {
    const tax = schedule('tax', [
      ['first', 'low'],
      ['first + 10', 0.5],
    ])
    const at = (text: string) =>
      run(source([aux('first', '10'), aux('low', '0.1'), tax, aux('x', text)], { time: null }))['x']![0]
    expect(at('marginal(tax, 2 * 13)')).toBeCloseTo(1 + 3, 12)
    expect(at('marginal(tax, 5)')).toBe(0)
    expect(at('singleAmount(tax, 15)')).toBe(0.1)
    expect(at('singleAmount(tax, 20)')).toBe(0.5)
    expect(at('singleAmount(tax, 9)')).toBe(0)
    expect(at('marginalAmount(tax, 25)')).toBe(0.6)
    expect(at('marginalAmount(tax, -3)')).toBe(0)
    expect(at('average(tax, 24)')).toBe(12)
    expect(at('average(tax, 9)')).toBe(0)
  })

  it('reads a schedule of an array by the element that the subscript names', () => {
    const tax = schedule(
      'tax',
      [
        [0, 0.1],
        ['top', 0.5],
      ],
      { dimensions: ['status'] },
    )
    const at = (status: number) =>
      run(
        source(
          [
            aux('status of unit', `${status}`),
            aux('top', { single: '10', joint: '20' }, { dimensions: ['status'] }),
            tax,
            aux('x', 'marginal(tax[status_of_unit], 30)'),
          ],
          { time: null, dimensions: [{ name: 'status', elements: ['single', 'joint'] }] },
        ),
      )['x']![0]
    expect(at(1)).toBeCloseTo(1 + 10, 12)
    expect(at(2)).toBeCloseTo(2 + 5, 12)
  })

  it('tells of a table used as a value, a schedule used as a table and a value used as a table', () => {
    const model = source([
      table('t', [0, 1], [0, 1]),
      schedule('tax', [[10, 1]]),
      aux('a', 't + 1'),
      aux('b', 'lookup(tax, 1)'),
      aux('c', 'lookup(a, 1)'),
      aux('d', 'marginal(t, 1)'),
    ])
    expect(thrown(model).detail.faults.map(({ path, message }) => `${path}: ${message}`)).toEqual([
      'a: t is a table; use it as lookup(t, x)',
      'b: tax is a schedule; use it as marginal, singleAmount, marginalAmount or average',
      'c: a has no graph',
      'd: t is no schedule; marginal reads thresholds and values',
    ])
  })
})
