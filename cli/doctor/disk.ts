// Whether the disk of the data directory has room.
import { existsSync, statfsSync } from 'node:fs'
import { dirname } from 'node:path'
import { type Finding, findings } from './finding.ts'

const { ok, warn, fail } = findings('disk')
const GIB = 2 ** 30
/** PostgreSQL keeps up to 1 GiB of log besides what is stored, and stops where it cannot write. */
const ENOUGH = 4 * GIB
const LEAST = GIB / 2

/** @param freeAt bytes that this account may still write at a path; Infinity where the system does not say */
export function checkDisk(directory: string, freeAt: (path: string) => number = freeBytes): Finding {
  let path = directory
  while (!existsSync(path) && dirname(path) !== path) path = dirname(path)
  const free = freeAt(path)
  const say = `${(free / GIB).toFixed(1)} GiB free for ${directory}`
  const fix = 'make room there, or set QUESNAY_DATA to a directory on another disk'
  return free >= ENOUGH ? ok(say) : free >= LEAST ? warn(say, fix) : fail(say, fix)
}

function freeBytes(path: string): number {
  const { bavail, bsize } = statfsSync(path)
  return bavail * bsize
}
