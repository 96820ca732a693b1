// The headers by which each subgraph is told who asks: ours all of it, a partner what its grant says.
import { createHmac } from 'node:crypto'
import type { Clock } from '../../infra/clock.ts'
import { CONTEXT_HEADER, contextSigner, secretIn, type ToldIdentity } from '../../infra/signed-context.ts'
import type { Caller } from '../../schema/caller.ts'
import type { PartnerConfig, PartnersConfig } from './partners-config.ts'

export interface ContextOptions {
  /** Shared with our own subgraphs; without one they are told nothing, and answer nothing. */
  readonly secret: string | undefined
  readonly partners: PartnersConfig
  readonly clock: Clock
}

export type CallerHeaders = (caller: Caller) => Promise<Record<string, string>>

/** By name of the subgraph, and whether it is ours; one that is neither ours nor a partner is told nothing. */
export type CallerHeadersOf = (subgraph: string, isOurs?: boolean) => CallerHeaders

/** Errors: CONFIG_INVALID where a partner's secret cannot be read. */
export function contextHeaders({ secret, partners, clock }: ContextOptions): CallerHeadersOf {
  const own = secret === undefined ? undefined : contextSigner(secret, clock)
  const others = new Map(
    Object.entries(partners).map(([name, partner]) => {
      const key = secretIn(partner.secretFile, `partners.${name}.secretFile`)
      return [name, { partner, sign: contextSigner(key, clock), key }] as const
    }),
  )
  return (subgraph, isOurs = true) => {
    const other = others.get(subgraph)
    const sign = other?.sign ?? (isOurs ? own : undefined)
    if (!sign) return async () => ({})
    // A partner knows its own secret: tenants' pseudonyms are made with one that it does not, where there is one.
    const told = other
      ? (caller: Caller) => granted(caller, other.partner, secret ?? other.key)
      : (caller: Caller) => caller
    return async (caller) => ({ [CONTEXT_HEADER]: await sign(subgraph, told(caller), caller.requestId) })
  }
}

function granted({ tenant, principal }: Caller, { claims }: PartnerConfig, key: string): ToldIdentity {
  const { subject, scopes, roles } = principal
  const names = { name: tenant, hash: pseudonym(tenant, key), none: undefined }
  return {
    tenant: names[claims.tenant],
    principal: {
      ...(claims.subject ? { subject } : {}),
      ...(claims.scopes ? { scopes } : {}),
      ...(claims.roles ? { roles } : {}),
    },
  }
}

/** The same for the same tenant at all times, and nobody without the key finds out whose it is. */
const pseudonym = (tenant: string, key: string): string =>
  createHmac('sha256', key).update(`quesnay tenant ${tenant}`).digest('hex').slice(0, 32)
