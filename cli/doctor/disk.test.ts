// The check of the disk's room.
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { checkDisk } from './disk.ts'

const GIB = 2 ** 30

describe('checkDisk', () => {
  it.each([
    [50 * GIB, 'ok'],
    [1 * GIB, 'warn'],
    [0.1 * GIB, 'fail'],
  ] as const)('says of %d bytes free: %s', (free, level) => {
    expect(checkDisk('/data', () => free).level).toBe(level)
  })

  it('asks of the nearest directory that is there, and makes none', () => {
    const asked: string[] = []
    checkDisk(join(tmpdir(), 'no-such', 'deeper'), (path) => asked.push(path))
    expect(asked).toEqual([tmpdir()])
  })

  it('knows the disk of this machine', () => {
    expect(checkDisk(tmpdir()).say).toMatch(/^\d+\.\d GiB free/)
  })
})
