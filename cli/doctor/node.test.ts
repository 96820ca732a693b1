// The check of Node's version.
import { describe, expect, it } from 'vitest'
import { checkNode } from './node.ts'

describe('checkNode', () => {
  it.each(['20.19.0', '20.20.2', '22.1.0', 'v24.0.0'])('takes %s for >=20.19', (version) => {
    expect(checkNode(version, '>=20.19').level).toBe('ok')
  })

  it.each(['20.18.9', '18.20.0', 'v20.2.19'])('refuses %s for >=20.19 and says what to install', (version) => {
    expect(checkNode(version, '>=20.19')).toMatchObject({ level: 'fail', fix: 'install Node 20.19 or later' })
  })
})
