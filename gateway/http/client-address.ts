// Where a client is: the peer of its socket, or what a proxy that is trusted says in X-Forwarded-For.
import type { IncomingMessage } from 'node:http'
import { BlockList, isIP } from 'node:net'

/** undefined where the socket is gone. */
export type ClientAddress = (request: IncomingMessage) => string | undefined

/**
 * From the right, the first address that is no trusted proxy's: what stands before it was written by the client itself.
 * @param proxies addresses, or networks such as 10.0.0.0/8; whatever comes from elsewhere speaks for itself
 */
export function clientAddressBy(proxies: readonly string[]): ClientAddress {
  const trusted = new BlockList()
  for (const proxy of proxies) {
    const [address = '', bits] = proxy.split('/')
    const family = familyOf(address)
    if (bits === undefined) trusted.addAddress(address, family)
    else trusted.addSubnet(address, Number(bits), family)
  }
  const isTrusted = (address: string) => trusted.check(address, familyOf(address))
  return ({ headers, socket: { remoteAddress } }) => {
    let client = remoteAddress && bare(remoteAddress)
    if (proxies.length === 0 || client === undefined) return client
    const hops = String(headers['x-forwarded-for'] ?? '').split(',')
    for (let i = hops.length - 1; i >= 0 && isTrusted(client); i--) {
      const hop = bare(hops[i]!.trim())
      if (isIP(hop) === 0) break
      client = hop
    }
    return client
  }
}

/** True for an address, or for a network of one. */
export function isNetwork(text: string): boolean {
  const [address = '', bits, ...more] = text.split('/')
  const width = { 0: -1, 4: 32, 6: 128 }[isIP(address)] ?? -1
  return width > 0 && more.length === 0 && (bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= width))
}

const familyOf = (address: string) => (isIP(address) === 6 ? 'ipv6' : 'ipv4')

/** Without brackets, and an IPv4 address as one. */
const bare = (address: string) => address.replace(/^\[(.*)\]$/, '$1').replace(/^::ffff:(?=\d+\.)/i, '')
