// `npx quesnay` in the package's own folder: npm runs `prepare` before the command, which must not build what is built.
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { inheritedEnvironment } from '../../infra/config.ts'
import { builtFile, packageFile, packageRoot } from '../../infra/paths.ts'

const { scripts } = JSON.parse(readFileSync(packageFile('package.json'), 'utf8')) as {
  scripts: { prepare: string }
}

/** Runs the script as npm would, with a build that only says that it ran. */
function prepare(npmCommand: string, cwd: string) {
  const script = scripts.prepare.replace('npm run build', 'echo builds')
  expect(script).toContain('echo builds')
  const environment = inheritedEnvironment({ npm_command: npmCommand })
  return spawnSync(script, { cwd, env: environment, shell: true, encoding: 'utf8' }).stdout.trim()
}

it('npx starts the command at once where it is built', () => {
  expect(builtFile('cli', 'main.js')).toContain(packageRoot)
  expect(prepare('exec', packageRoot)).toBe('')
})

it('npx builds where nothing is built, and npm ci always does', () => {
  expect(prepare('exec', packageFile('examples'))).toBe('builds')
  expect(prepare('ci', packageRoot)).toBe('builds')
})
