// Compiles the kernels: AssemblyScript to dist/kernels/*.wasm. The same source gives the same bytes.
import { mkdirSync, readFileSync, realpathSync, renameSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import asc from 'assemblyscript/asc'
import { builtFile, packageFile } from '../infra/paths.ts'
import { sha256 } from '../schema/hash.ts'
import { MACHINE_MAX_PAGES, STATS_MAX_PAGES } from './layout/memory.ts'

const MAXIMUM_PAGES = { machine: MACHINE_MAX_PAGES, stats: STATS_MAX_PAGES }

/** The bytes of a kernel; an error with the compiler's words where its source is at fault. */
export async function compileKernel(name: keyof typeof MAXIMUM_PAGES): Promise<Uint8Array> {
  let binary: Uint8Array | undefined
  const messages: string[] = []
  const { error } = await asc.main(
    // biome-ignore format: an option and its value stand together
    [
      `${name}.ts`, '--baseDir', packageFile('compute', 'kernels'), '--outFile', `${name}.wasm`,
      '-O3', '--runtime', 'stub', '--noAssert', '--enable', 'simd', '--importMemory', '--zeroFilledMemory',
      '--initialMemory', '1', '--maximumMemory', String(MAXIMUM_PAGES[name]), 
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
      stderr: {
        write: (text: string | Uint8Array) => {
          messages.push(String(text))
        },
      },
    },
  )
  if (error || !binary) throw new Error(`kernel ${name}: ${error?.message ?? 'no output'}\n${messages.join('')}`)
  return binary
}

async function main(): Promise<void> {
  for (const name of ['machine', 'stats'] as const) {
    const binary = await compileKernel(name)
    const path = builtFile('kernels', `${name}.wasm`)
    mkdirSync(dirname(path), { recursive: true })
    // Whoever loads the kernel meanwhile reads the old one whole or the new one whole.
    writeFileSync(`${path}.new`, binary)
    renameSync(`${path}.new`, path)
    console.log(`${name} ${binary.length} bytes ${sha256(binary)}`)
  }
}

// The path given to node may lead through a symbolic link; the module's own never does.
if (process.argv[1] && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) await main()
