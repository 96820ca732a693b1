// Counts of imbalances over a range.
import { describe, expect, it } from 'vitest'
import { frameWith } from '../../../test/support/flow-frame.ts'
import { deriveCircularFlow } from './circular-flow.ts'
import { imbalanceFindings, summariseImbalances } from './imbalance.ts'

const out = (gap: number) => ({ GDP: 100 + gap, C: 0, I: 100, G: 0, X: 0, M: 0 })
const frame = frameWith({ 2020: out(0), 2021: out(1.5), 2022: out(-6), 2023: { GDP: 100 } })
const flows = ['2020', '2021', '2022', '2023'].map((period) => deriveCircularFlow(frame, period))

describe('summariseImbalances', () => {
  it('counts a period in every tier it exceeds and leaves incomplete ones out', () => {
    const summary = summariseImbalances(flows)
    expect(summary).toMatchObject({ periods: 4, complete: 3 })
    expect(summary.total).toMatchObject({ meanAbsolutePct: 2.5, maxAbsolutePct: 6, maxPeriod: '2022' })
    expect(summary.total.breaches.map(({ periods }) => periods)).toEqual([2, 1, 1, 0])
  })

  it('is null and zero where no period is complete', () => {
    for (const none of [[], flows.slice(3)])
      expect(summariseImbalances(none).total).toMatchObject({
        meanAbsolutePct: null,
        maxAbsolutePct: null,
        maxPeriod: null,
      })
  })
})

describe('imbalanceFindings', () => {
  it('warns of a period above 5 % and of missing components, naming both', () => {
    expect(imbalanceFindings(flows).map(({ code, path, message }) => ({ code, path, message }))).toEqual([
      {
        code: 'IMBALANCE',
        path: '2022',
        message: 'leakages and injections differ by -6.000 % of injections, -6.000 % unexplained',
      },
      { code: 'INCOMPLETE', path: '2023', message: 'C, I, G, X, M missing in 1 period' },
    ])
  })
})
