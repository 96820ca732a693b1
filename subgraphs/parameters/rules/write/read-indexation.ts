// How a parameter is to be indexed, as a person gives it.
import { QuesnayError } from '../../../../schema/errors.ts'
import { firstDay, lastDay } from '../dates.ts'
import type { Indexation } from '../tree.ts'
import type { IndexationInput } from './inputs.ts'

/** BAD_INPUT with the path of the field where an interval is not above 0 or a date is none. */
export function readIndexation({ index, rounding, from, to, chained }: IndexationInput, path: string): Indexation {
  if (rounding && !(rounding.interval > 0 && Number.isFinite(rounding.interval)))
    throw new QuesnayError('BAD_INPUT', `an amount cannot be rounded to multiples of ${rounding.interval}`, {
      path: `${path}.rounding.interval`,
      suggestion: 'give an interval above 0, such as 50',
    })
  return {
    index,
    rounding: rounding ? { mode: rounding.mode, interval: rounding.interval } : null,
    ...(from == null ? {} : { from: firstDay(from, `${path}.from`) }),
    ...(to == null ? {} : { to: lastDay(to, `${path}.to`) }),
    chained: chained ?? false,
  }
}
