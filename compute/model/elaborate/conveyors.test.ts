import { describe, expect, it } from 'vitest'
import { isQuesnayError, type QuesnayError } from '../../../schema/errors.ts'
import { runSource } from '../../../test/support/run-source.ts'
import { aux, flow, source, stock } from '../../../test/support/source.ts'
import { parseFormula } from '../formula/parse-formula.ts'
import type { SourceConveyor, SourceModel, SourceTime } from '../source/source.ts'
import { elaborate } from './elaborate.ts'

interface Leak {
  readonly share: number
  readonly from?: number
  readonly to?: number
  readonly exponential?: boolean
}

interface Belt {
  readonly length: number
  readonly dt: number
  readonly steps: number
  readonly initial: number
  readonly inflow: (t: number) => number
  readonly leaks?: readonly Leak[]
}

/** What an actual belt does: a slat for each step of the transit, moved one by one. Content, outflow and leaks at each step. */
function slatBySlat({ length, dt, steps, initial, inflow, leaks = [] }: Belt) {
  const d = Math.max(1, Math.round(length / dt))
  const zones = leaks.map(({ from = 0, to = 1 }) => [Math.round(from * d), Math.round(to * d)] as const)
  type Slat = { readonly entered: number; here: number }
  const leakOf = (slat: Slat, age: number, i: number) => {
    const { share, exponential } = leaks[i]!
    const [from, to] = zones[i]!
    if (age <= from || age > to) return 0
    return exponential ? slat.here * share * dt : (slat.entered * share) / (to - from)
  }
  /** Takes a step's leaks from a slat; gives them. */
  const wear = (slat: Slat, age: number) => {
    const lost = leaks.map((_, i) => leakOf(slat, age, i))
    slat.here -= lost.reduce((a, b) => a + b, 0)
    return lost
  }
  // A steady inflow of one leaves this on the belt, oldest first.
  const steady = Array.from({ length: d }, (_, i) => {
    const slat = { entered: 1, here: 1 }
    for (let age = 1; age < d - i; age++) wear(slat, age)
    return slat
  })
  const scale = initial / steady.reduce((sum, slat) => sum + slat.here, 0)
  let slats: Slat[] = steady.map(({ here }) => ({ entered: scale, here: here * scale }))
  const rows: { content: number; out: number; leaks: number[] }[] = []
  for (let n = 0; n <= steps; n++) {
    const content = slats.reduce((sum, slat) => sum + slat.here, 0)
    const lost = leaks.map(() => 0)
    for (const [i, slat] of slats.entries()) for (const [k, amount] of wear(slat, d - i).entries()) lost[k]! += amount
    const [oldest, ...rest] = slats
    rows.push({ content, out: oldest!.here / dt, leaks: lost.map((amount) => amount / dt) })
    const entered = inflow(n * dt) * dt
    slats = [...rest, { entered, here: entered }]
  }
  return rows
}

function conveyor(
  { length, dt, steps, initial, leaks = [] }: Omit<Belt, 'inflow'>,
  inflow: string,
  more: Partial<SourceConveyor> = {},
  time: Partial<SourceTime> = {},
): SourceModel {
  const names = leaks.map((_, i) => `leak ${i}`)
  return source(
    [
      flow('in', inflow),
      flow('out', '0'),
      ...leaks.map(({ share, ...zone }, i) =>
        flow(names[i]!, '0', { leak: { share: parseFormula(String(share)), ...zone } }),
      ),
      stock('belt', String(initial), {
        inflows: ['in'],
        outflows: ['out', ...names],
        conveyor: { length: parseFormula(String(length)), ...more },
      }),
    ],
    { time: { dt, stop: dt * steps, ...time } },
  )
}

const run = runSource

function thrown(model: SourceModel): QuesnayError {
  try {
    elaborate(model)
  } catch (error) {
    if (isQuesnayError(error)) return error
    throw error
  }
  throw new Error('the source was elaborated')
}

const close = (column: readonly number[], wanted: readonly number[]) => {
  expect(column.length).toBe(wanted.length)
  for (const [i, x] of column.entries()) expect(x, `step ${i}`).toBeCloseTo(wanted[i]!, 10)
}

describe('a conveyor', () => {
  it('gives what entered after the transit time, and first its initial content evenly', () => {
    const columns = run(conveyor({ length: 3, dt: 1, steps: 6, initial: 12 }, 'time + 1'))
    expect(columns['out']).toEqual([4, 4, 4, 1, 2, 3, 4])
    expect(columns['belt']).toEqual([12, 9, 7, 6, 9, 12, 15])
  })

  it('rounds the transit time to steps, of which there is one at least', () => {
    expect(run(conveyor({ length: 2.4, dt: 1, steps: 4, initial: 0 }, 'time + 1'))['out']).toEqual([0, 0, 1, 2, 3])
    expect(run(conveyor({ length: 0, dt: 1, steps: 3, initial: 5 }, '7'))['out']).toEqual([5, 7, 7, 7])
  })

  const belts: [what: string, leaks: Leak[]][] = [
    ['no leak', []],
    ['a leak all along', [{ share: 0.3 }]],
    ['a leak of a part', [{ share: 0.4, from: 0.25, to: 0.75 }]],
    ['a leak at the end', [{ share: 0.2, from: 0.5 }]],
    [
      'two leaks that overlap',
      [
        { share: 0.2, to: 0.5 },
        { share: 0.3, from: 0.25 },
      ],
    ],
    ['an exponential leak', [{ share: 0.35, exponential: true }]],
    ['an exponential leak of a part', [{ share: 0.5, from: 0.25, to: 0.5, exponential: true }]],
    [
      'two exponential leaks',
      [
        { share: 0.2, exponential: true },
        { share: 0.1, exponential: true },
      ],
    ],
  ]
  it.each(belts)('with %s goes as a belt that is moved slat by slat', (_, leaks) => {
    const belt = { length: 2, dt: 0.25, steps: 40, initial: 9, leaks }
    const columns = run(conveyor(belt, '3 + 2 * sin(time)'))
    const slats = slatBySlat({ ...belt, inflow: (t) => 3 + 2 * Math.sin(t) })
    close(
      columns['belt']!,
      slats.map((row) => row.content),
    )
    close(
      columns['out']!,
      slats.map((row) => row.out),
    )
    for (const i of leaks.keys())
      close(
        columns[`leak ${i}`]!,
        slats.map((row) => row.leaks[i]!),
      )
  })

  it('with a leak holds in balance what the formula of a steady conveyor says', () => {
    // isee systems: content = T in - (T / dt - 1) leak dt / 2
    const columns = run(conveyor({ length: 4, dt: 0.5, steps: 30, initial: 0, leaks: [{ share: 0.25 }] }, '10'))
    expect(columns['out']!.at(-1)).toBeCloseTo(7.5, 12)
    expect(columns['leak 0']!.at(-1)).toBeCloseTo(2.5, 12)
    expect(columns['belt']!.at(-1)).toBeCloseTo(4 * 10 - ((8 - 1) * 2.5 * 0.5) / 2, 12)
  })

  it('stays in balance from the start where its content is that of the steady inflow', () => {
    const content = 4 * 10 - ((8 - 1) * 2.5 * 0.5) / 2
    const columns = run(conveyor({ length: 4, dt: 0.5, steps: 20, initial: content, leaks: [{ share: 0.25 }] }, '10'))
    for (const x of columns['belt']!) expect(x).toBeCloseTo(content, 11)
  })

  it('loses nothing: its content is what came less what went, exactly', () => {
    const dt = 0.25
    const columns = run(
      conveyor(
        { length: 2, dt, steps: 80, initial: 3, leaks: [{ share: 0.3 }, { share: 0.1, from: 0.5 }] },
        '3 + 2 * sin(time)',
      ),
    )
    const { belt, in: inflow, out } = columns as Record<'belt' | 'in' | 'out', number[]>
    for (let n = 0; n < 80; n++) {
      const net = inflow[n]! - out[n]! - columns['leak 0']![n]! - columns['leak 1']![n]!
      expect(belt[n + 1]).toBe(belt[n]! + dt * net)
    }
  })

  it('takes its length from a constant or an input', () => {
    const model = conveyor({ length: 2, dt: 1, steps: 4, initial: 0 }, 'time + 1')
    const length = { length: parseFormula('t') }
    const variables = model.variables.map((v) => (v.kind === 'stock' ? { ...v, conveyor: length } : v))
    const given = { ...model, variables: [...variables, { kind: 'input', name: 't', default: 3 } as const] }
    expect(runSource(given)['out']).toEqual([0, 0, 0, 1, 2])
    expect(runSource(given, { t: 1 })['out']).toEqual([0, 1, 2, 3, 4])
  })

  it('lets in no more than its inflow limit and its capacity, nor less than nothing', () => {
    const limited = run(conveyor({ length: 2, dt: 0.5, steps: 4, initial: 0 }, '8', { inflowLimit: parseFormula('3') }))
    expect(limited['in']).toEqual([3, 3, 3, 3, 3])
    // room: 2 in all; full after two steps of 1; what leaves after 2 makes room again
    const full = run(conveyor({ length: 2, dt: 0.5, steps: 6, initial: 0 }, '2', { capacity: parseFormula('2') }))
    expect(full['in']).toEqual([2, 2, 0, 0, 2, 2, 0])
    expect(full['belt']).toEqual([0, 1, 2, 2, 2, 2, 2])
    expect(run(conveyor({ length: 2, dt: 1, steps: 2, initial: 0 }, '-1'))['in']).toEqual([0, 0, 0])
    expect(
      run(conveyor({ length: 2, dt: 1, steps: 2, initial: 0 }, '1', { capacity: parseFormula('inf') }))['in'],
    ).toEqual([1, 1, 1])
  })

  it('shares its room out in the order of its inflows', () => {
    const model = source([
      flow('a', '2'),
      flow('b', '5'),
      flow('out', '0'),
      stock('belt', '0', {
        inflows: ['a', 'b'],
        outflows: ['out'],
        conveyor: { length: parseFormula('9'), inflowLimit: parseFormula('3') },
      }),
    ])
    expect(run(model)).toMatchObject({ a: [2, 2, 2, 2, 2], b: [1, 1, 1, 1, 1] })
  })

  it('leaves in the stock upstream what it has no room for', () => {
    const model = source([
      flow('move', 'wait'),
      stock('wait', '10', { nonNegative: true, outflows: ['move'] }),
      flow('out', '0'),
      stock('belt', '0', {
        inflows: ['move'],
        outflows: ['out'],
        conveyor: { length: parseFormula('2'), inflowLimit: parseFormula('4') },
      }),
    ])
    expect(run(model)).toMatchObject({ wait: [10, 6, 2, 0, 0], move: [4, 4, 2, 0, 0], belt: [0, 4, 8, 6, 2] })
  })

  it('has one belt for each element', () => {
    const at = { dimensions: ['D'] }
    const model = source(
      [
        flow('in', 'time + d', at),
        flow('out', '0', at),
        stock('belt', '0', { ...at, inflows: ['in'], outflows: ['out'], conveyor: { length: parseFormula('t[D]') } }),
        aux('t', { a: '1', b: '2' }, at),
      ],
      { dimensions: [{ name: 'D', elements: ['a', 'b'] }] },
    )
    expect(run(model)).toMatchObject({ 'out[a]': [0, 1, 2, 3, 4], 'out[b]': [0, 0, 2, 3, 4] })
  })
})

describe('a conveyor is refused', () => {
  const belt = { length: 2, dt: 1, steps: 4, initial: 0 }

  it('by other methods than that of Euler', () => {
    const error = thrown(conveyor(belt, '1', {}, { method: 'rk4' }))
    expect(error.code).toBe('CONSTRUCT_UNSUPPORTED')
    expect(error.message).toContain('belt is a conveyor, which goes by whole steps; it runs with euler, not rk4')
  })

  it('with a transit time that changes', () => {
    const error = thrown(conveyor(belt, '1', { length: parseFormula('2 + step(1, 2)') }))
    expect(error).toMatchObject({ code: 'CONSTRUCT_UNSUPPORTED', detail: { path: 'belt' } })
    expect(error.message).toContain('the transit time changes over time')
  })

  it('with a leak that changes', () => {
    const model = conveyor({ ...belt, leaks: [{ share: 0.1 }] }, '1')
    const variables = model.variables.map((v) =>
      v.name === 'leak 0' ? flow('leak 0', '0', { leak: { share: parseFormula('belt / 100') } }) : v,
    )
    expect(thrown({ ...model, variables })).toMatchObject({ code: 'CONSTRUCT_UNSUPPORTED', detail: { path: 'leak 0' } })
  })

  it('with linear beside exponential leaks', () => {
    const leaks = [{ share: 0.1 }, { share: 0.1, exponential: true }]
    expect(thrown(conveyor({ ...belt, leaks }, '1')).code).toBe('CONSTRUCT_UNSUPPORTED')
  })

  it('where it flows into one whose room is limited', () => {
    const model = conveyor(belt, '1')
    const next = stock('next', '0', {
      inflows: ['out'],
      conveyor: { length: parseFormula('3'), capacity: parseFormula('1') },
    })
    expect(thrown({ ...model, variables: [...model.variables, next] })).toMatchObject({
      code: 'CONSTRUCT_UNSUPPORTED',
      detail: { path: 'out' },
    })
  })

  it('with two outflows at its end, or a zone that is none', () => {
    const twice = source([
      flow('a', '0'),
      flow('b', '0'),
      stock('belt', '1', { outflows: ['a', 'b'], conveyor: { length: parseFormula('2') } }),
    ])
    expect(thrown(twice)).toMatchObject({ code: 'MODEL_INVALID', detail: { path: 'b' } })
    expect(thrown(conveyor({ ...belt, leaks: [{ share: 0.1, from: 0.6, to: 0.5 }] }, '1'))).toMatchObject({
      code: 'MODEL_INVALID',
      detail: { path: 'leak 0' },
    })
  })
})
