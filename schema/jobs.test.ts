import { describe, expect, it } from 'vitest'
import { bucketOf, parentKeyOf, parseEnvelope, type ShardEnvelope, shardKeyOf, subjects } from './jobs.ts'

const envelope: ShardEnvelope = {
  v: 1,
  jobId: 'j1',
  shard: 0,
  shardKey: 'a',
  parentKey: 'b',
  tenant: 'local',
  class: 'p0',
  kernel: { name: 'machine', sha256: 'c', abi: 1 },
  params: { sha256: 'd' },
  seed: '18446744073709551615',
  range: { from: 0, to: 64 },
  chunkSteps: 10,
  deadlineAt: 1,
  attemptEpoch: 0,
  submittedAt: 0,
  resultSpec: { kind: 'LANES' },
}
const bytes = (value: unknown) => new TextEncoder().encode(JSON.stringify(value))

describe('parseEnvelope', () => {
  it('reads what was written', () => {
    expect(parseEnvelope(bytes(envelope))).toEqual(envelope)
  })

  it.each([
    ['an unknown version', { v: 2 }, 'v'],
    ['an empty range', { range: { from: 64, to: 64 } }, 'range'],
    ['a seed with letters', { seed: '1x' }, 'seed'],
    ['no tenant', { tenant: '' }, 'tenant'],
    ['a kernel without its hash', { kernel: { name: 'machine', abi: 1 } }, 'kernel'],
    ['an unknown result', { resultSpec: { kind: 'SUM' } }, 'resultSpec'],
  ])('refuses %s and names the member', (_, change, path) => {
    expect(() => parseEnvelope(bytes({ ...envelope, ...change }))).toThrowError(
      expect.objectContaining({ code: 'ENVELOPE_REFUSED', detail: { path } }),
    )
  })

  it.each([['not JSON'], ['null']])('refuses a body that is %s', (text) => {
    expect(() => parseEnvelope(new TextEncoder().encode(text))).toThrowError(
      expect.objectContaining({ code: 'ENVELOPE_REFUSED' }),
    )
  })

  it('stays below 8 kB', () => {
    expect(bytes(envelope).byteLength).toBeLessThan(8 * 1024)
  })
})

it('hashes a tenant with FNV-1a, whose value for "a" is 0xe40c292c', () => {
  expect(bucketOf('a')).toBe(0xe40c292c % 16)
})

it('keys a shard by its range and a question without it', () => {
  const question = { kernel: 'k', abi: 1, params: 'p', seed: '1', lanes: 128, resultSpec: { kind: 'LANES' } as const }
  const first = shardKeyOf(question, { from: 0, to: 64 })
  expect(first).not.toBe(shardKeyOf(question, { from: 64, to: 128 }))
  expect(first).not.toBe(parentKeyOf(question))
  expect(parentKeyOf({ ...question })).toBe(parentKeyOf(question))
})

it('puts class, bucket and tenant into the subject of a shard', () => {
  expect(subjects.job(envelope)).toBe(`qz.job.p0.${bucketOf('local')}.local.j1.0`)
})
