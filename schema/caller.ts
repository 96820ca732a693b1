// Who asks: what the gateway tells a subgraph with every request, as an object in one process and as headers between two.

/** What a tenant has subscribed to; each includes the one before. */
export const TIERS = ['free', 'pro', 'enterprise'] as const
export type Tier = (typeof TIERS)[number]

/** Somebody within a tenant, and what they may do there. */
export interface Principal {
  /** As their issuer names them; `anonymous` in demo mode, `process` for this process itself. */
  readonly subject: string
  /** How it was proved. */
  readonly proof: 'token' | 'key' | 'demo' | 'process'
  /** What they were granted, such as scenarios:write; `*` is everything. */
  readonly scopes: readonly string[]
  /** What they are in the tenant, such as admin. */
  readonly roles: readonly string[]
  readonly tier: Tier
  /** When the proof runs out, in milliseconds since 1970; absent: never. */
  readonly expiresAt?: number | undefined
}

/** Who asks. The gateway says so; a client never does. */
export interface Caller {
  readonly tenant: string
  readonly requestId: string
  readonly principal: Principal
  /** W3C trace context of what asks: the client's own where it sent one, and of the gateway's span from there on. */
  readonly traceparent?: string | undefined
  /** Where the request came from, as its socket or a trusted proxy says; absent in one process. */
  readonly remoteAddress?: string | undefined
  /** Seconds of computing that one operation of theirs may have done; absent: any number. */
  readonly computeSeconds?: number | undefined
  /** Aborted, with an error of ours as its reason, when nobody waits for the answer any longer. Stays in this process. */
  readonly signal?: AbortSignal | undefined
  /** Headers of the client's that subgraphs get too, by lower-case name: where equal questions share an answer, these are equal too. */
  readonly forwarded?: Readonly<Record<string, string>> | undefined
}

/** Headers by which the gateway says who asks. */
export const CALLER_HEADERS = { tenant: 'x-quesnay-tenant', requestId: 'x-request-id' } as const

/** The tenant of everyone, where no other is set up. */
export const DEFAULT_TENANT = 'local'

/** Everything is granted: what this process does by itself, such as a command that has the graph in its own process. */
export const PROCESS: Principal = {
  subject: 'process',
  proof: 'process',
  scopes: ['*'],
  roles: ['admin'],
  tier: 'enterprise',
}
