// Credentials that do not hold may be shown only so often from one address.
import { describe, expect, it } from 'vitest'
import { silentLog as log } from '../../infra/log.ts'
import { PROCESS } from '../../schema/caller.ts'
import { type ManualClock, manualClock } from '../../test/support/manual-clock.ts'
import { boundFailures, networkOf } from './failures.ts'
import { expired, unauthenticated } from './unauthenticated.ts'

const identity = { tenant: 'acme', principal: PROCESS }
const refused = { code: 'UNAUTHENTICATED' }
const limited = { code: 'RATE_LIMITED', detail: { policy: 'authentication', retryAfterSeconds: 6 } }

function open(clock: ManualClock = manualClock()) {
  const bounded = boundFailures({ limits: { burst: 3, perMinute: 10 }, clock, log })
  let looked = 0
  return {
    clock,
    looked: () => looked,
    show: (carried: string, address: string | undefined = '203.0.113.9') =>
      bounded(address, carried, async () => {
        looked++
        if (carried.startsWith('good')) return identity
        throw carried === 'old' ? expired('token') : unauthenticated()
      }),
  }
}

describe('credentials that do not hold', () => {
  it('are looked at until the bucket of their address is full, and again when it has room', async () => {
    const { show, clock, looked } = open()
    for (let i = 0; i < 3; i++) await expect(show(`bad ${i}`)).rejects.toMatchObject(refused)
    await expect(show('bad 3')).rejects.toMatchObject(limited)
    expect(looked()).toBe(3)
    await clock.advance(5_999)
    await expect(show('bad 3')).rejects.toMatchObject({ code: 'RATE_LIMITED', detail: { retryAfterSeconds: 1 } })
    await clock.advance(1)
    await expect(show('bad 3')).rejects.toMatchObject(refused)
    await expect(show('bad 4')).rejects.toMatchObject(limited)
  })

  it('hide the good ones that are found meanwhile: those are not looked at either', async () => {
    const { show } = open()
    for (let i = 0; i < 3; i++) await expect(show('bad')).rejects.toMatchObject(refused)
    await expect(show('good')).rejects.toMatchObject(limited)
  })

  it('all count where many are shown at once', async () => {
    const { show, clock } = open()
    await Promise.allSettled(Array.from({ length: 13 }, (_, i) => show(`bad ${i}`)))
    await clock.advance(60_000)
    await expect(show('bad')).rejects.toMatchObject(limited)
    await clock.advance(6_000)
    await expect(show('bad')).rejects.toMatchObject(refused)
  })

  it('of one address take nothing from another, nor from who is known at theirs', async () => {
    const { show } = open()
    await show('good one')
    for (let i = 0; i < 4; i++) await show('bad').catch(() => {})
    expect(await show('good one')).toEqual(identity)
    await expect(show('good two')).rejects.toMatchObject(limited)
    expect(await show('good two', '203.0.113.10')).toEqual(identity)
  })

  it('are those that nobody signed: good ones and expired ones cost nothing', async () => {
    const { show } = open()
    for (let i = 0; i < 50; i++) {
      await show(`good ${i}`)
      await expect(show('old')).rejects.toMatchObject({ detail: { reason: 'TOKEN_EXPIRED' } })
    }
    await expect(show('bad')).rejects.toMatchObject(refused)
  })

  it('count together within a /64 of IPv6, on loopback too, and where the address is not known', async () => {
    for (const [one, other] of [
      ['2001:db8:0:1::1', '2001:db8::1:ffff:0:0:2'],
      ['::1', '::1'],
      ['127.0.0.1', '::ffff:127.0.0.1'],
      [undefined, undefined],
    ]) {
      const { show } = open()
      for (let i = 0; i < 3; i++) await expect(show('bad', one)).rejects.toMatchObject(refused)
      await expect(show('bad', other), one).rejects.toMatchObject(limited)
    }
  })
})

describe('the network of an address', () => {
  it.each([
    ['203.0.113.9', '203.0.113.9'],
    ['::ffff:203.0.113.9', '203.0.113.9'],
    ['2001:DB8:0:1:2:3:4:5', '2001:db8:0:1::/64'],
    ['2001:db8::5', '2001:db8:0:0::/64'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64'],
    ['64:ff9b::192.0.2.1', '64:ff9b:0:0::/64'],
    ['::1', '0:0:0:0::/64'],
    ['1::', '1:0:0:0::/64'],
  ])('of %s is %s', (address, network) => {
    expect(networkOf(address)).toBe(network)
  })
})
