// What a kernel must be to be let in, tried with modules written by hand.
import { describe, expect, it } from 'vitest'
import type { ErrorCode } from '../../schema/errors.ts'
import { sha256 } from '../../schema/hash.ts'
import { KERNEL_ABI, MACHINE_MAX_PAGES } from '../layout/memory.ts'
import { loadKernel } from './kernels.ts'
import { Machine } from './machine.ts'
import { checkedModule } from './module.ts'

const text = (value: string) => [value.length, ...new TextEncoder().encode(value)]
const MAGIC = [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00]

/** A module of these imports and nothing else; each import is [module, name, descriptor bytes]. */
function moduleOf(...imports: readonly (readonly [string, string, readonly number[]])[]): Uint8Array<ArrayBuffer> {
  const body = [imports.length, ...imports.flatMap(([from, name, what]) => [...text(from), ...text(name), ...what])]
  // One type, () -> (), for functions to have.
  const types = [0x01, 4, 1, 0x60, 0, 0]
  return Uint8Array.from([...MAGIC, ...types, ...(imports.length > 0 ? [0x02, body.length, ...body] : [])])
}

const MEMORY = (maximum?: number) => (maximum === undefined ? [0x02, 0x00, 1] : [0x02, 0x01, 1, maximum])
const FUNCTION = [0x00, 0]

function check(bytes: Uint8Array<ArrayBuffer>, over: { abi?: number; sha?: string } = {}) {
  return checkedModule({ name: 'test', abi: over.abi ?? KERNEL_ABI, bytes }, over.sha ?? sha256(bytes))
}

const refused = (reason: string) =>
  expect.objectContaining({ code: 'KERNEL_REFUSED' satisfies ErrorCode, message: expect.stringContaining(reason) })

describe('a kernel', () => {
  it('that imports its memory with a maximum is let in', () => {
    expect(check(moduleOf(['env', 'memory', MEMORY(100)]))).toMatchObject({ initialPages: 1, maximumPages: 100 })
  })

  it('whose limits take more than one byte is read rightly', () => {
    const limits = [0x02, 0x01, 0x80, 0x01, 0x80, 0x40]
    expect(check(moduleOf(['env', 'memory', limits]))).toMatchObject({ initialPages: 128, maximumPages: 8192 })
  })

  it.each([
    ['declares no maximum', moduleOf(['env', 'memory', MEMORY()]), 'declares no maximum'],
    ['imports a function beside', moduleOf(['env', 'memory', MEMORY(2)], ['env', 'now', FUNCTION]), 'imports env.now'],
    ['imports a function called memory', moduleOf(['env', 'memory', FUNCTION]), 'imports env.memory'],
    ['imports another memory', moduleOf(['host', 'memory', MEMORY(2)]), 'imports host.memory'],
    ['imports nothing', moduleOf(), 'does not import env.memory'],
    ['is no module', Uint8Array.from([1, 2, 3]), 'is not a valid module'],
    ['is cut short', moduleOf(['env', 'memory', MEMORY(2)]).slice(0, -2), 'is not a valid module'],
  ])('that %s is refused', (_, bytes, reason) => {
    expect(() => check(bytes)).toThrow(refused(reason))
  })

  it('of another hash or ABI is refused', () => {
    const bytes = moduleOf(['env', 'memory', MEMORY(2)])
    expect(() => check(bytes, { sha: sha256('other') })).toThrow(refused('has another hash'))
    expect(() => check(bytes, { abi: 99 })).toThrow(refused('speaks ABI 99'))
  })

  it('altered in one bit is refused by its hash', () => {
    const kernel = loadKernel('machine')
    const bytes = kernel.bytes.slice()
    bytes[bytes.length - 1]! ^= 1
    expect(() => Machine.compile({ ...kernel, bytes }, kernel.sha256)).toThrow(refused('has another hash'))
  })

  it('as built passes, with the maximum that the layout names', () => {
    const kernel = loadKernel('machine')
    expect(checkedModule(kernel, kernel.sha256).maximumPages).toBe(MACHINE_MAX_PAGES)
  })
})
