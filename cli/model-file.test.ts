// Telling model files from scenario files, and showing where a fault is.
import { describe, expect, it } from 'vitest'
import { QuesnayError } from '../schema/errors.ts'
import { MAX_MODEL_TEXT } from '../schema/terms/model.ts'
import { isModel, modelFile, textOf, withPlace } from './model-file.ts'

describe('isModel', () => {
  it.each([
    ['an XMILE file', 'a.xmile', '<xmile/>', true],
    ['a Stella file', 'a.STMX', '', true],
    ['a Vensim file', 'a.mdl', '', true],
    ['XML under another name', 'a.txt', '\ufeff<?xml version="1.0"?><xmile/>', true],
    ['a YAML file with variables', 'a.yaml', 'name: m\nvariables: {}', true],
    ['a JSON file with variables', 'a.json', '{"variables": {}}', true],
    ['a YAML file with variables and a fault', 'a.yml', 'name: [\nvariables:\n  a: 1', true],
    ['a scenario', 'b.yaml', 'title: T\nbankId: b@1', false],
    ['a scenario that speaks of variables', 'b.yml', 'title: T\ndescription: "variables: none"', false],
    ['a YAML file that holds a list', 'b.json', '[1]', false],
    ['another text', 'b.txt', 'hello', false],
    ['XMILE that is called YAML', 'a.yaml', '<xmile/>', true],
    ['YAML on standard input', '-', 'name: m\nvariables:\n  a: 1', true],
    ['a scenario on standard input', '-', 'title: T', false],
    ['a Vensim file under another name', 'a.txt', 'a = 1 ~ ~ |\n\\\\\\---/// Sketch information', true],
  ])('tells %s', (_, name, text, answer) => {
    expect(isModel(name, text)).toBe(answer)
  })
})

describe('modelFile', () => {
  it('refuses a text that the graph would not take', () => {
    expect(modelFile('m.mdl', 'x'.repeat(MAX_MODEL_TEXT))).toMatchObject({ path: 'm.mdl' })
    expect(() => modelFile('m.mdl', 'x'.repeat(MAX_MODEL_TEXT + 1))).toThrowError(
      expect.objectContaining({ code: 'LIMIT_EXCEEDED', message: expect.stringContaining('m.mdl') }),
    )
  })
})

describe('textOf', () => {
  it.each([
    ['names the file without its folders', { path: 'a/b.mdl', text: 'a' }, { text: 'a', fileName: 'b.mdl' }],
    ['has no name for standard input', { path: '-', text: 'a' }, { text: 'a' }],
    [
      'tells XML whatever it is called',
      { path: 'a.yaml', text: ' <xmile/>' },
      { text: ' <xmile/>', fileName: 'a.yaml', format: 'XMILE' },
    ],
  ])('%s', (_, file, members) => {
    expect(textOf(file)).toEqual(members)
  })
})

describe('withPlace', () => {
  const file = { path: 'm.yaml', text: 'one\ntwo\nthree\n' }
  const failing = (message: string, detail: Record<string, unknown>) =>
    withPlace(file, async () => {
      throw new QuesnayError('MODEL_INVALID', message, detail)
    })

  it('puts file, line and column before the message, and shows the line with a caret', async () => {
    await expect(failing('x: unknown (line 2, column 3)', { line: 2, column: 3 })).rejects.toMatchObject({
      code: 'MODEL_INVALID',
      message: 'm.yaml:2:3: x: unknown',
      detail: { excerpt: '  2 | two\n    |   ^', file: 'm.yaml' },
    })
  })

  it('shows the line alone where the column is not known', async () => {
    await expect(failing('x: line 2, column 1: odd', { line: 2 })).rejects.toMatchObject({
      message: 'm.yaml:2: x: odd',
      detail: { excerpt: '  2 | two' },
    })
  })

  it('reads the place from the message of faults that carry it nowhere else, as those of units do', async () => {
    const faults = [
      { path: 'x', message: 'line 2, column 1: usd and kg do not go together' },
      { path: 'y', message: 'line 3, column 2: usd is not wanted here' },
    ]
    await expect(failing(`x: ${faults[0]!.message} (and 1 more)`, { ...faults[0], faults })).rejects.toMatchObject({
      message: 'm.yaml:2:1: x: usd and kg do not go together (and 1 more)',
      detail: {
        excerpt: [...['  2 | two', '    | ^', 'm.yaml:3:2: y: usd is not wanted here', '  3 | three', '    |  ^']].join(
          '\n',
        ),
      },
    })
  })

  it('takes a line of what was typed for none of the file', async () => {
    const typed = withPlace(file, () =>
      Promise.reject(new QuesnayError('BAD_INPUT', 'not a distribution', { line: 1, column: 1 })),
    )
    await expect(typed).rejects.toMatchObject({ message: 'not a distribution' })
  })

  it('lists the other faults behind the first', async () => {
    const faults = [
      { path: 'x', message: 'unknown', line: 1, column: 1 },
      { path: 'y', message: 'unknown too', line: 3, column: 2, suggestion: 'did you mean "z"?' },
      { path: 'z', message: 'nowhere' },
    ]
    await expect(failing('x: unknown (and 2 more)', { ...faults[0], faults })).rejects.toMatchObject({
      message: 'm.yaml:1:1: x: unknown (and 2 more)',
      detail: {
        excerpt: [
          '  1 | one',
          '    | ^',
          'm.yaml:3:2: y: unknown too (did you mean "z"?)',
          '  3 | three',
          '    |  ^',
          'm.yaml: z: nowhere',
        ].join('\n'),
      },
    })
  })

  it('leaves other errors as they are', async () => {
    await expect(failing('no dt', { path: 'input.dt' })).rejects.toMatchObject({ message: 'no dt' })
    await expect(withPlace(file, () => Promise.reject(new Error('other')))).rejects.toThrow('other')
  })
})
