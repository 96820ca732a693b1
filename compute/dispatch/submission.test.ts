// Submissions: what is wrong is said, by code and path, before anything is stored.
import { describe, expect, it } from 'vitest'
import { ensemble, PENDULUM, TAX, taxes } from '../../test/support/fleet.ts'
import { households } from '../../test/support/population.ts'
import { lower } from '../model/lowering/lower.ts'
import type { Submission } from './port.ts'
import { type Kernels, MAX_LANES, readSubmission } from './submission.ts'

const kernels: Kernels = {
  machine: { name: 'machine', sha256: 'a'.repeat(64), abi: 1 },
  stats: { name: 'stats', sha256: 'b'.repeat(64), abi: 1 },
}
const read = (submission: Submission) => readSubmission(submission, kernels, '0.0.0')
const refusal = (submission: Submission) => {
  try {
    read(submission)
  } catch (error) {
    const { code, detail } = error as { code: string; detail: { path: string } }
    return { code, path: detail.path }
  }
  return 'accepted'
}

/** Two households with other columns. */
const changed = (columns: Record<string, Float64Array | undefined>): Submission => {
  const question = households(2)
  return { ...question, columns: { ...question.columns, ...columns } as Record<string, Float64Array> }
}

describe('readSubmission', () => {
  it.each<[string, Submission, string, string]>([
    ['zero lanes', ensemble({ lanes: 0 }), 'BAD_INPUT', 'lanes'],
    ['a negative number of lanes', ensemble({ lanes: -5 }), 'BAD_INPUT', 'lanes'],
    ['half a lane', ensemble({ lanes: 1.5 }), 'BAD_INPUT', 'lanes'],
    ['NaN lanes', ensemble({ lanes: Number.NaN }), 'BAD_INPUT', 'lanes'],
    ['a million and one lanes', ensemble({ lanes: MAX_LANES + 1 }), 'LIMIT_EXCEEDED', 'lanes'],
    ['a seed that is no number', ensemble({ seed: 'abc' }), 'BAD_INPUT', 'seed'],
    ['a negative seed', ensemble({ seed: '-1' }), 'BAD_INPUT', 'seed'],
    ['a seed of more than 64 bits', ensemble({ seed: '18446744073709551616' }), 'BAD_INPUT', 'seed'],
    ['a missing column', taxes(10, { columns: {} }), 'BAD_INPUT', 'columns.income'],
    ['a column of the wrong length', taxes(10, { lanes: 11 }), 'BAD_INPUT', 'columns.income'],
    [
      'a column with a NaN',
      taxes(2, { columns: { income: Float64Array.of(1, Number.NaN) } }),
      'BAD_INPUT',
      'columns.income',
    ],
    ['a series of the wrong length', ensemble({ series: { push: [1, 2, 3] } }), 'BAD_INPUT', 'series.push'],
    [
      'a series with an infinity',
      ensemble({ series: { push: [Infinity, ...new Array(40).fill(0)] } }),
      'BAD_INPUT',
      'series.push',
    ],
    ['an input that is NaN', ensemble({ inputs: { damping: Number.NaN } }), 'BAD_INPUT', 'inputs.damping'],
    ['a tenant that is no token', ensemble({ tenant: 'a.b' }), 'BAD_INPUT', 'tenant'],
    ['an unknown class', ensemble({ class: 'p9' as 'p0' }), 'BAD_INPUT', 'class'],
    ['zero shards', ensemble({ shards: 0 }), 'BAD_INPUT', 'shards'],
    [
      'a probability above one',
      ensemble({ result: { kind: 'ENSEMBLE', probabilities: [1.5] } }),
      'BAD_INPUT',
      'result.probabilities',
    ],
    ['a plan of another ABI', ensemble({ plan: { ...ensemble().plan, abi: 99 } }), 'CONSTRUCT_UNSUPPORTED', 'plan.abi'],
    ['a plan without outputs', ensemble({ plan: { ...ensemble().plan, outputs: [] } }), 'BAD_INPUT', 'plan.outputs'],
    ['a missing column that counts members', changed({ units: undefined }), 'BAD_INPUT', 'columns.units'],
    ['a number of members that is none', changed({ units: Float64Array.of(1, 0.5) }), 'BAD_INPUT', 'columns.units'],
    ['members that do not add up', changed({ wage: new Float64Array(100) }), 'BAD_INPUT', 'columns.wage'],
    ['a trajectory of the wrong length', changed({ price: new Float64Array(2) }), 'BAD_INPUT', 'columns.price'],
  ])('refuses %s', (_, submission, code, path) => {
    expect(refusal(submission)).toEqual({ code, path })
  })

  it('refuses an input without default that is not given, and names one that is like it', () => {
    const model = {
      ...TAX,
      variables: TAX.variables.map((v) => (v.kind === 'input' ? { kind: v.kind, name: v.name, unit: v.unit } : v)),
    }
    const submission = taxes(10, { plan: lower(model), inputs: { deductoin: 1 } })
    expect(() => read(submission)).toThrow(
      expect.objectContaining({
        code: 'BAD_INPUT',
        detail: { path: 'inputs.deduction', suggestion: 'give deduction; deductoin is like it' },
      }),
    )
  })

  it('refuses more values than can be kept, and says how many lanes would do', () => {
    const { plan } = ensemble()
    const submission = ensemble({ lanes: 1_000_000, plan, result: { kind: 'LANES' } })
    expect(() => read(submission)).toThrow(
      expect.objectContaining({
        code: 'LIMIT_EXCEEDED',
        detail: expect.objectContaining({ suggestion: expect.stringContaining('762600 lanes') }),
      }),
    )
  })

  it('refuses more rows than the time series of a run may have, however few the lanes', () => {
    const plan = lower({ ...PENDULUM, time: { start: 0, dt: 1, steps: 200_000, saveEvery: 1, unit: 'day' } })
    expect(refusal(ensemble({ plan, lanes: 1 }))).toEqual({ code: 'LIMIT_EXCEEDED', path: 'plan.outputs' })
  })

  it('takes members as many as their columns count', () => {
    expect(refusal(households(5))).toBe('accepted')
  })

  it('takes a million lanes', () => {
    expect(refusal(ensemble({ lanes: MAX_LANES }))).toBe('accepted')
  })

  it('gives one key to a question with a default left out, given, or with values that nobody asks for', () => {
    const { parentKey } = read(ensemble())
    expect(read(ensemble({ inputs: { damping: 0.1 } })).parentKey).toBe(parentKey)
    expect(read(ensemble({ series: { push: new Array(41).fill(0) } })).parentKey).toBe(parentKey)
    expect(read(ensemble({ inputs: { other: 1 } })).parentKey).toBe(parentKey)
    expect(read(ensemble({ seed: '0042' })).parentKey).toBe(parentKey)
  })

  it('gives one key to a question of two tenants, of two classes, and cut in two ways', () => {
    const { parentKey } = read(ensemble())
    expect(read(ensemble({ tenant: 'other', class: 'p2', shards: 7 })).parentKey).toBe(parentKey)
  })

  it.each<[string, Partial<Submission>]>([
    ['seed', { seed: '43' }],
    ['lanes', { lanes: 999 }],
    ['input', { inputs: { damping: 0.2 } }],
    ['series', { series: { push: new Array(41).fill(0.5) } }],
    ['quantiles', { result: { kind: 'ENSEMBLE', probabilities: [0.5] } }],
    ['kind of result', { result: { kind: 'LANES' } }],
  ])('gives another key to a question of another %s', (_, change) => {
    expect(read(ensemble(change)).parentKey).not.toBe(read(ensemble()).parentKey)
  })

  it('keeps a column by its content: what the caller does to its array later changes nothing', () => {
    const income = Float64Array.of(1, 2, 3)
    const { blobs } = read(taxes(3, { columns: { income } }))
    income[0] = 99
    const columns = [...blobs.values()].filter((bytes) => bytes.byteLength === 24)
    expect(columns.map((bytes) => [...new Float64Array(bytes.slice().buffer)])).toEqual([[1, 2, 3]])
  })
})
