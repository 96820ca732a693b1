// Whether equal work at one time is shared: a section of the gateway's configuration.
import { z } from 'zod'

export const SINGLE_FLIGHT = z.strictObject({
  /** Equal queries of one auth scope. */
  operations: z.boolean().default(true),
  /** Equal queries to a subgraph, of different operations, for one person. */
  fetches: z.boolean().default(true),
})
