// What one reading gives to everybody who shares it: the result with its cursor, and whether anything follows.
import type { ExecutionResult } from 'graphql'
import { ERRORS, isErrorCode } from '../../schema/errors.ts'
import type { Faults } from '../documents.ts'
import { wireError } from '../errors.ts'
import { cursorOf } from './cursor.ts'
import type { EventSource } from './event-source.ts'
import type { Reading } from './subscription-plan.ts'

export interface Outcome {
  readonly result: ExecutionResult
  /** Nothing follows. */
  readonly ended: boolean
  /** When what is watched had ended, in milliseconds; undefined where it has not, or does not say. */
  readonly finishedAt?: number | undefined
  /** Sequence up to which it tells everything. */
  readonly sequence: number
  /** What it shows, as text, where that was read and not carried by an event. */
  readonly state?: string
  /** By which LATEST replaces it; undefined where all are about one object. */
  readonly key?: string | undefined
}

/** The outcome of a reading at a place of the stream; what is not there at all becomes NOT_FOUND. */
export function outcomeOf(
  { result, status, finishedAt }: Reading,
  { finalStatuses }: EventSource,
  {
    responseKey,
    pattern,
    sequence,
  }: { readonly responseKey: string; readonly pattern: string; readonly sequence: number },
): Outcome {
  const at = (given: ExecutionResult, ended: boolean): Outcome => ({
    result: { ...given, extensions: { ...given.extensions, cursor: cursorOf(pattern, sequence) } },
    ended,
    finishedAt,
    sequence,
  })
  if (result.data?.[responseKey] != null) return at(result, status !== undefined && finalStatuses.has(status))
  const codes = (result.errors ?? []).map((error) => error.extensions['code']).filter(isErrorCode)
  if (codes.length > 0)
    return at(
      result,
      codes.every((code) => !ERRORS[code].retry),
    )
  const missing = wireError('NOT_FOUND', 'there is nothing with this id to watch', {}, [responseKey])
  return { result: { ...result, errors: [missing] }, ended: true, sequence }
}

/** Errors alone, after which nothing follows. */
export const ending = (errors: Faults): Outcome => ({ result: { errors }, ended: true, sequence: 0 })

const GAPS = new WeakMap<Outcome, Outcome>()

/** The same outcome for those who have missed events before it: one object for all of them. */
export function withGap(outcome: Outcome): Outcome {
  const known = GAPS.get(outcome)
  if (known) return known
  const { result } = outcome
  const told = { ...outcome, result: { ...result, extensions: { ...result.extensions, gap: true } } }
  GAPS.set(outcome, told)
  return told
}

export function outdated(faults: Faults): Outcome {
  const problems = faults.map((fault) => fault.message)
  return ending([wireError('SUBSCRIPTION_SCHEMA_RELOAD', ERRORS.SUBSCRIPTION_SCHEMA_RELOAD.say, { problems })])
}
