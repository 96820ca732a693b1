// The registry of a data directory: one at a time, whoever publishes, and whatever has died while it did.
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { manualClock } from '../../test/support/manual-clock.ts'
import { openRegistry } from './registry.ts'
import { withLock } from './with-lock.ts'

const LINK = 'extend schema @link(url: "https://specs.apollo.dev/federation/v2.5", import: ["@key"])'
const subgraph = (name: string, field: string) => ({
  ...{ name, url: 'http://127.0.0.1:1/graphql' },
  sdl: `${LINK} type Economy @key(fields: "id") { id: ID! ${field}: String }`,
})

let directory: string
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'quesnay-registry-'))
})
afterEach(() => rmSync(directory, { recursive: true, force: true }))

const lock = () => join(directory, 'subgraphs.lock')

describe('two who publish at once', () => {
  it('do so one after the other, so that both are in the graph', async () => {
    const [one, other] = [openRegistry(directory), openRegistry(directory)]
    let go = () => {}
    const gate = new Promise<void>((resolve) => {
      go = resolve
    })
    const steps: string[] = []
    const first = one.alone(async () => {
      steps.push('first begins')
      await gate
      one.publish(subgraph('ratings', 'rating'))
      steps.push('first ends')
    })
    const second = other.alone(() => {
      steps.push(`second sees ${other.published().map(({ name }) => name)}`)
      other.publish(subgraph('scores', 'score'))
    })
    go()
    await Promise.all([first, second])
    expect(steps).toEqual(['first begins', 'first ends', 'second sees ratings'])
    expect(one.published().map(({ name }) => name)).toEqual(['ratings', 'scores'])
    expect(existsSync(lock())).toBe(false)
  })

  it('do not wait for one that has died, nor for ever for one that lives', async () => {
    writeFileSync(
      lock(),
      JSON.stringify({ pid: 2 ** 22 + 1, processStart: null, heldSince: '2026-01-01T00:00:00.000Z' }),
    )
    expect(await withLock(directory, () => 'done')).toBe('done')

    const clock = manualClock()
    await withLock(directory, async () => {
      const refused = expect(withLock(directory, () => 'never', clock)).rejects.toMatchObject({
        code: 'CONFLICT',
        detail: { holder: { pid: process.pid } },
      })
      for (let waited = 0; waited <= 30_000; waited += 1_000) await clock.advance(1_000)
      await refused
    })
  })

  it('leave the lock free where publishing fails', async () => {
    const { alone, publish } = openRegistry(directory)
    await expect(alone(() => publish(subgraph('economies', 'x')))).rejects.toMatchObject({ code: 'BAD_INPUT' })
    expect(existsSync(lock())).toBe(false)
  })
})
