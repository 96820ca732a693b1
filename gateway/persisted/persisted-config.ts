// Section `persisted` of the gateway's configuration: operations that are known by an id.
import { z } from 'zod'

export const PERSISTED = z
  .strictObject({
    /**
     * `off`: an operation is its text. `apq`: clients may ask by hash, after they have sent the text once (automatic persisted
     * queries). `log`: as `apq`, and operations that are not published are counted and logged. `enforce`: only those published.
     */
    mode: z.enum(['off', 'apq', 'log', 'enforce']).default('apq'),
    /** A file of Apollo's format with operations that are published besides those in the database. */
    manifest: z.string().min(1).optional(),
    /** Characters of the texts that clients have sent and that are kept, in each gateway. */
    keptCharacters: z
      .int()
      .min(0)
      .default(4 * 2 ** 20),
    /** How often the database is asked whether something else is published, in ms. */
    refreshMs: z.int().min(100).default(5_000),
  })
  .prefault({})

export type PersistedConfig = z.infer<typeof PERSISTED>
