// Section `partners` of the gateway's configuration: subgraphs of others, what they are told of who asks, and what of ours they reach.
import { z } from 'zod'

const name = z.string().min(1)

const PARTNER = z.strictObject({
  /** What it is told of who asks. */
  claims: z
    .strictObject({
      /** The name itself, or a pseudonym that stays the same, or nothing. */
      tenant: z.enum(['name', 'hash', 'none']).default('hash'),
      subject: z.boolean().default(false),
      scopes: z.boolean().default(false),
      roles: z.boolean().default(false),
    })
    .prefault({}),
  /** File with the secret that what it is told is signed with, of at least 32 characters: its own, so that it can forge nothing for others. */
  secretFile: name,
  /** Fields of our types that it may be sent, as keys or because it requires them; by type. */
  entities: z.record(name, z.array(name)).default({}),
})

export const PARTNERS = z.record(name, PARTNER).default({})

export type PartnersConfig = z.infer<typeof PARTNERS>
export type PartnerConfig = z.infer<typeof PARTNER>
