// Sparklines and fan charts.
import { describe, expect, it } from 'vitest'
import { fanChart, lineChart, sparkline, thinned } from './fan.ts'

describe('sparkline', () => {
  it('draws the least value lowest and the greatest highest', () => {
    expect(sparkline([0, 1, 2, 3, 4, 5, 6, 7], 0, 7)).toBe('▁▂▃▄▅▆▇█')
  })

  it('draws a flat line in the middle', () => {
    expect(sparkline([3, 3], 3, 3)).toBe('▅▅')
  })

  it('of nothing is empty', () => {
    expect(sparkline([], 0, 1)).toBe('')
  })
})

describe('thinned', () => {
  it('keeps a short line as it is, and of a long one the first, the last and others between', () => {
    expect(thinned([1, 2, 3])).toEqual([1, 2, 3])
    const line = thinned(Array.from({ length: 262_144 }, (_, i) => i))
    expect(line).toHaveLength(60)
    expect([line[0], line.at(-1)]).toEqual([0, 262_143])
  })
})

describe('lineChart', () => {
  it('draws one line on its own scale', () => {
    expect(lineChart({ variable: 'v', unit: 'SD', p05: [], p50: [1, 2], p95: [] })).toBe('v, SD\n  ▁█  2')
  })
})

describe('fanChart', () => {
  it('draws the three lines on one scale, with the last values beside them', () => {
    expect(fanChart({ variable: 'v', unit: 'SD', p05: [0, 0], p50: [0, 3.5], p95: [0, 7] })).toBe(
      ['v, SD', '  95 %   ▁█  7', '  median ▁▅  3.5', '  5 %    ▁▁  0'].join('\n'),
    )
  })
})
