// The audit of a gateway: its step, its writer and its retention, over the database.
import { QuesnayError } from '../../schema/errors.ts'
import type { EdgeDeps } from '../edge/open-edge.ts'
import type { EdgeStep } from '../edge/step.ts'
import { auditStep } from './audit-step.ts'
import { AuditWriter } from './audit-writer.ts'
import { InvalidRequests } from './invalid-requests.ts'
import { deleteExpired } from './retention.ts'

export interface Audit {
  readonly step: EdgeStep
  /** Writes what waits now. */
  flush(): Promise<void>
  close(): Promise<void>
}

const HOUR_MS = 3_600_000

/** Undefined where the audit is switched off, or there is no database. Errors: CONFIG_INVALID where it is asked for without one. */
export function openAudit({ config, store, clock, log, metrics, tenant }: EdgeDeps): Audit | undefined {
  const { enabled = store !== undefined, keepDays, onFailure, queue } = config.audit
  if (!enabled) return undefined
  if (!store)
    throw new QuesnayError('CONFIG_INVALID', 'audit.enabled is true and there is no database to write to', {
      path: 'audit.enabled',
      suggestion: 'set DATABASE_URL, or leave audit.enabled out',
    })
  const writer = new AuditWriter({ store, clock, log, metrics, queue })
  const invalid = new InvalidRequests({ writer, clock, tenant })
  const closing = new AbortController()

  /** At the start and then every hour. */
  async function retain(): Promise<void> {
    while (!closing.signal.aborted) {
      try {
        const deleted = await deleteExpired(store!, keepDays, clock.now())
        if (deleted > 0) log.info({ deleted }, 'the audit has let go of rows whose time had come')
      } catch (error) {
        log.warn({ err: error }, 'the audit could not let go of old rows; it tries again in an hour')
      }
      await clock.sleep(HOUR_MS, closing.signal).catch(() => undefined)
    }
  }
  const retaining = retain()
  return {
    step: auditStep({ writer, invalid, clock, log, onFailure }),
    flush: () => writer.flush(),
    async close() {
      closing.abort()
      await retaining
      invalid.close()
      await writer.close()
    },
  }
}
