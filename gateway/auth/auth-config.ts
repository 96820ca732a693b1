// Section `auth` of the gateway's configuration: who is known, how, and which policies there are.
import { z } from 'zod'
import { TIERS } from '../../schema/caller.ts'
import { isLoopback } from './loopback.ts'

const name = z.string().min(1)
const names = z.array(name)
const tier = z.enum(TIERS)

function isPrivateWay(text: string): boolean {
  const { protocol, hostname } = URL.canParse(text) ? new URL(text) : { protocol: '', hostname: '' }
  return protocol === 'https:' || (protocol === 'http:' && isLoopback(hostname))
}

/** Only signatures of a private key: nobody who can verify a token can make one. */
const ALGORITHMS = ['RS256', 'ES256', 'EdDSA'] as const

const ISSUER = z
  .strictObject({
    /** `iss` of its tokens, to the letter. */
    issuer: name,
    /** One of these must stand in `aud`. */
    audience: z.union([name, z.array(name).min(1)]),
    jwksUrl: z
      .url()
      // Whoever can change what comes by the way makes keys of their own.
      .refine(isPrivateWay, 'must begin with https, but for a host of this machine')
      .optional(),
    jwksFile: name.optional(),
    algorithms: z
      .array(z.enum(ALGORITHMS))
      .min(1)
      .default([...ALGORITHMS]),
    clockSkewSeconds: z.number().int().min(0).max(600).default(60),
    /** Least time between two looks at the keys that are caused by a key that is not known, in seconds. */
    cooldownSeconds: z.number().min(0).max(3600).default(30),
    /** The tenant of all its tokens; where it is absent, the claim says which. */
    tenant: name.optional(),
    /** What a token is worth that does not say its tier. */
    tier: tier.default('free'),
    claims: z
      .strictObject({
        tenant: name.default('tenant'),
        scopes: name.default('scope'),
        roles: name.default('roles'),
        tier: name.default('tier'),
      })
      .prefault({}),
  })
  .refine(({ jwksUrl, jwksFile }) => (jwksUrl === undefined) !== (jwksFile === undefined), {
    error: 'give either jwksUrl or jwksFile',
  })

const POLICY = z.strictObject({
  /** One of them. */
  roles: names.optional(),
  /** One of them. */
  scopes: names.optional(),
  /** At least. */
  tier: tier.optional(),
  tenants: names.optional(),
})

export const AUTH = z
  .strictObject({
    /** Requests without credentials: `loopback` lets those of this machine in, where nobody else can reach the server. */
    demo: z.enum(['loopback', 'off']).default('loopback'),
    /** What those may do. */
    demoPrincipal: z
      .strictObject({
        scopes: names.default(['*']),
        roles: names.default(['admin']),
        tier: tier.default('enterprise'),
      })
      .prefault({}),
    /** Whether tokens of `quesnay token` hold; in demo mode, on loopback, they always do. */
    developmentIssuer: z.boolean().default(false),
    /** Credentials that do not hold: how many one address may show at once, and how many are forgiven each minute. */
    failures: z
      .strictObject({ burst: z.int().min(1).default(20), perMinute: z.number().positive().default(10) })
      .prefault({}),
    issuers: z.array(ISSUER).default([]),
    policies: z.record(name, POLICY).default({}),
  })
  .prefault({})

export type AuthConfig = z.infer<typeof AUTH>
export type IssuerConfig = z.infer<typeof ISSUER>
