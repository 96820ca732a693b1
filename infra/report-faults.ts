// How a process of ours ends that cannot start or go on: by one line of its log, where Node would print a trace.
import { isQuesnayError, toWireError } from '../schema/errors.ts'
import { createLog } from './log.ts'

/** What nobody catches is logged, whatever QUESNAY_LOG says, and ends the process with exit code 1. */
export function reportFaults(service: string): void {
  process.once('uncaughtException', (err) => {
    createLog('fatal', { service }).fatal(isQuesnayError(err) ? toWireError(err) : { err }, 'the process ends')
    process.exit(1)
  })
}
