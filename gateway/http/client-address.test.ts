// Whose word counts for where a client is: its socket's, and a trusted proxy's.
import type { IncomingMessage } from 'node:http'
import { describe, expect, it } from 'vitest'
import { clientAddressBy, isNetwork } from './client-address.ts'

const request = (remoteAddress: string | undefined, forwardedFor?: string) =>
  ({ socket: { remoteAddress }, headers: { 'x-forwarded-for': forwardedFor } }) as unknown as IncomingMessage

describe('where a client is', () => {
  it('is where its socket says, whatever it writes itself', () => {
    expect(clientAddressBy([])(request('203.0.113.9', '198.51.100.1'))).toBe('203.0.113.9')
    expect(clientAddressBy(['10.0.0.0/8'])(request('203.0.113.9', '198.51.100.1'))).toBe('203.0.113.9')
    expect(clientAddressBy([])(request('::ffff:203.0.113.9'))).toBe('203.0.113.9')
    expect(clientAddressBy(['10.0.0.1'])(request(undefined, '198.51.100.1'))).toBeUndefined()
  })

  it('is the last address that no trusted proxy has', () => {
    const addressOf = clientAddressBy(['10.0.0.0/8', '2001:db8::/32'])
    expect(addressOf(request('10.1.2.3', '192.0.2.1, 198.51.100.1'))).toBe('198.51.100.1')
    expect(addressOf(request('::ffff:10.1.2.3', '198.51.100.1, 10.9.9.9, [2001:db8::7]'))).toBe('198.51.100.1')
    expect(addressOf(request('10.1.2.3', '10.0.0.7'))).toBe('10.0.0.7')
  })

  it('is the proxy where that says nothing that can be read', () => {
    const addressOf = clientAddressBy(['10.0.0.1'])
    expect(addressOf(request('10.0.0.1'))).toBe('10.0.0.1')
    expect(addressOf(request('10.0.0.1', 'unknown'))).toBe('10.0.0.1')
    expect(addressOf(request('10.0.0.1', '198.51.100.1, _hidden'))).toBe('10.0.0.1')
  })
})

describe('a network', () => {
  it.each(['10.0.0.1', '10.0.0.0/8', '::1', '2001:db8::/32', '0.0.0.0/0'])('is %s', (text) => {
    expect(isNetwork(text)).toBe(true)
  })
  it.each(['', 'proxy', '10.0.0.0/33', '10.0.0.0/8/8', '10.0.0.0/', '::/129', '10.0.0/8'])('is not %j', (text) => {
    expect(isNetwork(text)).toBe(false)
  })
})
