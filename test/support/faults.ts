// Errors as values, so that a test can look into them.
import { expect } from 'vitest'
import { isQuesnayError, type QuesnayError } from '../../schema/errors.ts'

/** The error of ours that a call throws; fails the test where it throws none, or another. */
export function faultOf(call: () => unknown): QuesnayError {
  try {
    call()
  } catch (error) {
    if (isQuesnayError(error)) return error
    throw error
  }
  return expect.fail('nothing was thrown')
}
