// Another version of Node.js, from npm, kept beside the other caches of the machine.
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** Path of node 24, installed if need be; undefined, with the reason on the console, where it cannot be had. With CI=true that throws. */
export function findNode24(): string | undefined {
  const name = `node-${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`
  const home = join(tmpdir(), 'quesnay-node-24')
  const node = join(home, 'node_modules', name, 'bin', 'node')
  if (!existsSync(node)) {
    const { status, stderr } = spawnSync('npm', ['install', '--no-save', '--prefix', home, `${name}@24`], {
      encoding: 'utf8',
    })
    if (status !== 0 || !existsSync(node)) return lacks(`${name}@24 cannot be installed: ${String(stderr).slice(-300)}`)
  }
  return node
}

function lacks(reason: string): undefined {
  if (process.env['CI'] === 'true') throw new Error(`${reason}, and CI=true`)
  console.warn(`skipped: ${reason}`)
  return undefined
}
