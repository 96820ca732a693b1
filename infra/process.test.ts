// Processes by their number: alive or dead, the same or another.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { describe, expect, it } from 'vitest'
import { commandLines, isAlive, processStart } from './process.ts'

describe('isAlive', () => {
  it('is true of ourselves and false of a process that has ended', async () => {
    const child = spawn(process.execPath, ['-e', ''])
    await once(child, 'exit')
    expect([isAlive(process.pid), isAlive(child.pid!)]).toEqual([true, false])
  })

  it.each([0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY])('is false of %d, which is no process number', (pid) => {
    expect(isAlive(pid)).toBe(false)
  })
})

describe.skipIf(processStart(process.pid) === undefined)('processStart', () => {
  it('stays the same for one process and tells two apart', async () => {
    const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'])
    await once(child, 'spawn')
    expect(processStart(process.pid)).toBe(processStart(process.pid))
    expect(processStart(child.pid!)).not.toBe(processStart(process.pid))
    child.kill('SIGKILL')
  })
})

describe.skipIf(process.platform === 'win32')('commandLines', () => {
  it('shows arguments parted and ended by blanks', async () => {
    const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)', 'last-argument'])
    await once(child, 'spawn')
    expect(commandLines()?.get(child.pid!)).toMatch(/ -e .* last-argument $/)
    child.kill('SIGKILL')
  })
})
