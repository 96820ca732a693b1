// The processes of the services mode say in one line of their log why they cannot start.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { inheritedEnvironment } from '../../infra/config.ts'
import { builtFile } from '../../infra/paths.ts'

it.each([
  ['gateway', ['gateway', 'main.js'], {}, 'NATS_URL'],
  ['worker', ['compute', 'worker', 'main.js'], {}, 'DATABASE_URL'],
  ['subgraph economies', ['subgraphs', 'economies', 'main.js'], {}, 'DATABASE_URL'],
  ['worker', ['compute', 'worker', 'main.js'], { QUESNAY_THREADS: 'many' }, 'QUESNAY_THREADS'],
] as const)('%s: %j with %j names %s', (service, module, wrong, named) => {
  const data = mkdtempSync(join(tmpdir(), 'quesnay-process-'))
  const nothing = { DATABASE_URL: '', NATS_URL: '', QUESNAY_DATA: data, QUESNAY_LOG: 'silent' }
  const { status, stderr } = spawnSync(process.execPath, [builtFile(...module)], {
    env: inheritedEnvironment({ ...nothing, ...wrong }),
    encoding: 'utf8',
  })
  rmSync(data, { recursive: true })
  expect(status).toBe(1)
  const [line, ...others] = stderr.trim().split('\n')
  expect(others).toEqual([])
  expect(JSON.parse(line!)).toMatchObject({ level: 'fatal', service, code: 'CONFIG_INVALID' })
  expect(line).toContain(named)
})
