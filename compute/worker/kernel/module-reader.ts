// Reads the primitive values of WebAssembly's binary format (core specification 5.2), never beyond the part it was given.

/** What is wrong with a module, and at which byte of it. */
export class ModuleFault extends Error {
  readonly offset: number

  constructor(reason: string, offset: number) {
    super(reason)
    this.offset = offset
  }
}

/** Every method throws a ModuleFault where the bytes end early or are no such value. */
export class ModuleReader {
  readonly #bytes: Uint8Array
  readonly #end: number
  #at: number

  constructor(bytes: Uint8Array, at = 0, end = bytes.length) {
    this.#bytes = bytes
    this.#at = at
    this.#end = end
  }

  get at(): number {
    return this.#at
  }

  get done(): boolean {
    return this.#at === this.#end
  }

  byte(): number {
    if (this.#at >= this.#end) throw new ModuleFault('ends early', this.#at)
    return this.#bytes[this.#at++]!
  }

  skip(count: number): void {
    if (count > this.#end - this.#at) throw new ModuleFault('ends early', this.#at)
    this.#at += count
  }

  /** LEB128 without a sign, of 32 bits. */
  u32(): number {
    const from = this.#at
    let value = 0
    for (let shift = 0; shift < 35; shift += 7) {
      const byte = this.byte()
      // Of the fifth byte four bits are left.
      if (shift === 28 && byte > 0x0f) break
      value += (byte & 0x7f) * 2 ** shift
      if (byte < 0x80) return value
    }
    throw new ModuleFault('has a number of more than 32 bits', from)
  }

  /** LEB128 with a sign, of up to 32 bits: a number. */
  s32(): number {
    return Number(this.#signed(32))
  }

  /** Of 33 bits, as block types are written. */
  s33(): number {
    return Number(this.#signed(33))
  }

  s64(): bigint {
    return this.#signed(64)
  }

  #signed(bits: number): bigint {
    const from = this.#at
    let value = 0n
    for (let shift = 0; shift < bits; shift += 7) {
      const byte = this.byte()
      value |= BigInt(byte & 0x7f) << BigInt(shift)
      if (byte >= 0x80) continue
      const signed = BigInt.asIntN(shift + 7, value)
      if (BigInt.asIntN(bits, signed) === signed) return signed
      break
    }
    throw new ModuleFault(`has a number of more than ${bits} bits`, from)
  }

  name(): string {
    const length = this.u32()
    const from = this.#at
    this.skip(length)
    try {
      return new TextDecoder('utf-8', { fatal: true }).decode(this.#bytes.subarray(from, this.#at))
    } catch {
      throw new ModuleFault('has a name that is not UTF-8', from)
    }
  }

  /** How many items a list has; each takes a byte or more, so a number beyond the bytes left is refused at once. */
  count(): number {
    const from = this.#at
    const count = this.u32()
    if (count > this.#end - this.#at) throw new ModuleFault('has a list longer than itself', from)
    return count
  }

  /** The next bytes as a part of their own, which this reader passes over. */
  part(size: number): ModuleReader {
    const from = this.#at
    this.skip(size)
    return new ModuleReader(this.#bytes, from, from + size)
  }
}
