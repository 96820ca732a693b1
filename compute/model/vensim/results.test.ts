// What Vensim models give when they run, against numbers that were found another way.
import { describe, expect, it } from 'vitest'
import { read, run } from '../../../test/support/mdl.ts'
import { elaborate } from '../elaborate/elaborate.ts'

const close = (found: readonly number[] | undefined, wanted: readonly number[], digits = 12) => {
  expect(found?.length).toBe(wanted.length)
  for (const [i, value] of wanted.entries()) expect(found![i]).toBeCloseTo(value, digits)
}
const steps = (n: number, f: (i: number) => number) => Array.from({ length: n }, (_, i) => f(i))

describe('stocks', () => {
  it('decay by Euler as powers of 1 - k dt', () => {
    const { S } = run(['S = INTEG(-0.5 * S, 8)'], { 'TIME STEP': 0.5 })
    close(
      S,
      steps(9, (i) => 8 * 0.75 ** i),
    )
  })

  it('are saved every SAVEPER, with the control variables beside them', () => {
    const columns = run(['S = INTEG(1, 0)'], { 'TIME STEP': 0.25, SAVEPER: 2 })
    expect(columns).toEqual({
      S: [0, 2, 4],
      'INITIAL TIME': [0, 0, 0],
      'FINAL TIME': [4, 4, 4],
      'TIME STEP': [0.25, 0.25, 0.25],
      SAVEPER: [2, 2, 2],
    })
  })
})

describe('precedence and logic', () => {
  it('takes -2^2 for -4, 2^-2^-3 for 2^(-(2^-3)) and 2^3^2 for 512', () => {
    expect(run(['x = -2^2', 'y = 2^3^2', 'z = 2^-2^-3'])).toMatchObject({
      x: steps(5, () => -4),
      y: steps(5, () => 512),
      z: steps(5, () => 2 ** -(2 ** -3)),
    })
  })

  it('binds :AND: tighter than :OR:, and comparisons tighter than both', () => {
    expect(run(['x = IF THEN ELSE(Time > 2 :OR: Time < 2 :AND: Time > 0, 1, 0)'])['x']).toEqual([0, 1, 0, 1, 1])
  })
})

describe('divisions', () => {
  it('take divisors below 1e-6 for zero', () => {
    const columns = run(['d = 1e-7 * (Time - 2)', 'x = ZIDZ(5, d)', 'y = XIDZ(5, d * 100, 7)'])
    expect(columns['x']).toEqual([0, 0, 0, 0, 0])
    close(columns['y'], [5 / -2e-5, 5 / -1e-5, 7, 5 / 1e-5, 5 / 2e-5], 3)
  })

  it('round towards zero in INTEGER, MODULO and QUANTUM', () => {
    const columns = run(['t = (Time - 2) * 1.9', 'i = INTEGER(t)', 'm = MODULO(t, 1)', 'q = QUANTUM(t, 0.5)'])
    expect(columns['i']?.map((x) => x + 0)).toEqual([-3, -1, 0, 1, 3])
    close(columns['m'], [-0.8, -0.9, 0, 0.9, 0.8])
    close(columns['q'], [-3.5, -1.5, 0, 1.5, 3.5])
  })
})

describe('units', () => {
  it('that fit give no finding, whatever functions become', () => {
    const { source } = read(
      'a = ZIDZ(b, c) ~ m/s ~|',
      'b = XIDZ(d, 1, d) ~ m ~|',
      'd = 3 ~ m ~|',
      'c = 2 ~ s ~|',
      'D: p, q ~~|',
      'x[D] = 3 ~ m ~|',
      'y = VECTOR SELECT(x[D!], x[D!], d, 9, 0) + VECTOR SELECT(x[D!], x[D!], d, 8, 0) ~ m ~|',
      'z = VMAX(x[D!]) + DELAY1I(d, c, d) + SMOOTH(d, c) ~ m ~|',
      'r = RANDOM EXPONENTIAL(d, d * 9, d, d, 0) ~ m ~|',
      'S = INTEG(z / c - y / c, d) ~ m ~|',
    )
    const { findings } = elaborate({ ...source, time: { ...source.time!, unit: 's' } })
    expect(findings).toEqual([])
  })
})

describe('lookups', () => {
  const f = 'f((1,10),(2,30),(4,0))'

  it('interpolate, and hold their ends', () => {
    expect(run([f, 'x = f(Time)', 'y = WITH LOOKUP(Time, ((1,10),(2,30),(4,0)))'])).toMatchObject({
      x: [10, 10, 30, 15, 0],
      y: [10, 10, 30, 15, 0],
    })
  })

  it('extrapolate, look backward and look forward where they are asked to', () => {
    const columns = run([
      f,
      'x = LOOKUP EXTRAPOLATE(f, Time * 1.5)',
      'b = LOOKUP BACKWARD(f, Time)',
      'w = LOOKUP FORWARD(f, Time * 1.5)',
    ])
    close(columns['x'], [-10, 20, 15, -7.5, -30])
    expect(columns['b']).toEqual([10, 10, 30, 30, 0])
    // At 0, 1.5, 3, 4.5 and 6: the next points are 1, 2, 4 and none.
    expect(columns['w']).toEqual([10, 30, 0, 0, 0])
  })
})

describe('times', () => {
  it('switch on at their time', () => {
    const columns = run([
      'a = STEP(3, 2)',
      'b = PULSE(1, 2)',
      'c = PULSE TRAIN(1, 1, 2, 3)',
      'd = RAMP(2, 1, 3)',
      'e = PULSE(2, 0)',
    ])
    expect(columns).toMatchObject({
      a: [0, 0, 3, 3, 3],
      b: [0, 1, 1, 0, 0],
      c: [0, 1, 0, 1, 0],
      d: [0, 0, 2, 4, 4],
      e: [0, 0, 1, 0, 0],
    })
  })
})

describe('delays and smooths', () => {
  it('follow a step as a chain of first-order levels does', () => {
    // By Euler with dt / time = 1/4: after n steps a smooth of 1 is 1 - (3/4)^n; one of order 3 moves each level by 3/4.
    const columns = run([
      'a = SMOOTHI(1, 4, 0)',
      'b = SMOOTH3I(1, 4, 0)',
      'c = SMOOTH N(1, 4, 0, 3)',
      'd = DELAY1I(1, 4, 0)',
      'e = DELAY N(1, 4, 0, 3)',
    ])
    const chain = [0, 0, 0]
    const third: number[] = []
    for (let i = 0; i < 5; i++) {
      third.push(chain[2]!)
      chain.splice(0, 3, ...chain.map((level, k) => level + 0.75 * ((k === 0 ? 1 : chain[k - 1]!) - level)))
    }
    for (const name of ['a', 'd'])
      close(
        columns[name],
        steps(5, (n) => 1 - 0.75 ** n),
      )
    for (const name of ['b', 'c', 'e']) close(columns[name], third)
  })

  it('begin in balance where no initial value is given', () => {
    const columns = run(['a = SMOOTH(7, 2) + SMOOTH3(7, 2)', 'b = DELAY1(7, 2) + DELAY3(7, 2)'])
    for (const name of ['a', 'b'])
      close(
        columns[name],
        steps(5, () => 14),
      )
  })

  it('hold a pipeline, and a sample', () => {
    const columns = run([
      'a = DELAY FIXED(Time * 10, 2, -1)',
      'b = SAMPLE IF TRUE(MODULO(Time, 2) = 1, Time, 9)',
      'c = INITIAL(Time + 3)',
    ])
    expect(columns).toMatchObject({ a: [-1, -1, 0, 10, 20], b: [9, 1, 1, 3, 3], c: [3, 3, 3, 3, 3] })
  })

  it('hold the most there was in a sample that names itself', () => {
    const columns = run([
      ':MACRO: PEAK(x)',
      'PEAK = SAMPLE IF TRUE(x > PEAK, x, x)',
      ':END OF MACRO:',
      'D: p, q',
      'x[p] = 4 - Time',
      'x[q] = IF THEN ELSE(Time = 2, 9, Time)',
      'most[D] = SAMPLE IF TRUE(x[D] > most[D], x[D], x[D])',
      'more[p] = SAMPLE IF TRUE(x[p] > more[p], more[p] + 1, 1)',
      'more[q] = PEAK(x[q] - 1)',
      'Last = SAMPLE IF TRUE(Time < 3, Last + 2, 5)',
    ])
    expect(columns).toMatchObject({
      'most[p]': [4, 4, 4, 4, 4],
      'most[q]': [0, 1, 9, 9, 9],
      'more[p]': [2, 3, 3, 3, 3],
      'more[q]': [-1, 0, 8, 8, 8],
      Last: [7, 9, 11, 11, 11],
    })
  })

  it('of order n have no more stages than the delay time has steps', () => {
    const columns = run(
      [
        'Short = Steps * TIME STEP',
        'Steps = 2.5',
        'a = DELAY N(1, Short, 0, 3)',
        'b = DELAY N(1, Short, 0, 2)',
        'c = SMOOTH N(1, Short, 0, MAX(9, 2))',
        'd = DELAY N(1, 3 * TIME STEP, 0, 3)',
        'e = DELAY N(1, TIME STEP / 4, 0, 1)',
      ],
      { 'TIME STEP': 0.1, 'FINAL TIME': 0.6 },
    )
    expect(columns['a']).toEqual(columns['b'])
    close(columns['a'], [0, 0, 0.64, 0.896, 0.9728, 0.99328, 0.9984], 9)
    close(columns['d'], [0, 0, 0, 1, 1, 1, 1], 9)
    close(columns['e']!.slice(0, 3), [0, 4, -8], 9)
  })

  it('are told to be of a lower order', () => {
    const { findings } = read('a = SMOOTH N(1, 2, 0, 3)')
    expect(findings).toMatchObject([
      { severity: 'WARNING', code: 'ORDER_REDUCED', path: 'a', suggestion: 'make TIME STEP smaller' },
    ])
  })

  it('of material and information are pipelines where the delay time is a constant', () => {
    const columns = run(['a = DELAY MATERIAL(Time, T, 9, 0)', 'b = DELAY INFORMATION(Time, T, 9)', 'T = 4 / 2'])
    expect(columns).toMatchObject({ a: [9, 9, 0, 1, 2], b: [9, 9, 0, 1, 2] })
  })

  it('find the trend of exponential growth in the long run', () => {
    // x grows by g a step of 1; a smooth of time T settles at x / m with m = 1 + g T, so that the trend is g.
    const columns = run(['x = INTEG(x * 0.1, 1)', 't = TREND(x, 4, 0.1)', 'f = FORECAST(x, 4, 3)'], {
      'FINAL TIME': 200,
    })
    close(
      columns['t'],
      steps(201, () => 0.1),
      10,
    )
    close([columns['f']!.at(-1)! / columns['x']!.at(-1)!], [1.3], 8)
  })
})

describe('arrays', () => {
  it('come out element by element, in the order of their dimension, with the names as written', () => {
    const columns = run([
      'Region: North East, south',
      'rest: south',
      'x[North East] = 1',
      'x[rest] = Time',
      'S[Region] = INTEG(x[Region], 10)',
    ])
    expect(columns).toMatchObject({
      'x[North East]': [1, 1, 1, 1, 1],
      'x[south]': [0, 1, 2, 3, 4],
      'S[North East]': [10, 11, 12, 13, 14],
      'S[south]': [10, 10, 11, 13, 16],
    })
  })

  it('are gathered over a range, a subrange, or two', () => {
    const columns = run([
      ...['R: r1, r2, r3', 'Low: r1, r2', 'C: c1, c2'],
      'm[R,C] = 1,2; 3,4; 5,6;',
      'all = SUM(m[R!,C!])',
      'low = SUM(m[Low!,c2])',
      'row[R] = PROD(m[R,C!])',
      'most = VMAX(m[R!,C!]) - VMIN(m[R!,c2])',
      'weighted[C] = SUM(m[R!,C] * row[R!]) / ELMCOUNT(R)',
    ])
    const at0 = Object.fromEntries(Object.entries(columns).map(([name, values]) => [name, values[0]]))
    expect(at0).toMatchObject({
      all: 21,
      low: 6,
      'row[r1]': 2,
      'row[r2]': 12,
      'row[r3]': 30,
      most: 4,
      'weighted[c1]': (2 + 36 + 150) / 3,
      'weighted[c2]': (4 + 48 + 180) / 3,
    })
  })

  it('select elements in all ways of VECTOR SELECT', () => {
    const select = (action: number, which = 'w') =>
      `y${action}${which} = VECTOR SELECT(${which}[D!], x[D!], -7, ${action}, 0)`
    const actions = [0, 1, 2, 3, 4, 6, 7, 8, 9, 10]
    const columns = run([
      'D: a, b, c',
      'x[D] = 3, 5, -4',
      'w[D] = 2, 0, 3',
      'none[D] = 0',
      ...actions.map((n) => select(n)),
      select(0, 'none'),
      select(8, 'none'),
    ])
    // Of 2 * 3 = 6 and 3 * -4 = -12; from 6 on of 3 and -4.
    expect(actions.map((n) => columns[`y${n}w`]![0])).toEqual([-6, -72, -12, 6, -3, -1, -12, -4, 3, -0.5])
    expect([columns['y0none']![0], columns['y8none']![0]]).toEqual([-7, -7])
  })

  it('are read through maps: by place, by list, from a subrange to one, and by alias', () => {
    const columns = run([
      ...[
        'P: p1, p2, p3',
        'odd: p1, p3',
        'even: p2',
        'W: w1, w2 -> (P: odd, even)',
        'V: v1, v2, v3 -> P',
        'U: u1, u2, u3 -> (P: p3, p2, p1)',
        'Q <-> P',
      ],
      'w[W] = 10, 20',
      'v[V] = 1, 2, 3',
      'u[U] = 1, 2, 3',
      'x[P] = w[W] + v[V] * 100 + u[U] * 1000',
      'y[P,Q] = v[V] * 0 + x[P] - x[Q]',
      'z[Q] = x[Q]',
    ])
    const at0 = (name: string) => columns[name]![0]
    expect(['p1', 'p2', 'p3'].map((p) => at0(`x[${p}]`))).toEqual([3110, 2220, 1310])
    expect([at0('y[p1,p2]'), at0('y[p2,p1]'), at0('y[p3,p3]'), at0('z[p3]')]).toEqual([890, -890, 0, 1310])
  })

  it('take the place of an element as a number', () => {
    expect(run(['D: a, b, c', 'x[D] = IF THEN ELSE(D >= b, D * 10, 0)'])).toMatchObject({
      'x[a]': [0, 0, 0, 0, 0],
      'x[b]': [20, 20, 20, 20, 20],
      'x[c]': [30, 30, 30, 30, 30],
    })
  })
})

describe('macros', () => {
  it('have levels of their own for each use', () => {
    const columns = run([
      ':MACRO: FILL(rate, start)',
      'FILL = INTEG(inner * step size$, start)',
      'inner = rate',
      ':END OF MACRO:',
      'step size = 2',
      'x = FILL(1, 5) + FILL(10, 0)',
      'inner = 99',
    ])
    expect(columns['x']).toEqual([5, 27, 49, 71, 93])
    expect(Object.keys(columns)).toEqual(['step size', 'x', 'inner', 'INITIAL TIME', 'FINAL TIME', 'TIME STEP'])
  })

  it('may have the name of a function of the formula language, which other functions become', () => {
    const columns = run([':MACRO: INT(x)', 'INT = x * 100', ':END OF MACRO:', 'x = INT(1) + INTEGER(1.9)'])
    expect(columns['x']).toEqual([101, 101, 101, 101, 101])
  })

  it('read lookups that are given to them', () => {
    const columns = run([
      ':MACRO: AT(table, x)',
      'AT = table(x) * 2',
      ':END OF MACRO:',
      'f((0,0),(4,8))',
      'g((0,1),(4,1))',
      'y = AT(f, Time) + AT(g, 0)',
    ])
    expect(columns['y']).toEqual([2, 6, 10, 14, 18])
  })
})

describe('ACTIVE INITIAL', () => {
  it('breaks a circle of initial values, and is seen in them alone', () => {
    // vensim.com/documentation/fn_active_initial.html: the capacity begins at 100, and the target at once follows it.
    const columns = run(
      [
        'Capacity = INTEG((target capacity - Capacity) / 2, needed)',
        'needed = target capacity * 1',
        'target capacity = ACTIVE INITIAL(Capacity * adjust, 100)',
        'adjust = 1.2',
      ],
      { 'FINAL TIME': 2 },
    )
    close(columns['Capacity'], [100, 110, 121])
    close(columns['target capacity'], [120, 132, 145.2])
    close(columns['needed'], [120, 132, 145.2])
    expect(Object.keys(columns)).toEqual([
      'Capacity',
      'needed',
      'target capacity',
      'adjust',
      'INITIAL TIME',
      'FINAL TIME',
      'TIME STEP',
    ])
  })

  it('reaches INITIAL, delays, smooths and samples', () => {
    const columns = run([
      'a = ACTIVE INITIAL(Time + 10, 1)',
      'b = a * 2',
      'c = INITIAL(b) + 0 * Time',
      'd = SMOOTH(b, 4)',
      'e = DELAY FIXED(b, 1, b)',
      'f = SAMPLE IF TRUE(Time > 2, b, b)',
      'g = DELAY1I(b, 4, a + 1)',
      'S = INTEG(0, c + d)',
    ])
    expect(columns['b']).toEqual([20, 22, 24, 26, 28])
    expect(columns['c']).toEqual([2, 2, 2, 2, 2])
    close(columns['d']?.slice(0, 2), [2, 2 + 18 / 4])
    expect(columns['e']).toEqual([2, 20, 22, 24, 26])
    expect(columns['f']).toEqual([2, 2, 2, 26, 28])
    close(columns['g']?.slice(0, 2), [2, 2 + (20 - 2) / 4])
    expect(columns['S']).toEqual([4, 4, 4, 4, 4])
  })

  it('goes element by element through arrays', () => {
    const columns = run([
      'D: p, q',
      'a[D] = ACTIVE INITIAL(S[D] + 1, n[D])',
      'n[D] = 3, 4',
      'S[D] = INTEG(1, a[D])',
      'T = INTEG(0, SUM(a[D!]))',
    ])
    expect(columns).toMatchObject({
      'S[p]': [3, 4, 5, 6, 7],
      'S[q]': [4, 5, 6, 7, 8],
      'a[p]': [4, 5, 6, 7, 8],
      T: [7, 7, 7, 7, 7],
    })
  })
})

describe('functions that find elements by number', () => {
  it('VECTOR ELM MAP moves through all elements, the last subscript fastest, and is :NA: outside', () => {
    const columns = run([
      'D: p, q, r',
      'K: k1, k2',
      'v[D,K] = 1, 2; 3, 4; 5, 6;',
      'a[D] = VECTOR ELM MAP(v[p,k2], D - 1)',
      'b[D] = IF THEN ELSE(D = p, -1, VECTOR ELM MAP(v[D,k1], -2))',
      'c = VECTOR ELM MAP(v[p,k1], Time * 2)',
    ])
    expect(['p', 'q', 'r'].map((one) => columns[`a[${one}]`]![0])).toEqual([2, 3, 4])
    expect(['p', 'q', 'r'].map((one) => columns[`b[${one}]`]![0])).toEqual([-1, 1, 3])
    expect(columns['c']).toEqual([1, 3, 5, -(2 ** 109), -(2 ** 109)])
  })

  it('VECTOR SORT ORDER gives the numbers of the elements from 0 in order, VECTOR RANK their places from 1', () => {
    const columns = run([
      'D: p, q, r',
      'v[D] = 30, 10, 20',
      'up[D] = VECTOR SORT ORDER(v[D], 1)',
      'down[D] = VECTOR SORT ORDER(v[D], -1)',
      'rank[D] = VECTOR RANK(v[D], 1)',
      'equal[D] = VECTOR RANK(v[D] * 0, 1)',
      'way = STEP(1, 2)',
      'late[D] = VECTOR RANK(v[D], way)',
    ])
    const row = (name: string, step = 0) => ['p', 'q', 'r'].map((one) => columns[`${name}[${one}]`]![step])
    expect([row('up'), row('down'), row('rank'), row('equal')]).toEqual([
      [1, 2, 0],
      [0, 2, 1],
      [3, 1, 2],
      [1, 2, 3],
    ])
    expect([row('late'), row('late', 2)]).toEqual([
      [1, 3, 2],
      [3, 1, 2],
    ])
  })

  it('VECTOR SELECT takes its action from a constant by name', () => {
    const columns = run(['D: p, q', 'x[D] = 2, 5', 'VSMAX == 3', 'a = VECTOR SELECT(x[D!], x[D!], 0, VSMAX, 0)'])
    expect(columns['a']![0]).toBe(25)
  })

  it('MAX and MIN of two stay that within SUM, element by element', () => {
    const columns = run([
      'D: p, q',
      'x[D] = -2, 5',
      'a = SUM(MAX(x[D!], 0))',
      'b = SUM(MIN(x[D!], 3) * 2)',
      'c = MAX(1, 2)',
    ])
    expect([columns['a']![0], columns['b']![0], columns['c']![0]]).toEqual([5, 2, 2])
  })
})

describe('functions that the documentation writes out', () => {
  it('NPV and NPVE discount by steps', () => {
    // 10 in each of 5 steps at 25%: the share falls by 4/5 from 1, or from 4/5.
    const columns = run(['a = NPV(10, 0.25, 3, 2)', 'b = NPVE(10, 0.25, 0, 1)'])
    const sums = (begin: number) => [0, 1, 2, 3, 4].map((n) => (10 * begin * (1 - 0.8 ** (n + 1))) / 0.2)
    for (const [i, x] of columns['a']!.entries()) expect(x).toBeCloseTo(2 * (3 + sums(1)[i]!), 10)
    for (const [i, x] of columns['b']!.entries()) expect(x).toBeCloseTo(sums(0.8)[i]!, 10)
  })

  it('SINH, COSH and TANH are those of the angle, of whatever size', () => {
    const columns = run(['a = SINH(Time - 2)', 'b = COSH(Time - 2)', 'c = TANH(Time - 2)', 'd = TANH(-1000)'])
    for (const [i, x] of [-2, -1, 0, 1, 2].entries()) {
      expect(columns['a']![i]).toBeCloseTo(Math.sinh(x), 12)
      expect(columns['b']![i]).toBeCloseTo(Math.cosh(x), 12)
      expect(columns['c']![i]).toBeCloseTo(Math.tanh(x), 12)
    }
    expect(columns['d']![0]).toBe(-1)
  })

  it('a macro of the file goes before one of these', () => {
    const columns = run([':MACRO: NPV(a, b, c, d)', 'NPV = a + b + c + d', ':END OF MACRO:', 'x = NPV(1, 2, 3, 4)'])
    expect(columns['x']![0]).toBe(10)
  })
})

describe('macros with more outputs', () => {
  it('make a variable of each, which others may use', () => {
    const columns = run([
      ':MACRO: Both(x : least, level)',
      'Both = x + least',
      'least = MIN(x, 2)',
      'level = INTEG(x, 1)',
      ':END OF MACRO:',
      'spread = 10 * the least + the level',
      'total = 1 + Both(Time : the least, the level)',
    ])
    expect(columns).toMatchObject({
      total: [1, 3, 5, 6, 7],
      'the least': [0, 1, 2, 2, 2],
      'the level': [1, 1, 2, 4, 7],
      spread: [1, 11, 22, 24, 27],
    })
  })
})
