// Unpacks an LZ4 frame (LZ4 frame format 1.6.4 and block format), blocks that refer to those before them included, as Feather files have.

const MAGIC = 0x184d2204
// Bits of the frame descriptor.
const BLOCK_CHECKSUM = 0x10
const CONTENT_SIZE = 0x08
const DICTIONARY = 0x01
/** Of a block's size: the block is stored as it is. */
const STORED = 0x80000000
const LEAST_MATCH = 4

/** The bytes of a frame; checksums are passed over. Throws where it is broken, or unpacks to more than `maxBytes`. */
export function unpackLz4Frame(packed: Uint8Array, maxBytes: number): Uint8Array {
  const view = new DataView(packed.buffer, packed.byteOffset, packed.byteLength)
  if (view.getUint32(0, true) !== MAGIC) throw new Error('the bytes are no LZ4 frame')
  const flags = view.getUint8(4)
  if (flags & DICTIONARY) throw new Error('the LZ4 frame needs a dictionary')
  const output = new Output(maxBytes)
  let at = 7 + (flags & CONTENT_SIZE ? 8 : 0)
  for (;;) {
    const size = view.getUint32(at, true)
    at += 4
    if (size === 0) return output.bytes()
    const end = at + (size & ~STORED)
    if (end > packed.length) throw new Error('the LZ4 frame ends early')
    if (size & STORED) output.append(packed.subarray(at, end))
    else unpackBlock(packed.subarray(at, end), output)
    at = end + (flags & BLOCK_CHECKSUM ? 4 : 0)
  }
}

/** Sequences of literals and of a match in what stands already; the last one has literals alone. */
function unpackBlock(block: Uint8Array, output: Output): void {
  let at = 0
  const lengthOf = (nibble: number): number => {
    let length = nibble
    if (nibble < 15) return length
    for (let byte = 255; byte === 255; length += byte) {
      if (at >= block.length) throw new Error('an LZ4 block ends early')
      byte = block[at++]!
    }
    return length
  }
  while (at < block.length) {
    const token = block[at++]!
    const literals = lengthOf(token >> 4)
    if (at + literals > block.length) throw new Error('an LZ4 block ends early')
    output.append(block.subarray(at, at + literals))
    at += literals
    if (at === block.length) return
    const offset = block[at]! | (block[at + 1]! << 8)
    at += 2
    output.repeat(offset, LEAST_MATCH + lengthOf(token & 15))
  }
}

/** Bytes that grow up to a limit. */
class Output {
  readonly #most: number
  #bytes = new Uint8Array(64 * 1024)
  #length = 0

  constructor(most: number) {
    this.#most = most
  }

  append(more: Uint8Array): void {
    this.#reserve(more.length)
    this.#bytes.set(more, this.#length)
    this.#length += more.length
  }

  /** Copies what lies `offset` back; the copy may run into itself. */
  repeat(offset: number, length: number): void {
    if (!(offset > 0 && offset <= this.#length)) throw new Error('an LZ4 block refers to what is not there')
    this.#reserve(length)
    const bytes = this.#bytes
    let to = this.#length
    for (let from = to - offset, end = to + length; to < end; ) bytes[to++] = bytes[from++]!
    this.#length = to
  }

  bytes(): Uint8Array {
    return this.#bytes.subarray(0, this.#length)
  }

  #reserve(more: number): void {
    const needed = this.#length + more
    if (needed > this.#most) throw new Error(`it unpacks to more than ${this.#most} bytes`)
    if (needed <= this.#bytes.length) return
    const larger = new Uint8Array(Math.min(this.#most, Math.max(needed, 2 * this.#bytes.length)))
    larger.set(this.#bytes.subarray(0, this.#length))
    this.#bytes = larger
  }
}
