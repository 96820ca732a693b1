// How a command fails.
import { CommanderError } from 'commander'
import { describe, expect, it } from 'vitest'
import { QuesnayError } from '../schema/errors.ts'
import { reportError, usageError } from './report-error.ts'

describe('reportError', () => {
  it('prints one line with the code and the hint', () => {
    const error = new QuesnayError('BAD_INPUT', 'no\n  good', { suggestion: 'give 1' })
    expect(reportError(error, false)).toEqual({ line: 'quesnay: BAD_INPUT: no; good (give 1)', exitCode: 1 })
  })

  it('takes the hint of the code where the error has none', () => {
    expect(reportError(new QuesnayError('STORE_UNAVAILABLE', 'gone'), false).line).toBe(
      'quesnay: STORE_UNAVAILABLE: gone (The database does not answer.)',
    )
  })

  it('clips what nobody would read, for a person and not for a script', () => {
    const error = new QuesnayError('MODEL_INVALID', 'a -> '.repeat(1000), { suggestion: 'cut the circle' })
    expect(reportError(error, false).line).toHaveLength(2004)
    expect(reportError(error, true).line).toContain('cut the circle')
  })

  it('shows what a terminal would obey as something else', () => {
    const error = new QuesnayError('BAD_INPUT', 'no "\u001b[2J"', { suggestion: 'x', excerpt: '  1 | \u001b[31m' })
    expect(reportError(error, false).line).toBe('quesnay: BAD_INPUT: no "\ufffd[2J" (x)\n  1 | \ufffd[31m')
  })

  it('prints one JSON object for a script', () => {
    const { line } = reportError(new QuesnayError('BAD_INPUT', 'no', { path: 'x', suggestion: 'y' }), true)
    expect(JSON.parse(line)).toEqual({
      error: { code: 'BAD_INPUT', message: 'no', hint: 'y', detail: { path: 'x', suggestion: 'y' } },
    })
  })

  it('ends as an interrupted command where the run was cancelled', () => {
    expect(reportError(new QuesnayError('RUN_CANCELLED', 'x'), false).exitCode).toBe(130)
  })

  it('prints an error that is not ours without its stack', () => {
    const { line, exitCode } = reportError(new TypeError('x is not a function'), false)
    expect(line).toMatch(/^quesnay: INTERNAL: x is not a function \(.+\)$/)
    expect(line).not.toContain('.ts')
    expect(exitCode).toBe(1)
  })
})

describe('usageError', () => {
  it('has what commander said as message and its proposal as hint', () => {
    const said = new CommanderError(
      1,
      'commander.unknownCommand',
      "error: unknown command 'qurey'\n(Did you mean query?)",
    )
    expect(usageError(said, '')).toMatchObject({
      code: 'BAD_INPUT',
      message: "unknown command 'qurey'",
      detail: { suggestion: 'Did you mean query? quesnay --help lists the commands' },
    })
    expect(usageError(new CommanderError(1, 'x', 'error: bad'), 'tenant set')).toMatchObject({
      detail: { suggestion: 'quesnay tenant set --help lists its options' },
    })
  })
})
