// quesnay kernels: what is signed, signing it, and whether a worker would take it.
import type { Command } from 'commander'
import { readTrustedKeys, TRUSTED_KEYS_FILE } from '../../compute/worker/kernel/keys.ts'
import { listKernels, verifyKernels } from '../../compute/worker/kernel/list-directory.ts'
import { signKernels } from '../../compute/worker/kernel/sign-directory.ts'
import { loadConfig } from '../../infra/config.ts'
import { builtFile } from '../../infra/paths.ts'
import { printable } from '../output/printable.ts'
import { table } from '../output/table.ts'

interface Options {
  readonly json?: boolean
  readonly key?: string
  readonly trust?: string
}

const DIRECTORY = 'directory of the kernels; default: that of the build'
const EXAMPLES = `
Examples:
  quesnay kernels list
  quesnay kernels sign --key release-key.pem dist/kernels
  quesnay kernels verify --trust trusted-keys.pem /srv/quesnay/kernels

A key pair is made with:
  openssl genpkey -algorithm ed25519 -out release-key.pem
  openssl pkey -in release-key.pem -pubout -out trusted-keys.pem`

export function addKernelCommands(program: Command): void {
  const kernels = program
    .command('kernels')
    .description('list, sign and verify the WebAssembly kernels that workers run')
    .addHelpText('after', EXAMPLES)

  kernels
    .command('list')
    .argument('[directory]', DIRECTORY)
    .option('--json', 'print one JSON object')
    .description('list the kernels of a directory and who has signed them')
    .action((directory: string | undefined, options: Options) => {
      const listed = listKernels(directory ?? builtFile('kernels'))
      if (options.json) return print(JSON.stringify(listed))
      const rows = listed.kernels.map(({ name, sha256, abi, maximumPages, size }) => [
        ...[name, sha256, abi, `${maximumPages / 16} MiB`, `${size} bytes`],
      ])
      print(table(['kernel', 'sha256', 'abi', 'memory', 'size'], rows, [3, 4]))
      print(`\nengine ${listed.engineVersion}, signed by ${listed.key}`)
    })

  kernels
    .command('sign')
    .argument('[directory]', DIRECTORY)
    .option(
      '--key <file>',
      'private ed25519 key in PEM (QUESNAY_SIGNING_KEY); default: a key pair of the directory alone',
    )
    .option('--json', 'print one JSON object')
    .description('write the manifest of a directory of kernels, its signature and its public key')
    .action((directory: string | undefined, options: Options) => {
      const signed = signKernels(directory ?? builtFile('kernels'), options.key ?? loadConfig().signingKeyFile)
      if (options.json) return print(JSON.stringify(signed))
      const names = signed.manifest.kernels.map(({ name }) => name).join(', ')
      print(`signed ${names} by ${signed.key}`)
      if (signed.developmentKey)
        print(`by a development key (${signed.developmentKey}), for this machine alone: a release is signed with --key`)
    })

  kernels
    .command('verify')
    .argument('[directory]', DIRECTORY)
    .option('--trust <file>', 'public keys in PEM (QUESNAY_TRUSTED_KEYS); default: the keys that came with the build')
    .option('--json', 'print one JSON object')
    .description('check a directory of kernels as a worker does: signature, trust, bytes and what they are made of')
    .action((directory: string | undefined, options: Options) => {
      const file = options.trust ?? loadConfig().trustedKeysFile ?? builtFile('kernels', TRUSTED_KEYS_FILE)
      const verified = verifyKernels(directory ?? builtFile('kernels'), readTrustedKeys(file))
      if (options.json) return print(JSON.stringify({ kernels: verified }))
      for (const name of verified) print(`${name} would be run`)
    })
}

const print = (line: string) => void process.stdout.write(`${printable(line)}\n`)
