// LZ4 frames written by hand after the format's description, and broken ones; frames of a real writer are in open-file.test.ts.
import { describe, expect, it } from 'vitest'
import { unpackLz4Frame } from './lz4-frame.ts'

/** Magic, descriptor (version 1, independent blocks or with more flags), block size 64 KiB, a checksum that is passed over. */
const frame = (blocks: readonly number[], flags = 0x60, extra: readonly number[] = []) =>
  Uint8Array.from([0x04, 0x22, 0x4d, 0x18, flags, 0x40, ...extra, 0x00, ...blocks])
const sized = (bytes: readonly number[], stored = false) => [bytes.length, 0, 0, stored ? 0x80 : 0, ...bytes]
const END = [0, 0, 0, 0]
const text = (bytes: Uint8Array) => Buffer.from(bytes).toString()
const letters = (word: string) => [...Buffer.from(word)]
const MOST = 1_000

describe('unpackLz4Frame', () => {
  it('reads literals, stored blocks and an empty frame', () => {
    expect(text(unpackLz4Frame(frame([...sized([0x30, ...letters('abc')]), ...END]), MOST))).toBe('abc')
    expect(text(unpackLz4Frame(frame([...sized(letters('raw'), true), ...END]), MOST))).toBe('raw')
    expect(unpackLz4Frame(frame(END), MOST)).toHaveLength(0)
  })

  it('repeats what stands before, also where the copy runs into itself and in a block before', () => {
    const first = sized([0x2f, ...letters('ab'), 2, 0, 5, 0x10, ...letters('!')])
    expect(text(unpackLz4Frame(frame([...first, ...END]), MOST))).toBe(`${'ab'.repeat(13)}!`)
    const second = sized([0x00, 27, 0, 0x10, ...letters('?')])
    expect(text(unpackLz4Frame(frame([...first, ...second, ...END], 0x40), MOST))).toBe(`${'ab'.repeat(13)}!abab?`)
  })

  it('passes over content size and checksums of blocks', () => {
    const checksum = [1, 2, 3, 4]
    const blocks = [...sized([0x30, ...letters('abc')]), ...checksum, ...END]
    expect(text(unpackLz4Frame(frame(blocks, 0x78, [3, 0, 0, 0, 0, 0, 0, 0]), MOST))).toBe('abc')
  })

  it.each<[string, Uint8Array]>([
    ['other bytes', Uint8Array.from({ length: 20 }, () => 7)],
    ['a frame without an end', frame(sized([0x30, ...letters('abc')]))],
    ['a block that ends early', frame([9, 0, 0, 0, 0x30, 1])],
    ['literals beyond the block', frame([...sized([0xf0, 200, 1]), ...END])],
    ['a match before the start', frame([...sized([0x10, 65, 9, 0, 0x00]), ...END])],
    ['a match at no distance', frame([...sized([0x10, 65, 0, 0, 0x00]), ...END])],
    ['a frame that needs a dictionary', frame(END, 0x61, [0, 0, 0, 0])],
    ['more bytes than are taken', frame([...sized([0x1f, 65, 1, 0, 255, 255, 255, 255, 0]), ...END])],
  ])('throws on %s', (_, bytes) => {
    expect(() => unpackLz4Frame(bytes, MOST)).toThrow()
  })
})
