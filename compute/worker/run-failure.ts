// The error of a run that computed something, but no result.
import { QuesnayError } from '../../schema/errors.ts'
import type { MachineStatus } from './machine.ts'

/** NOT_A_NUMBER, NOT_CONVERGED or ASSERTION_FAILED, with what failed, the lane and the time; null for a run that did not fail. */
export function failureOf(status: MachineStatus): QuesnayError | null {
  switch (status.kind) {
    case 'NOT_A_NUMBER': {
      const { output, lane, time } = status
      const message = `${output} is not a finite number in lane ${lane} at time ${time}`
      return new QuesnayError('NOT_A_NUMBER', message, { path: output, output, lane, time })
    }
    case 'NOT_CONVERGED': {
      const { block, residual, lane, time } = status
      const message = `the solve block ${block} does not converge in lane ${lane} at time ${time}; ${residual} is left`
      return new QuesnayError('NOT_CONVERGED', message, { path: block, block, residual: written(residual), lane, time })
    }
    case 'ASSERTION_FAILED': {
      const { identity, difference, lane, time } = status
      const message = `the identity ${identity} does not hold in lane ${lane} at time ${time}; it is ${difference} off`
      const detail = { path: identity, identity, difference: written(difference), lane, time }
      return new QuesnayError('ASSERTION_FAILED', message, detail)
    }
    default:
      return null
  }
}

/** JSON has no infinity and no NaN: null. */
const written = (value: number) => (Number.isFinite(value) ? value : null)
