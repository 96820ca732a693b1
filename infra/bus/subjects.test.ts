// Tests of subjects and patterns.
import { describe, expect, it } from 'vitest'
import { matches, overlap, routeOf } from './subjects.ts'

describe('a pattern', () => {
  it.each([
    ['a.b', 'a.b', true],
    ['a.b', 'a.c', false],
    ['a.b', 'a.b.c', false],
    ['a.b.c', 'a.b', false],
    ['a.*', 'a.b', true],
    ['a.*', 'a', false],
    ['a.*', 'a.b.c', false],
    ['*.b', 'a.b', true],
    ['a.>', 'a.b', true],
    ['a.>', 'a.b.c.d', true],
    ['a.>', 'a', false],
    ['>', 'a', true],
    ['a.*.>', 'a.b', false],
    ['a.*.c', 'a.b.c', true],
  ])('%s against %s: %s', (pattern, subject, expected) => {
    expect(matches(pattern, subject)).toBe(expected)
  })
})

describe('two patterns overlap', () => {
  it.each([
    ['qz.job.>', 'qz.*.p1', true],
    ['qz.job.>', '>', true],
    ['qz.job.>', 'qz.>', true],
    ['qz.job.>', 'qz.job', false],
    ['qz.job.>', 'qz.ctl.>', false],
    ['qz.job.>', '*', false],
    ['a.*', '*.b', true],
    ['a.*', '*.b.c', false],
  ])('%s and %s: %s', (a, b, expected) => {
    expect(overlap(a, b)).toBe(expected)
    expect(overlap(b, a)).toBe(expected)
  })
})

describe('the route of a job', () => {
  it('names class, bucket and job', () => {
    expect(routeOf('qz.job.p2.15.acme.j7.3')).toEqual({ jobClass: 'p2', bucket: 15, jobId: 'j7' })
  })
})
