// Signed links: whose they are, how long they last, and what is no link.
import { describe, expect, it } from 'vitest'
import { openMemoryBus } from './bus/memory.ts'
import { systemClock } from './clock.ts'
import { ensureLinkKey, linkKey, linkTo, nameInLink, objectName } from './links.ts'

const key = new Uint8Array(32).fill(3)
const name = objectName('acme', 'a1.csv')
const link = linkTo(key, name, 2000)
const refusal = (path: string, tenant = 'acme', now = 1999, by: Uint8Array | undefined = key) => {
  try {
    return nameInLink(by, path, tenant, now)
  } catch (error) {
    return (error as { code: string }).code
  }
}

describe('a signed link', () => {
  it('gives the name of its object until its time is over', () => {
    expect(refusal(link)).toBe(name)
    expect(refusal(link, 'acme', 2000)).toBe('FORBIDDEN')
  })

  it('serves no other tenant', () => {
    expect(refusal(link, 'other')).toBe('NOT_FOUND')
  })

  it.each([
    ['another name', link.replace('a1.csv', 'a2.csv')],
    ['a later time', link.replace('2000', '3000')],
    ['the time in another form', link.replace('2000', '2e3')],
    ['another signature', link.replace(/.{4}$/, 'AAAA')],
    ['half a signature', link.slice(0, -8)],
    ['no signature', link.replace(/&.*/, '')],
    ['no query', link.replace(/\?.*/, '')],
  ])('with %s is refused', (_, path) => {
    expect(refusal(path)).toBe('FORBIDDEN')
  })

  it('of another key, or where there is none, is refused', () => {
    expect(refusal(link, 'acme', 1999, new Uint8Array(32))).toBe('FORBIDDEN')
    expect(() => nameInLink(undefined, link, 'acme', 1999)).toThrow(expect.objectContaining({ code: 'FORBIDDEN' }))
  })

  it('is signed with one key, whoever asks first', async () => {
    const bus = openMemoryBus(systemClock)
    expect(await linkKey(bus)).toBeUndefined()
    const [a, b] = await Promise.all([ensureLinkKey(bus), ensureLinkKey(bus)])
    expect(a).toEqual(b)
    expect(await linkKey(bus)).toEqual(a)
    await bus.close()
  })
})
