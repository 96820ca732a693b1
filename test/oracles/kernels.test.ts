// The kernels as built: what their source compiles to, and the layout and tables that they share with the host.
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { compileKernel } from '../../compute/kernels-build.ts'
import * as memory from '../../compute/layout/memory.ts'
import { OPERATIONS } from '../../compute/layout/operations.ts'
import { EXP_TABLE } from '../../compute/model/math/exp-table.ts'
import { LOG_TABLE } from '../../compute/model/math/log-table.ts'
import { TWO_OVER_PI, TWO_OVER_PI_BITS } from '../../compute/model/math/two-over-pi.ts'
import { loadKernel } from '../../compute/worker/kernels.ts'
import { packageFile } from '../../infra/paths.ts'
import { sha256 } from '../../schema/hash.ts'

const source = (name: string) => readFileSync(packageFile('compute', 'kernels', 'lib', name), 'utf8')
const bits = (x: Float64Array) => [...new BigUint64Array(x.buffer)]
const upperCase = (name: string) => name.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()

describe.each(['machine', 'stats'] as const)('the kernel %s', (name) => {
  it('is, byte for byte, what its source compiles to once more (else run `npm run build:kernels`)', async () => {
    expect(sha256(await compileKernel(name))).toBe(loadKernel(name).sha256)
  })

  it('exports functions and its memory alone', () => {
    const exported = WebAssembly.Module.exports(new WebAssembly.Module(loadKernel(name).bytes))
    const overLanes = ['gather', 'orderByCode', 'orderByValue', 'sumRuns']
    const functions = { machine: ['abi', 'advance', 'prepare', ...overLanes], stats: ['abi', 'summarise'] }[name]
    expect(exported.map((e) => e.name).sort()).toEqual([...functions, 'memory'].sort())
  })

  it('keeps its own tables below the scratch areas and the header', () => {
    const { bytes } = loadKernel(name)
    const area = new WebAssembly.Memory({
      initial: 1,
      maximum: { machine: memory.MACHINE_MAX_PAGES, stats: memory.STATS_MAX_PAGES }[name],
    })
    new WebAssembly.Instance(new WebAssembly.Module(bytes), { env: { memory: area } })
    const used = new Uint8Array(area.buffer).findLastIndex((byte) => byte !== 0)
    expect(used).toBeLessThan(constants['SCRATCH']!)
  })
})

/** Constants of the kernels' own copy of the layout. */
const constants = Object.fromEntries(
  [...source('layout.ts').matchAll(/^export const (\w+): \w+ = (\d+)$/gm)].map(([, name, value]) => [
    name!,
    Number(value),
  ]),
)

describe('the layout', () => {
  it('of the kernels has the sizes of the host', () => {
    const { KERNEL_ABI, BLOCK_LANES, SLOT_BYTES, LINE_BYTES, HEADER } = memory
    const records = Object.entries(memory).filter(([name]) => /^[A-Z]+_BYTES$/.test(name) && name !== 'HEADER_BYTES')
    const { PAGE_BYTES: _, ...sizes } = Object.fromEntries(records) as Record<string, number>
    expect(Object.keys(sizes).length).toBeGreaterThan(10)
    expect(constants).toMatchObject({ KERNEL_ABI, BLOCK_LANES, SLOT_BYTES, LINE_BYTES, HEADER, ...sizes })
  })

  it('of the kernels has the kinds of faults of the host', () => {
    const { none: _, ...faults } = memory.FAULT
    expect(constants).toMatchObject(
      Object.fromEntries(Object.entries(faults).map(([name, kind]) => [upperCase(name), kind])),
    )
  })

  it('of the kernels has the header of the host', () => {
    expect(constants).toMatchObject(
      Object.fromEntries(Object.entries(memory.FIELD).map(([name, at]) => [upperCase(name), at])),
    )
  })

  it('of the kernels has the operation codes of the host, each once', () => {
    expect(constants).toMatchObject(Object.fromEntries(OPERATIONS.map(({ name, code }) => [upperCase(name), code])))
    expect(new Set(OPERATIONS.map(({ code }) => code)).size).toBe(OPERATIONS.length)
  })

  it('keeps the scratch areas below the header, and the header below the first slot', () => {
    expect(constants['SCRATCH']! + constants['SCRATCH_AREAS']! * memory.SLOT_BYTES).toBeLessThanOrEqual(memory.HEADER)
    // The last field is an f64.
    expect(Math.max(...Object.values(memory.FIELD)) + 8).toBeLessThanOrEqual(memory.HEADER_BYTES)
  })
})

describe('the table of exponentials', () => {
  it('in the kernel has the bits that the host computes', () => {
    const words = [...source('exp-table.ts').matchAll(/0x[0-9a-f]{16}/g)].map(([hex]) => BigInt(hex))
    const tails = bits(EXP_TABLE.tails)
    const values = bits(EXP_TABLE.values).map((value, j) => value - (BigInt(j) << 45n))
    expect(words).toEqual(tails.flatMap((tail, j) => [tail, values[j]!]))
  })
})

describe('the table of logarithms', () => {
  const { centres, inversesLessOne, logarithms } = LOG_TABLE

  it('in the kernel has the bits that the host computes', () => {
    const words = [...source('log-table.ts').matchAll(/0x[0-9a-f]{16}/g)].map(([hex]) => BigInt(hex))
    const pairs = bits(centres).flatMap((c, j) => [c, bits(inversesLessOne)[j]!])
    expect(words).toEqual([...pairs, ...bits(logarithms)])
  })

  it('has a number in each interval, near its middle, and 1 itself', () => {
    const least = 0x3fe6100000000000n
    expect(bits(centres).map((c) => (c - least) >> 45n)).toEqual(Array.from({ length: 128 }, (_, j) => BigInt(j)))
    expect(centres).toContain(1)
  })
})

describe('the bits of 2 / pi', () => {
  it('in the kernel are those that the host computes, behind two words of 0', () => {
    const words = [...source('two-over-pi.ts').matchAll(/0x[0-9a-f]{8}/g)].map(([hex]) => BigInt(hex))
    expect(words).toHaveLength(2 + TWO_OVER_PI_BITS / 32)
    expect(words.reduce((bits, word) => (bits << 32n) | word, 0n)).toBe(TWO_OVER_PI)
  })
})
