// The order in which a worker asks for classes of jobs.
import { describe, expect, it } from 'vitest'
import { classesOfPull } from './pull-order.ts'

describe('classesOfPull', () => {
  it('puts the classes first 8, 3 and 1 times of 12', () => {
    const firsts = Array.from({ length: 120 }, (_, n) => classesOfPull(n)[0])
    const count = (name: string) => firsts.filter((first) => first === name).length
    expect([count('p0'), count('p1'), count('p2')]).toEqual([80, 30, 10])
  })

  it('always asks for every class, the most urgent next', () => {
    const orders = new Set(Array.from({ length: 12 }, (_, n) => classesOfPull(n).join()))
    expect([...orders].sort()).toEqual(['p0,p1,p2', 'p1,p0,p2', 'p2,p0,p1'])
  })
})
