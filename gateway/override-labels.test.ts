// Overrides in progress move a share of the operations, always the same ones.
import { parse } from 'graphql'
import { describe, expect, it } from 'vitest'
import { overrideChooser } from './override-labels.ts'

const moved = (label: string, operation: string) =>
  overrideChooser(
    parse(`type Node { title: String @join__field(graph: A, override: "b", overrideLabel: "${label}") }`),
  )(parse(operation)).get(label)
const operations = Array.from({ length: 400 }, (_, i) => `{ a${i}: node { title } }`)

describe('overrideChooser', () => {
  it('moves none of the operations at 0 per cent, all of them at 100, and of other labels none', () => {
    for (const operation of operations.slice(0, 20)) {
      expect(moved('percent(0)', operation)).toBe(false)
      expect(moved('percent(100)', operation)).toBe(true)
      expect(moved('somebody', operation)).toBeUndefined()
    }
  })

  it('moves about the share that the label says, and more of them where that grows', () => {
    const at = (percent: number) => operations.filter((operation) => moved(`percent(${percent})`, operation))
    const [quarter, half] = [at(25), at(50.5)]
    expect(quarter.length / operations.length).toBeCloseTo(0.25, 1)
    expect(half.length / operations.length).toBeCloseTo(0.505, 1)
    expect(half).toEqual(expect.arrayContaining(quarter))
  })
})
