// Why a run failed, in the words of who asked for it: the lanes of a simulation are its draws, which people count from 1.
import type { RunRecord } from '../../../compute/dispatch/port.ts'
import type { RunError } from '../types/run.ts'

const SUGGESTIONS: Readonly<Record<string, string>> = {
  NOT_A_NUMBER:
    'look for a division by zero, a logarithm or root of a negative number, or growth without bound in what it is computed from',
  NOT_CONVERGED:
    'give a better guess, more maxIterations or a smaller damping, or see whether it has a solution at all',
  ASSERTION_FAILED: 'mend the equations, or give the identity a tolerance',
}

/** The error of a run with draw and fix; null where it has none. */
export function viewFault({ kind, error }: Pick<RunRecord, 'kind' | 'error'>): RunError | null {
  if (!error) return null
  const { code, message } = error
  const suggestion = SUGGESTIONS[code]
  const detail = suggestion ? { suggestion, ...error.detail } : { ...error.detail }
  const { lane, ...rest } = detail as Record<string, unknown>
  if (kind !== 'SIMULATION' || typeof lane !== 'number') return { code, message, detail }
  const draw = lane + 1
  return { code, message: message.replace(`in lane ${lane} `, `in draw ${draw} `), detail: { ...rest, draw } }
}
