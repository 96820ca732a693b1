// The check of the kernels: those of the build, none, and those of a key that is not trusted.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { loadKernel } from '../../compute/worker/kernels.ts'
import { builtFile } from '../../infra/paths.ts'
import { signedDirectory } from '../../test/support/kernel-directory.ts'
import { checkKernels, heldKernels } from './kernels.ts'

const empty = mkdtempSync(join(tmpdir(), 'quesnay-doctor-'))
afterAll(() => rmSync(empty, { recursive: true, force: true }))

it('names the kernels of the build by their hashes', async () => {
  const [found] = await checkKernels({})
  expect(found).toMatchObject({ level: 'ok' })
  expect(found!.say).toContain(`machine@${loadKernel('machine').sha256.slice(0, 12)}`)
  expect(heldKernels({})).toContain(`machine@${loadKernel('machine').sha256}`)
})

it('fails where there are none', async () => {
  expect((await checkKernels({ directories: [empty] }))[0]).toMatchObject({ level: 'fail' })
  expect(heldKernels({ directories: [empty] })).toEqual([])
})

it('fails where they are signed by nobody who is trusted, or where the list of keys is no such list', async () => {
  const other = signedDirectory({ machine: loadKernel('machine').bytes })
  const trustedKeysFile = builtFile('kernels', 'trusted-keys.pem')
  expect((await checkKernels({ directories: [other.path], trustedKeysFile }))[0]).toMatchObject({ level: 'fail' })
  other.remove()
  writeFileSync(join(empty, 'keys.pem'), 'nonsense')
  expect((await checkKernels({ trustedKeysFile: join(empty, 'keys.pem') }))[0]).toMatchObject({ level: 'fail' })
})
