// Section `http` of the gateway's configuration.
import { z } from 'zod'
import { isNetwork } from './client-address.ts'

export const HTTP = z
  .strictObject({
    /** Clients reach the gateway by https, also through a proxy: answers then carry Strict-Transport-Security. */
    tls: z.boolean().default(false),
    /** Proxies, by address or network (10.0.0.0/8), whose X-Forwarded-For says where a client is. */
    trustedProxies: z.array(z.string().refine(isNetwork, 'is no address and no network of them')).default([]),
  })
  .prefault({})
