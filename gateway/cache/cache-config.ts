// How much of answers is kept, and for how long they may be given in place of a subgraph that is down: a section of the configuration.
import { z } from 'zod'

export const CACHE = z.strictObject({
  /** Of answers and what is kept beside them; 0: nothing is kept. */
  maxBytes: z
    .int()
    .min(0)
    .default(64 * 2 ** 20),
  /** How long after its end an answer may stand in for one that a subgraph did not give, marked as stale; 0: never. */
  staleIfErrorSeconds: z.int().min(0).default(0),
})

export type CacheConfig = z.infer<typeof CACHE>
