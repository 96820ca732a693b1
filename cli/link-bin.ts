// Puts the package's own command where `npx quesnay` looks first, since npm links only the commands of dependencies.
import { chmodSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { builtFile, packageFile } from '../infra/paths.ts'

const bin = packageFile('node_modules', '.bin')
const target = builtFile('cli', 'main.js')

mkdirSync(bin, { recursive: true })
chmodSync(target, 0o755)
if (process.platform === 'win32')
  writeFileSync(join(bin, 'quesnay.cmd'), `@node "%~dp0\\${relative(bin, target)}" %*\r\n`)
else {
  rmSync(join(bin, 'quesnay'), { force: true })
  symlinkSync(relative(bin, target), join(bin, 'quesnay'))
}
