// The outermost step: leaves one row for each operation, executed, refused or none at all; two for a subscription, at its start and its end.
import type { ExecutionResult } from 'graphql'
import type { Logger } from 'pino'
import type { Clock } from '../../infra/clock.ts'
import { traceIdOf } from '../../schema/trace-context.ts'
import type { Prepared } from '../documents.ts'
import type { EdgeStep, Operation, Results } from '../edge/step.ts'
import { wireError } from '../errors.ts'
import { outcomeOf } from '../metrics.ts'
import { versionsOf } from '../versions.ts'
import type { AuditConfig } from './audit-config.ts'
import type { AuditWriter } from './audit-writer.ts'
import type { AuditEntry } from './chain.ts'
import { type Described, Descriptions } from './describe-operation.ts'
import type { InvalidRequests } from './invalid-requests.ts'
import { resultHash } from './result-hash.ts'

declare module '../edge/step.ts' {
  interface Notes {
    /** The operation as it came: a step may narrow it. */
    asked?: Asked
  }
}

interface Asked extends Prepared {
  /** In milliseconds since 1970. */
  readonly at: number
}

export interface AuditStepDeps {
  readonly writer: Pick<AuditWriter, 'add' | 'well'>
  readonly invalid: Pick<InvalidRequests, 'note'>
  readonly clock: Clock
  readonly log: Logger
  readonly onFailure: AuditConfig['onFailure']
}

/** What is known of an operation at its end. */
type End = Pick<AuditEntry, 'id' | 'outcome'> & Partial<Pick<AuditEntry, 'completes'>>

export function auditStep({ writer, invalid, clock, log, onFailure }: AuditStepDeps): EdgeStep {
  const descriptions = new Descriptions()

  /** Behind the answer: hashing a long one takes longer than all else here. */
  function record(operation: Operation, end: End, result?: ExecutionResult): void {
    const now = clock.now()
    const { asked = { ...operation, at: now } } = operation.notes
    const { at, document, operation: definition } = asked
    setImmediate(() => {
      try {
        const described = descriptions.of({ ...operation, document, operation: definition })
        writer.add({
          entry: entryOf(operation, described, { ...end, at, durationMs: now - at }, result),
          text: described.text,
        })
      } catch (error) {
        log.error({ err: error, requestId: operation.caller.requestId }, 'an operation could not be audited')
      }
    })
  }

  return {
    name: 'audit',
    async admit(operation) {
      const { document, operation: definition, notes } = operation
      notes.asked ??= { at: clock.now(), document, operation: definition }
      if (writer.well || onFailure === 'keep') return operation
      const message = 'the audit cannot be written, and nothing is done without it'
      return [wireError('STORE_UNAVAILABLE', message, { suggestion: 'try again in a minute' })]
    },
    refused(operation, faults) {
      record(operation, { id: clock.id(), outcome: outcomeOf({ errors: faults }) }, { errors: faults })
    },
    invalid: (request, faults) => invalid.note(request, outcomeOf({ errors: faults })),
    async around(operation, next) {
      const result = await next(operation)
      record(operation, { id: clock.id(), outcome: outcomeOf(result) }, result)
      return result
    },
    async stream(operation, next) {
      const id = clock.id()
      const results = await next(operation)
      if (!(Symbol.asyncIterator in results)) {
        record(operation, { id, outcome: outcomeOf(results) })
        return results
      }
      record(operation, { id, outcome: 'started' })
      return ending(results, (outcome) => record(operation, { id: clock.id(), outcome, completes: id }))
    },
  }
}

/** The same results; `end` hears once how they ended: `ok`, or the code of the last result's first error. */
function ending(results: Results, end: (outcome: string) => void): Results {
  let outcome = 'ok'
  let ended = false
  const done = () => {
    if (ended) return
    ended = true
    end(outcome)
  }
  const own: Results = {
    async next() {
      try {
        const step = await results.next()
        if (step.done) done()
        else outcome = outcomeOf(step.value)
        return step
      } catch (error) {
        outcome = 'INTERNAL'
        done()
        throw error
      }
    },
    return: (value) => results.return(value).finally(done),
    throw: (error) => results.throw(error).finally(done),
    [Symbol.asyncIterator]: () => own,
  }
  return own
}

function entryOf(
  { type, caller, notes }: Operation,
  { hash, name, variables, withheld }: Described,
  { id, at, durationMs, outcome, completes = null }: End & Pick<AuditEntry, 'at' | 'durationMs'>,
  result: ExecutionResult | undefined,
): AuditEntry {
  const { tenant, requestId, principal, traceparent } = caller
  const { cost } = notes as { readonly cost?: unknown }
  const entry: AuditEntry = {
    ...{ tenant, type, id, at, durationMs, outcome, completes, requestId, operationName: name, operationHash: hash },
    ...{ subject: principal.subject, proof: principal.proof, traceId: traceIdOf(traceparent) ?? null },
    ...{ variables, withheld, cost: cost ?? null },
    versions: result ? versionsOf(result) : {},
    resultHash: result && 'data' in result ? resultHash(result) : null,
  }
  // As it comes back from the database, which stores no NUL and no half of a surrogate pair.
  return JSON.parse(JSON.stringify(entry).replace(/\\u0000|\\ud[89a-f][0-9a-f]{2}/gi, '\\ufffd')) as AuditEntry
}
