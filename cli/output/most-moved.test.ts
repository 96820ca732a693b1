// Which variables are shown first.
import { expect, it } from 'vitest'
import { mostMoved } from './most-moved.ts'

const path = (name: string, p50: number[], spread = 0) => ({
  name,
  p05: p50.map((v) => v - spread),
  p50,
  p95: p50.map((v) => v + spread),
})

it('shows what moves farthest first, either way, and leaves out what stays where it is', () => {
  const columns = [path('still', [1, 1]), path('up', [0, 1]), path('down', [0, -2]), path('uncertain', [1, 1], 0.1)]
  expect(mostMoved(columns, 5).map(({ name }) => name)).toEqual(['down', 'up', 'uncertain'])
  expect(mostMoved(columns, 1).map(({ name }) => name)).toEqual(['down'])
  expect(mostMoved([], 5)).toEqual([])
})
