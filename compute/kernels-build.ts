// Compiles the kernels: AssemblyScript to dist/kernels/*.wasm. The same source gives the same bytes.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import asc from 'assemblyscript/asc'
import { builtFile, packageFile } from '../infra/paths.ts'
import { sha256 } from '../schema/hash.ts'
import { MACHINE_MAX_PAGES, STATS_MAX_PAGES } from './layout/memory.ts'

const KERNELS = [
  { name: 'machine', maximumPages: MACHINE_MAX_PAGES },
  { name: 'stats', maximumPages: STATS_MAX_PAGES },
]

/** Where the compiler may place a kernel's own tables: below HEADER. */
const MEMORY_BASE = 1024

async function build(name: string, maximumPages: number): Promise<Uint8Array> {
  let binary: Uint8Array | undefined
  const messages: string[] = []
  const { error } = await asc.main(
    [
      `${name}.ts`,
      '--outFile',
      `${name}.wasm`,
      '-O3',
      '--runtime',
      'stub',
      '--noAssert',
      '--enable',
      'simd',
      '--importMemory',
      '--zeroFilledMemory',
      '--initialMemory',
      '1',
      '--maximumMemory',
      String(maximumPages),
      '--memoryBase',
      String(MEMORY_BASE),
    ],
    {
      readFile: (file, base) => {
        try {
          return readFileSync(join(base, file), 'utf8')
        } catch {
          return null
        }
      },
      writeFile: (_file, contents) => {
        binary = typeof contents === 'string' ? new TextEncoder().encode(contents) : contents
      },
      listFiles: () => [],
      stderr: { write: (text: string | Uint8Array) => void messages.push(String(text)) },
    },
  )
  if (error || !binary) throw new Error(`kernel ${name}: ${error?.message ?? 'no output'}\n${messages.join('')}`)
  return binary
}

for (const { name, maximumPages } of KERNELS) {
  process.chdir(packageFile('compute', 'kernels'))
  const binary = await build(name, maximumPages)
  const path = builtFile('kernels', `${name}.wasm`)
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, binary)
  console.log(`${name} ${binary.length} bytes ${sha256(binary)}`)
}
