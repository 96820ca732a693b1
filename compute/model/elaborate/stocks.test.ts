import { describe, expect, it } from 'vitest'
import { readColumns } from '../../../test/support/expected-output.ts'
import { runSource } from '../../../test/support/run-source.ts'
import { lacksSharedData, sharedData } from '../../../test/support/shared-data.ts'
import { flow, source, stock } from '../../../test/support/source.ts'
import type { SourceModel } from '../source/source.ts'
import { elaborate } from './elaborate.ts'

const run = runSource
const HELD = { nonNegative: true }

describe('stocks', () => {
  it('add their inflows and lose their outflows', () => {
    const model = source([
      flow('a', '3'),
      flow('b', '1'),
      flow('c', 's / 10'),
      stock('s', '10', { inflows: ['a', 'b'], outflows: ['c'] }),
    ])
    expect(run(model)['s']!.slice(0, 3)).toEqual([10, 13, 15.7])
  })

  it('follow a net flow of their own', () => {
    const own = { kind: 'formula', formula: { kind: 'name', name: 'time' } } as const
    expect(run(source([stock('s', '1', { flow: own })]))['s']).toEqual([1, 1, 2, 4, 7])
  })

  it('stay within their bounds', () => {
    const model = source([
      flow('a', '3'),
      stock('s', '1', { inflows: ['a'], max: 6 }),
      stock('t', '1', { outflows: ['a'], min: -3 }),
    ])
    expect(run(model)['s']).toEqual([1, 4, 6, 6, 6])
    expect(run(model)['t']).toEqual([1, -2, -3, -3, -3])
  })

  it('without flows keep their value', () => {
    expect(run(source([stock('s', '5')]))['s']).toEqual([5, 5, 5, 5, 5])
  })
})

describe('flows that are not negative', () => {
  it('are held at 0', () => {
    const model = source([flow('f', '1 - time', HELD), stock('s', '0', { inflows: ['f'] })])
    expect(run(model)).toMatchObject({ f: [1, 0, 0, 0, 0], s: [0, 1, 1, 1, 1] })
  })
})

describe('stocks that are not negative', () => {
  it('give their outflows, in order, what they have', () => {
    const model = source([
      flow('in', '2'),
      flow('first', '5'),
      flow('second', '4'),
      stock('s', '10', { ...HELD, inflows: ['in'], outflows: ['first', 'second'] }),
    ])
    // 10 + 2 - 5 - 4 = 3; 3 + 2 = 5 - 5 - 0; then 2 a step, all to the first
    expect(run(model)).toEqual({
      in: [2, 2, 2, 2, 2],
      first: [5, 5, 2, 2, 2],
      second: [4, 0, 0, 0, 0],
      s: [10, 3, 0, 0, 0],
    })
  })

  it('lose what they have within one step, not a part of it', () => {
    const model = source([flow('out', '100'), stock('s', '10', { ...HELD, outflows: ['out'] })], {
      time: { dt: 0.25, stop: 1 },
    })
    expect(run(model)).toEqual({ out: [40, 0, 0, 0, 0], s: [10, 0, 0, 0, 0] })
  })

  it('pass on what they gave, and no more', () => {
    const model = source([
      flow('move', '4'),
      stock('from', '10', { ...HELD, outflows: ['move'] }),
      stock('to', '0', { inflows: ['move'] }),
    ])
    expect(run(model)).toMatchObject({ from: [10, 6, 2, 0, 0], to: [0, 4, 8, 10, 10] })
  })

  it('feed each other without a circle', () => {
    const model = source([
      flow('there', '3'),
      flow('back', '1'),
      stock('a', '4', { ...HELD, inflows: ['back'], outflows: ['there'] }),
      stock('b', '0', { ...HELD, inflows: ['there'], outflows: ['back'] }),
    ])
    const { a, b } = run(model)
    // b has nothing in the first step, so gives nothing then
    expect(a).toEqual([4, 1, 1, 1, 1])
    expect(b!.map((x, i) => x + a![i]!)).toEqual([4, 4, 4, 4, 4])
  })

  it('are held at 0 where an inflow is negative', () => {
    const model = source([flow('in', '-3'), stock('s', '4', { ...HELD, inflows: ['in'] })])
    expect(run(model)).toMatchObject({ in: [-3, -3, -3, -3, -3], s: [4, 1, 0, 0, 0] })
  })

  it('let an outflow that is negative in', () => {
    const model = source([flow('out', '-2'), stock('s', '0', { ...HELD, outflows: ['out'] })])
    expect(run(model)['s']).toEqual([0, 2, 4, 6, 8])
  })

  it('never fall below 0 by any method', () => {
    for (const method of ['euler', 'rk2', 'rk4'] as const) {
      const model = source([flow('out', '3 + time'), stock('s', '10', { ...HELD, outflows: ['out'] })], {
        time: { method },
      })
      const s = run(model)['s']!
      expect(Math.min(...s)).toBeGreaterThanOrEqual(0)
      expect(s.at(-1)).toBeLessThan(1)
    }
  })

  it('do not depend on the order of declarations', () => {
    const variables = [
      flow('there', '3'),
      flow('back', '1'),
      stock('a', '4', { ...HELD, inflows: ['back'], outflows: ['there'] }),
      stock('b', '0', { ...HELD, inflows: ['there'], outflows: ['back'] }),
    ]
    const sorted = (model: SourceModel) =>
      elaborate(model).model.variables.toSorted((a, b) => (a.name < b.name ? -1 : 1))
    expect(sorted(source(variables.toReversed()))).toEqual(sorted(source(variables)))
  })

  it('hold the elements of an array one by one', () => {
    const at = { dimensions: ['D'] }
    const model = source(
      [flow('out', '3', at), stock('s', { a: '10', b: '4' }, { ...at, ...HELD, outflows: ['out'] })],
      { dimensions: [{ name: 'D', elements: ['a', 'b'] }] },
    )
    expect(run(model)).toMatchObject({ 's[a]': [10, 7, 4, 1, 0], 's[b]': [4, 1, 0, 0, 0], 'out[b]': [3, 1, 0, 0, 0] })
  })

  it.skipIf(lacksSharedData('xmile', 'non_negative_stocks'))(
    'that share a flow are held at 0, and the flow is not',
    () => {
      const model = source(
        [
          flow('OutFlow', '1'),
          stock('TestStock0', '25', { outflows: ['OutFlow'] }),
          stock('TestStock1', '25', { ...HELD, outflows: ['OutFlow'] }),
          flow('if_else', 'if time > 10 then time else -time'),
          stock('TestStock2', '10', { inflows: ['if_else'] }),
          stock('TestStock3', '10', { ...HELD, inflows: ['if_else'] }),
        ],
        { time: { stop: 60, dt: 1.5 } },
      )
      const expected = readColumns(sharedData('xmile', 'non_negative_stocks', 'output.tab'))
      for (const [name, column] of Object.entries(run(model))) {
        const wanted = expected.get(name.toLowerCase())!
        expect(wanted.length).toBe(41)
        // Adding 0 takes the sign off a zero.
        expect(column.map((v) => v + 0)).toEqual(wanted.map((v) => v + 0))
      }
    },
  )
})

describe('queues', () => {
  const queue = { queue: true, inflows: ['arrive'] }

  it('give all they have downstream', () => {
    const model = source([flow('arrive', 'time'), flow('go', '0'), stock('q', '5', { ...queue, outflows: ['go'] })], {
      time: { dt: 0.5, stop: 2 },
    })
    // content / dt leaves at each step; what arrives stays one step
    expect(run(model)).toMatchObject({ q: [5, 0, 0.25, 0.5, 0.75], go: [10, 0, 0.5, 1, 1.5] })
  })

  it('wait for the room of a conveyor, and the rest overflows', () => {
    const variables = (overflow: boolean) => [
      flow('arrive', '4'),
      flow('go', '0'),
      ...(overflow ? [flow('leave', '0', { overflow: true })] : []),
      stock('q', '0', { ...queue, outflows: overflow ? ['go', 'leave'] : ['go'] }),
      flow('out', '0'),
      stock('c', '0', {
        inflows: ['go'],
        outflows: ['out'],
        conveyor: {
          length: { kind: 'number', value: 2 },
          capacity: { kind: 'number', value: 6 },
          inflowLimit: { kind: 'number', value: 5 },
        },
      }),
    ]
    // go: 0, 4, then room 6 - 4 = 2, then what leaves (4) makes room for 4
    expect(run(source(variables(false)))).toMatchObject({ go: [0, 4, 2, 4, 2], q: [0, 4, 4, 6, 6], c: [0, 0, 4, 6, 6] })
    expect(run(source(variables(true)))).toMatchObject({
      go: [0, 4, 2, 4, 2],
      leave: [0, 0, 2, 0, 2],
      q: [0, 4, 4, 4, 4],
    })
  })
})
