// Section `rates` of the gateway's configuration: how often each tier may ask.
import { z } from 'zod'

const tier = (perSecond: number, burst: number, perDay: number) =>
  z
    .strictObject({
      /** Points that come back each second. */
      perSecond: z.number().positive().default(perSecond),
      /** Points that may be spent at once. */
      burst: z.int().min(1).default(burst),
      /** Operations of a tenant, by the day of UTC. */
      perDay: z.int().min(0).default(perDay),
    })
    .prefault({})

export const RATES = z
  .strictObject({
    /** Where they are counted: `database` together with all gateways on it; `memory` by each gateway alone; `off`. */
    kept: z.enum(['database', 'memory', 'off']).default('database'),
    /** Whose bucket it is; a day is always the tenant's. */
    per: z.enum(['subject', 'tenant']).default('subject'),
    /** What an operation takes from a bucket: 1, or what limits say that it costs. A day counts operations. */
    points: z.enum(['operation', 'cost']).default('operation'),
    /** Most points a gateway takes at once, to ask the database for one in so many operations. */
    lease: z.int().min(1).default(10),
    /** While the database does not answer: `open` counts in this process, `closed` refuses. */
    whenDown: z.enum(['open', 'closed']).default('open'),
    /** How long the database may take to answer, in ms. */
    patienceMs: z.int().min(1).default(250),
    /** Also for the anonymous of a demonstration, which only this machine reaches; by its address. */
    demo: z.boolean().default(false),
    tiers: z
      .strictObject({ free: tier(2, 20, 100), pro: tier(20, 100, 1_000), enterprise: tier(200, 1_000, 100_000) })
      .prefault({}),
  })
  .prefault({})

export type Rates = z.infer<typeof RATES>
export type TierRates = Rates['tiers']['free']
