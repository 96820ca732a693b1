import { describe, expect, it } from 'vitest'
import type { Model, TimeSpec } from '../../../compute/model/model.ts'
import { MAX_MODEL_TEXT } from '../../../schema/terms/model.ts'
import type { UploadModelInput } from '../types/upload.ts'
import { assertSelfContained, checkCells, checkModelSize, checkUpload, savedTimes } from './check-upload.ts'

const upload = (change: Partial<UploadModelInput> = {}): UploadModelInput => ({
  ...{ text: 'variables: {}', set: [], vary: [], seed: '1', dryRun: false },
  ...change,
})

const DEEP = '['.repeat(1000)

const change = (variable: string) => ({ variable, value: 1 })

const time = (change: Partial<TimeSpec> = {}): TimeSpec => ({
  ...{ start: 0, dt: 0.5, steps: 1000, saveEvery: 1, unit: 'day' },
  ...change,
})

const modelOf = (outputs: number, spec?: TimeSpec): Model => ({
  name: 'm',
  tables: {},
  variables: [],
  ...(spec ? { time: spec } : {}),
  outputs: Array.from({ length: outputs }, (_, i) => `v${i}`),
})

const refused = (code: string, path: string, suggestion: RegExp) =>
  expect.objectContaining({
    code,
    detail: expect.objectContaining({ path, suggestion: expect.stringMatching(suggestion) }),
  })

describe('checkUpload', () => {
  it('takes a text alone', () => {
    expect(() => checkUpload(upload())).not.toThrow()
  })

  it.each([
    ['an empty text', { text: ' \n' }, 'BAD_INPUT', 'input.text', /XMILE/],
    ['a text beyond the limit', { text: 'x'.repeat(MAX_MODEL_TEXT + 1) }, 'LIMIT_EXCEEDED', 'input.text', /divide/],
    ['an id that is no slug', { id: 'My Model' }, 'BAD_INPUT', 'input.id', /my-model/],
    ['an empty title', { title: ' ' }, 'BAD_INPUT', 'input.title', /title/],
    ['no draws', { draws: 0 }, 'BAD_INPUT', 'input.draws', /1 or more/],
    ['a seed that is no number', { seed: 'x' }, 'BAD_INPUT', 'input.seed', /digits/],
    ['a text that nests without end', { text: DEEP }, 'MODEL_INVALID', 'the file', /at most 200/],
    ['no names to save', { outputs: [] }, 'BAD_INPUT', 'input.outputs', /leave outputs out/],
    ['a long description', { description: 'x'.repeat(10_001) }, 'LIMIT_EXCEEDED', 'input.description', /shorten/],
    ['a long name of the file', { fileName: 'x'.repeat(256) }, 'LIMIT_EXCEEDED', 'input.fileName', /folders/],
    ['too many names', { outputs: Array(10_001).fill('a') }, 'LIMIT_EXCEEDED', 'input.outputs', /fewer/],
  ] as const)('refuses %s', (_, change, code, path, suggestion) => {
    expect(() => checkUpload(upload(change as Partial<UploadModelInput>))).toThrowError(refused(code, path, suggestion))
  })

  it.each([
    ['set twice', { set: [change('Room Temp'), change('room_temp')] }],
    ['an element set twice', { set: [change('x[a, b]'), change('X[A,B]')] }],
    ['set and varied', { set: [change('x')], vary: [{ variable: '"X"', distribution: 'uniform(0, 1)' }] }],
  ])('refuses a variable that is %s, by whatever spelling', (_, changes) => {
    expect(() => checkUpload(upload(changes))).toThrowError(refused('BAD_INPUT', 'input.set', /once/))
  })

  it.each([
    ['by its form', { text: DEEP, format: 'VENSIM' }, false],
    ['by its name', { text: DEEP, fileName: 'A.MDL' }, false],
    ['by its text', { text: `<xmile>${DEEP}` }, false],
    ['but not where the form says YAML', { text: `<a: ${DEEP}`, format: 'YAML', fileName: 'a.xmile' }, true],
    ['but not where the name says YAML', { text: `<a: ${DEEP}`, fileName: 'a.yml' }, true],
  ] as const)('leaves XML and Vensim to readers of their own, told %s', (_, input, refuses) => {
    const check = expect(() => checkUpload(upload(input)))
    if (refuses) check.toThrowError(/nested too deeply/)
    else check.not.toThrow()
  })

  it('lets an array be set as a whole and then an element of it', () => {
    expect(() => checkUpload(upload({ set: [change('x'), change('x[a]')] }))).not.toThrow()
  })

  it('refuses more draws than a scenario may have', () => {
    expect(() => checkUpload(upload({ draws: 100_001 }))).toThrowError(
      expect.objectContaining({ code: 'LIMIT_EXCEEDED', detail: { path: 'input.draws', limit: 100_000 } }),
    )
  })
})

describe('savedTimes', () => {
  it.each([
    ['every step and the first', time({ steps: 4 }), 5],
    ['every third step and the last', time({ steps: 10, saveEvery: 3 }), 5],
    ['every fifth step, the last being one of them', time({ steps: 10, saveEvery: 5 }), 3],
    ['the steps named', time({ saveAt: [0, 7] }), 2],
    ['the first and the last of a long span', time({ steps: 10, saveEvery: 100 }), 2],
  ])('counts %s', (_, spec, count) => {
    expect(savedTimes(spec)).toBe(count)
  })
})

describe('checkModelSize', () => {
  it('takes a model without time', () => {
    expect(() => checkModelSize(modelOf(5))).not.toThrow()
  })

  it('refuses more steps than a worker should be kept for, without listing them', () => {
    expect(() => checkModelSize(modelOf(1, time({ steps: 1e12 })))).toThrowError(
      refused('LIMIT_EXCEEDED', 'input.dt', /longer dt/),
    )
  })

  it('refuses more outputs times saved times than the store keeps, and names a spacing that fits', () => {
    const model = modelOf(1000, time({ steps: 1000 }))
    expect(() => checkModelSize(model)).toThrowError(
      refused('LIMIT_EXCEEDED', 'input.outputs', /^name fewer outputs, or save every 2 day$/),
    )
    expect(() => checkModelSize({ ...model, time: time({ steps: 1000, saveEvery: 4 }) })).not.toThrow()
  })

  it('tells to name fewer outputs where no spacing would do', () => {
    expect(() => checkModelSize(modelOf(300_000, time({ saveEvery: 1000 })))).toThrowError(
      refused('LIMIT_EXCEEDED', 'input.outputs', /^name fewer outputs$/),
    )
  })
})

describe('checkCells', () => {
  it('refuses more values of all draws together than are kept until they are merged', () => {
    const model = modelOf(100, time({ steps: 999 }))
    expect(() => checkCells(model, 1342)).not.toThrow()
    expect(() => checkCells(model, 10_000)).toThrowError(
      refused('LIMIT_EXCEEDED', 'input.draws', /^give at most 1342 draws, or name fewer outputs, or save every 4 day$/),
    )
  })
})

describe('assertSelfContained', () => {
  const none = { inputs: [], series: [], columns: [] }
  const check = (change: Partial<Parameters<typeof assertSelfContained>[0]>) => () =>
    assertSelfContained({ ...none, ...change })

  it('takes inputs and series that have a default', () => {
    const one = { name: 'x', slot: 0, default: 1 }
    expect(check({ inputs: [one], series: [one] })).not.toThrow()
  })

  it('names the input or series that has none', () => {
    const one = { name: 'rate', slot: 0, default: null }
    for (const plan of [{ inputs: [one] }, { series: [one] }])
      expect(check(plan)).toThrowError(refused('BAD_INPUT', 'input.set', /set rate to a number/))
  })

  it('refuses columns of data', () => {
    expect(check({ columns: [{ name: 'wages', slot: 0, level: 0 }] })).toThrowError(
      refused('CONSTRUCT_UNSUPPORTED', 'input.text', /distribution/),
    )
  })
})
