// Loops and their gains on networks whose answer is known.
import { describe, expect, it } from 'vitest'
import { loopsOf } from './loop-gain.ts'

const edge = (from: string, to: string, gain: number) => ({ from, to, gain })

describe('loopsOf', () => {
  it('finds none in a network without circles, however strong', () => {
    expect(loopsOf([edge('a', 'b', 9), edge('b', 'c', 9), edge('a', 'c', 9)])).toEqual([])
  })

  it('finds none in an empty network', () => {
    expect(loopsOf([])).toEqual([])
  })

  it('gives a circle of two the geometric mean of its gains', () => {
    const [loop] = loopsOf([edge('a', 'b', 0.5), edge('b', 'a', 0.32), edge('b', 'c', 7)])
    expect(loop!.gain).toBeCloseTo(0.4, 10)
    expect([...loop!.nodes].sort()).toEqual(['a', 'b'])
  })

  it('gives two circles that share a node the root of their sum', () => {
    const [loop] = loopsOf([edge('a', 'b', 1), edge('b', 'a', 0.5), edge('a', 'c', 1), edge('c', 'a', 0.5)])
    expect(loop!.gain).toBeCloseTo(1, 10)
  })

  it('keeps circles that do not touch apart', () => {
    const loops = loopsOf([edge('a', 'b', 2), edge('b', 'a', 2), edge('c', 'd', 0.1), edge('d', 'c', 0.1)])
    expect(loops.map((loop) => Math.round(loop.gain * 10) / 10).sort()).toEqual([0.1, 2])
  })
})
