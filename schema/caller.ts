// Who asks: what the gateway tells a subgraph with every request, as an object in one process and as headers between two.

/** Who asks. The gateway says so; a client never does. */
export interface Caller {
  readonly tenant: string
  readonly requestId: string
}

/** Headers by which the gateway says who asks. */
export const CALLER_HEADERS = { tenant: 'x-quesnay-tenant', requestId: 'x-request-id' } as const

/** The tenant of everyone, where no other is set up. */
export const DEFAULT_TENANT = 'local'
