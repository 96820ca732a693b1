// Who may enter a directory, and whom PostgreSQL runs as.
import { chmodSync, mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { silentLog } from '../log.ts'
import { canEnter, isOursAlone, isRoot, postgresAccount } from './unprivileged.ts'

let directory: string
let inner: string
beforeEach(() => {
  directory = realpathSync(mkdtempSync(join(tmpdir(), 'quesnay-enter-')))
  inner = join(directory, 'inner')
  mkdirSync(inner)
  chmodSync(inner, 0o755)
})
afterEach(() => rmSync(directory, { recursive: true, force: true }))

const ourselves = { uid: userInfo().uid, gid: userInfo().gid }
const sameGroup = { uid: 4_000_000, gid: userInfo().gid }
const stranger = { uid: 4_000_000, gid: 4_000_000 }

describe('canEnter', () => {
  it('asks every directory above, by owner, group and others', () => {
    chmodSync(directory, 0o700)
    expect([ourselves, sameGroup, stranger].map((account) => canEnter(account, inner))).toEqual([true, false, false])
    chmodSync(directory, 0o710)
    expect([ourselves, sameGroup, stranger].map((account) => canEnter(account, inner))).toEqual([true, true, false])
    chmodSync(directory, 0o711)
    expect([ourselves, sameGroup, stranger].map((account) => canEnter(account, inner))).toEqual([true, true, true])
  })
})

describe('isOursAlone', () => {
  it('is false where others may write', () => {
    expect(isOursAlone(inner)).toBe(true)
    chmodSync(inner, 0o777)
    expect(isOursAlone(inner)).toBe(false)
  })
})

describe('postgresAccount', () => {
  it.skipIf(!isRoot())('is an account without rights where we are root', async () => {
    const account = await postgresAccount(silentLog)
    expect(account?.uid).toBeGreaterThan(0)
    expect(account?.gid).toBeGreaterThan(0)
  })

  it.skipIf(isRoot())('is ourselves where we are not root', async () => {
    expect(await postgresAccount(silentLog)).toBeUndefined()
  })
})
