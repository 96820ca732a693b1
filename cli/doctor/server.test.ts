// The check of who holds the data directory.
import { expect, it } from 'vitest'
import { checkServer } from './server.ts'

const HOLDER = {
  pid: 7,
  processStart: null,
  heldSince: '2031-01-01T00:00:00Z',
  url: 'http://127.0.0.1:1/graphql',
  version: '1.0.0',
}
const check = (holder: Partial<typeof HOLDER> | undefined, answers: boolean) =>
  checkServer('/data', holder && { ...HOLDER, ...holder }, '1.0.0', async () => answers)

it('is content where nobody holds it, and where a server answers', async () => {
  expect(await check(undefined, false)).toMatchObject({ level: 'ok' })
  expect(await check({}, true)).toMatchObject({ level: 'ok', say: /process 7/ })
})

it('fails where the server does not answer', async () => {
  expect(await check({}, false)).toMatchObject({ level: 'fail', fix: /end process 7/ })
})

it('warns of a server that starts, and of one of another version', async () => {
  expect(await check({ url: null as never }, false)).toMatchObject({ level: 'warn', say: /does not answer yet/ })
  expect(await check({ version: '0.9.0' }, true)).toMatchObject({ level: 'warn', say: /this is version 1\.0\.0/ })
})
