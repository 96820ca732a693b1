// The section `audit` of the gateway's configuration.
import { z } from 'zod'

const days = z.number().int().min(1).max(36_500)
const SEVEN_YEARS = 2_557

export const AUDIT_CONFIG = z
  .strictObject({
    /** Where absent: wherever there is a database. */
    enabled: z.boolean().optional(),
    /** What happens while the database is down: operations go on and rows wait in memory, or operations are refused. */
    onFailure: z.enum(['keep', 'refuse']).default('keep'),
    /** Rows that wait in memory at most; beyond, `keep` loses the newest and says so. */
    queue: z.number().int().min(100).max(1_000_000).default(10_000),
    /** For how long rows are kept, in days, by type of operation; `invalid` is what is none. */
    keepDays: z
      .strictObject({
        query: days.default(90),
        mutation: days.default(SEVEN_YEARS),
        subscription: days.default(90),
        invalid: days.default(90),
      })
      .prefault({}),
  })
  .prefault({})

export type AuditConfig = z.infer<typeof AUDIT_CONFIG>
