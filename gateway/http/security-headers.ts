// Headers of every answer that tell a browser what it may do with it: as little as possible. Pages and objects set their own.
export interface SecurityHeadersOptions {
  /** True where clients reach this server by https, also through a proxy: browsers then use nothing else for a year. */
  readonly tls: boolean
}

export function securityHeaders({ tls }: SecurityHeadersOptions): Readonly<Record<string, string>> {
  return {
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    // Answers belong to their caller: no proxy and no browser keeps one, unless a step says how.
    'cache-control': 'no-store',
    'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
    ...(tls ? { 'strict-transport-security': 'max-age=31536000; includeSubDomains' } : {}),
  }
}
