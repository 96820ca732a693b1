// Subscript ranges, and arrays that are defined at once, piece by piece, or but for exceptions.
import { describe, expect, it } from 'vitest'
import { equationOf, errorOf, mdl, read, run, text, variable } from '../../../test/support/mdl.ts'
import { elaborate } from '../elaborate/elaborate.ts'

const dimension = (model: ReturnType<typeof read>, name: string) =>
  model.source.dimensions.find((one) => one.name === name)

describe('subscript ranges', () => {
  it('reads elements, numbered elements and ranges of ranges, with their names as written', () => {
    const model = read('Sub: B B, (A9-A11)', 'Whole: c_1, Sub, (Z1-Z1)')
    expect(dimension(model, 'Sub')).toEqual({ name: 'Sub', elements: ['B B', 'A9', 'A10', 'A11'] })
    expect(dimension(model, 'Whole')?.elements).toEqual(['c_1', 'B B', 'A9', 'A10', 'A11', 'Z1'])
  })

  it('maps a range on another one, element by element, by a list, or on subranges', () => {
    const model = read(
      'Product: clay, wood',
      'Worker: w1, w2 -> Product, (Big: odd, even), (Product2: p2, p1)',
      'Product2: p1, p2',
      'Big: b1, b2, b3',
      'odd: b1, b3',
      'even: b2',
    )
    expect(dimension(model, 'Product')?.maps).toEqual([{ to: 'Worker', elements: ['w1', 'w2'] }])
    expect(dimension(model, 'Big')?.maps).toEqual([{ to: 'Worker', elements: ['w1', 'w2', 'w1'] }])
    expect(dimension(model, 'Product2')?.maps).toEqual([{ to: 'Worker', elements: ['w2', 'w1'] }])
    expect(dimension(model, 'Worker')).toEqual({ name: 'Worker', elements: ['w1', 'w2'] })
  })

  it('gives an alias the elements of its range, mapped both ways', () => {
    const model = read('From <-> Place', 'Place: here, there')
    expect(dimension(model, 'From')).toEqual({
      name: 'From',
      elements: ['here', 'there'],
      maps: [{ to: 'Place', elements: ['here', 'there'] }],
    })
    expect(dimension(model, 'Place')?.maps).toEqual([{ to: 'From', elements: ['here', 'there'] }])
  })

  it.each([
    [['D: a', 'D: b'], 'D: is defined twice'],
    [['D: E', 'E: D'], 'D: is a range of itself'],
    [['D: a, b, A'], 'D: has an element twice'],
    [['D <-> E'], 'D: is an alias of E, which is not defined'],
    [['D: a -> E'], 'D: is mapped on E, which is not defined'],
    [['D: a, b -> E', 'E: c'], 'D: has 2 elements but is mapped on 1 of E'],
    [['D: a -> (E: x)', 'E: c'], 'D: is mapped on x, which E has not'],
    [['D: (a-b)'], 'D: (a-b) is no range of numbered names such as (A1-A5)'],
    [['D: (A5-A1)'], 'D: (A5-A1) is no range of numbered names such as (A1-A5)'],
    [['D: (A1-B5)'], 'D: (A1-B5) is no range of numbered names such as (A1-A5)'],
  ])('refuses %j', (equations, message) => {
    const error = errorOf(mdl(equations))
    expect(error.code).toBe('MODEL_INVALID')
    expect(error.message).toContain(message)
    expect(error.detail).toMatchObject({ path: 'D', line: 2, column: 1 })
  })

  it('refuses more elements than may be', () => {
    expect(errorOf(mdl(['D: (A1-A10001)'])).code).toBe('LIMIT_EXCEEDED')
    expect(errorOf(mdl(['D: (A1-A999)', 'x[D,D2,D3] = 1', 'D2 <-> D', 'D3 <-> D'])).code).toBe('LIMIT_EXCEEDED')
  })

  it('refuses ranges nested without end', () => {
    const ranges = Array.from({ length: 5000 }, (_, i) => `R${i}x: R${i + 1}x`)
    expect(errorOf(mdl(ranges)).code).toBe('LIMIT_EXCEEDED')
  })
})

describe('arrays', () => {
  it('keeps one equation for all elements as one formula', () => {
    const model = read('D: p, q', 'E: r, s', 'x[D,E] = y[E] * z[D,E] * z[p,E] + SUM(y[E!])', 'y[E] = 1', 'z[D,E] = 2')
    expect(variable(model, 'x')).toMatchObject({ kind: 'auxiliary', dimensions: ['D', 'E'] })
    expect(equationOf(model, 'x')).toBe('y[e] * z[d, e] * z[p, e] + sum(y[e!])')
  })

  it('fills an array from a list of numbers, row by row', () => {
    const model = read(
      'R: r1, r2',
      'C: c1, c2, c3',
      'x[R,C] = 1,2,-3; 4,5,6e1;',
      'y[C] = 7, 8, :NA:',
      'z[r2,C] = 1,2,3',
      'z[r1,C] = 4,5,6',
    )
    expect(equationOf(model, 'x')).toEqual({
      'r1,c1': '1',
      'r1,c2': '2',
      'r1,c3': '-3',
      'r2,c1': '4',
      'r2,c2': '5',
      'r2,c3': '60',
    })
    expect(equationOf(model, 'y')).toMatchObject({ c1: '7', c2: '8' })
    expect(equationOf(model, 'z')).toEqual({
      'r2,c1': '1',
      'r2,c2': '2',
      'r2,c3': '3',
      'r1,c1': '4',
      'r1,c2': '5',
      'r1,c3': '6',
    })
  })

  it('fills an array from a tabbed array', () => {
    const model = read('R: r1, r2', 'C: c1, c2', 'x[R,C] = TABBED ARRAY(\n1\t-2\n3e0\t4\n)')
    expect(equationOf(model, 'x')).toEqual({ 'r1,c1': '1', 'r1,c2': '-2', 'r2,c1': '3', 'r2,c2': '4' })
  })

  it('joins equations for parts of an array', () => {
    const model = read(
      'D: p, q, r',
      'Low: p, q',
      'x[Low] = y[Low] * 2',
      'x[r] = y[r] ~ Cup ~ The rest. |',
      'y[D] = 1,2,3',
    )
    expect(variable(model, 'x')).toMatchObject({ dimensions: ['D'], unit: 'Cup', doc: 'The rest.' })
    expect(equationOf(model, 'x')).toEqual({ p: 'y[p] * 2', q: 'y[q] * 2', r: 'y[r]' })
  })

  it('leaves out exceptions, of which there may be several and of ranges', () => {
    const model = read(
      ...['D: p, q, r', 'E: s, t', 'Low: p, q'],
      'x[D,E] :EXCEPT: [Low,s], [r,t] = 1',
      'x[Low,s] = 2',
      'x[r,t] = 3',
    )
    expect(equationOf(model, 'x')).toEqual({ 'p,t': '1', 'q,t': '1', 'r,s': '1', 'p,s': '2', 'q,s': '2', 'r,t': '3' })
  })

  it('makes a dimension for elements that no range has just these of', () => {
    const model = read('D: P one, q, r', 'x[r] = 1', 'x[P one] = 2', 'y[q] = x[r] * 2')
    expect(variable(model, 'x')).toMatchObject({ dimensions: ['{r P one}'] })
    expect(dimension(model, '{r P one}')?.elements).toEqual(['r', 'P one'])
    expect(equationOf(model, 'y')).toEqual({ q: 'x[r] * 2' })
  })

  it('reads mapped ranges at each element of the left side', () => {
    const model = read(
      'Product: clay, wood',
      'Worker: w1, w2 -> Product',
      'skill[Worker] = 3, 5',
      'quality[Product] = skill[Worker] / 2',
    )
    expect(equationOf(model, 'quality')).toEqual({ clay: 'skill[w1] / 2', wood: 'skill[w2] / 2' })
  })

  it('takes a range or an element as a value for its place', () => {
    const model = read('D: p, q', 'Sub: q', 'x[D] = IF THEN ELSE(D = q, D * 10, 0)', 'y[Sub] = Sub')
    expect(equationOf(model, 'x')).toEqual({ p: 'if 1 = 2 then 1 * 10 else 0', q: 'if 2 = 2 then 2 * 10 else 0' })
    // A subrange counts as the range does that it is a part of.
    expect(equationOf(model, 'y')).toEqual({ q: '2' })
  })

  it('takes a mapped range as a value for the place of the element that it is mapped on', () => {
    const model = read('D: p, q', 'E: r, s -> (D: q, p)', 'x[D] = E')
    expect(equationOf(model, 'x')).toEqual({ p: '2', q: '1' })
  })

  it('makes arrays of stocks, of which some elements may be numbers that stay', () => {
    const model = read(
      'D: p, q',
      's[D] = INTEG(flow[D], start[D])',
      't[p] = INTEG(1, 2)',
      't[q] = 5',
      'flow[D] = 1',
      'start[D] = 2, 3',
    )
    const [s, t] = [variable(model, 's'), variable(model, 't')]
    expect(s.kind === 'stock' && [text(s.flow), text(s.initial), s.dimensions]).toEqual(['flow[d]', 'start[d]', ['D']])
    expect(t.kind === 'stock' && [text(t.flow), text(t.initial)]).toEqual([
      { p: '1', q: '0' },
      { p: '2', q: '5' },
    ])
  })

  it.each([
    ['x[D,E] = 1', 'has equations with different numbers of subscripts'],
    ['x[p] = 1', '[p] is defined twice'],
    ['x[F] = 1', 'F is no subscript'],
    ['w[E] = 1, 2, 3', 'needs 2 numbers, but has 3'],
    ['w[E] = 1, x[p]', 'only numbers may stand in a list'],
    ['w = 1, 2', 'has a list of numbers, but no subscript range'],
    ['w[E] = TABBED ARRAY(1 two)', 'only numbers may stand in a list'],
    ['w[D] = x[E]', 'the subscript range E stands on the right, but not on the left'],
    ['w[D] = x[G]', 'G is no subscript'],
    ['w = SUM(x[G!])', 'G is no subscript range'],
    ['w[D, D] = 1', 'has a subscript range twice on the left'],
    ['w[D] :EXCEPT: [p, q] = 1', ':EXCEPT: needs as many subscripts as the variable'],
    ['w[D] :EXCEPT: [p] = 1, 2', 'needs 1 number, but has 2'],
    ['w = D', 'D is not defined'],
  ])('refuses %s', (equation, message) => {
    const error = errorOf(mdl(['D: p, q', 'E: r, s', 'x[D] = 1', equation]))
    expect([error.code, error.message]).toEqual(['MODEL_INVALID', expect.stringContaining(message)])
    expect(error.detail).toMatchObject({ path: equation.slice(0, 1), line: expect.any(Number) })
  })

  it('has the elements with an equation alone, and no others', () => {
    const equations = ['D: p, q', 'E: r, s', 'x[p,r] = 1', 'x[q,s] = 2', 'y[D] :EXCEPT: [p] = 3', 'z = x[q,s] + y[q]']
    const columns = run([
      ...equations,
      'u[D,E] :EXCEPT: [p,s] = INTEG(1, 0)',
      'v[p,r]((0,1),(1,1))',
      'v[q,s]((0,2),(1,2))',
      'w = v[q,s](0)',
    ])
    expect(Object.keys(columns).slice(0, 7)).toEqual(['x[p,r]', 'x[q,s]', 'y[q]', 'z', 'u[p,r]', 'u[q,r]', 'u[q,s]'])
    expect(columns).toMatchObject({ z: [5, 5, 5, 5, 5], 'u[q,s]': [0, 1, 2, 3, 4], w: [2, 2, 2, 2, 2] })
  })

  it.each([
    ['z = x[p,s]', 'x[p,s] is not there'],
    ['z = SUM(x[D!,E!])', 'x[p,s] is not there'],
    ['z = f[p,s](0)', 'f[p,s] is not there'],
  ])('tells a use of an element without an equation: %s', (equation, message) => {
    const { source } = read(
      'D: p, q',
      'E: r, s',
      'x[p,r] = 1',
      'x[q,s] = 2',
      'f[p,r]((0,1),(1,1))',
      'f[q,s]((0,2),(1,2))',
      equation,
    )
    expect(() => elaborate(source)).toThrow(message)
  })

  it('refuses a stock that is an auxiliary in part', () => {
    expect(errorOf(mdl(['D: p, q', 'x[p] = INTEG(1, 0)', 'x[q] = Time'])).message).toContain(
      'is a stock for some elements, but not at [q]',
    )
    expect(errorOf(mdl(['D: p, q', 'x[p]((0,0),(1,1))', 'x[q] = 3'])).message).toContain(
      'is a lookup for some elements only',
    )
  })
})
