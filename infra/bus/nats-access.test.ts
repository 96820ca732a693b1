// The NATS bus over TLS and with credentials, against real servers: what works, and what is said where it does not.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Writable } from 'node:stream'
import { encodeAccount, encodeOperator, encodeUser, fmtCreds } from '@nats-io/jwt'
import { createAccount, createOperator, createUser } from '@nats-io/nkeys'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { type Authority, type KeyPair, newAuthority } from '../../test/support/certificates.ts'
import { freePort } from '../../test/support/free-port.ts'
import { type ConfiguredServer, configuredServer } from '../../test/support/nats-config.ts'
import { lacksNatsServer } from '../../test/support/nats-server.ts'
import { systemClock } from '../clock.ts'
import { createLog, silentLog } from '../log.ts'
import type { BusAccess } from './access.ts'
import { openNatsBus } from './nats.ts'

const PASSWORD = 'p@ss:w/rd %'

describe.skipIf(lacksNatsServer())('the NATS bus', () => {
  const directory = mkdtempSync(join(tmpdir(), 'quesnay-access-'))
  let authority: Authority
  let stranger: Authority
  let server: ConfiguredServer | undefined
  beforeAll(async () => {
    authority = await newAuthority(directory, 'authority')
    stranger = await newAuthority(directory, 'stranger')
  })
  afterEach(async () => {
    await server?.end('SIGKILL')
    server = undefined
  })
  afterAll(() => rmSync(directory, { recursive: true, force: true }))

  let count = 0
  async function serve(...lines: string[]): Promise<number> {
    const port = await freePort('127.0.0.1')
    server = configuredServer(join(directory, `store ${++count}`), port, lines)
    await server.start()
    return port
  }
  const tlsLine = ({ certFile, keyFile }: KeyPair, more = '') =>
    `tls { cert_file: "${certFile}", key_file: "${keyFile}" ${more} }`
  const file = (name: string, content: string | Uint8Array) => {
    const path = join(directory, name)
    writeFileSync(path, content)
    return path
  }
  /** True where a message goes into the work queue and comes back. */
  async function works(url: string, access: BusAccess = {}): Promise<boolean> {
    const bus = await openNatsBus({ url, access, clock: systemClock, log: silentLog, connectWithinMs: 3000 })
    try {
      await bus.enqueue('qz.job.p1.3.acme.j1.0', new Uint8Array(1), `access-${++count}`)
      const [delivery] = await bus.pull({ classes: ['p1'], max: 1, expiresMs: 5000 })
      await delivery?.ack()
      return delivery !== undefined
    } finally {
      await bus.close()
    }
  }
  /** The error of opening, which must come at once and hold no secret. */
  async function refusal(url: string, access: BusAccess = {}): Promise<string> {
    const since = systemClock.now()
    const options = { url, access, clock: systemClock, log: silentLog, connectWithinMs: 20_000 }
    const error = await openNatsBus(options).then(
      () => undefined,
      (thrown: unknown) => thrown as { code: string; message: string; detail: { path?: string; suggestion?: string } },
    )
    expect(systemClock.now() - since).toBeLessThan(10_000)
    expect(JSON.stringify([error?.message, error?.detail])).not.toContain(PASSWORD)
    expect(error?.detail.suggestion).toMatch(/\w/)
    return `${error?.code} ${error?.detail.path}`
  }

  describe('over TLS', () => {
    it('works with a certificate for a host name and for an address of an authority that NATS_CA names', async () => {
      const port = await serve(tlsLine(await authority.issue('both', ['localhost', '127.0.0.1'])))
      const access = { caFile: authority.caFile }
      expect(await works(`tls://localhost:${port}`, access)).toBe(true)
      expect(await works(`tls://127.0.0.1:${port}`, access)).toBe(true)
      // A server that demands encryption gets it by any URL.
      expect(await works(`nats://localhost:${port}`, access)).toBe(true)
    })

    it('says that the authority is unknown, and which variable names it', async () => {
      const port = await serve(tlsLine(await authority.issue('known', ['localhost'])))
      expect(await refusal(`tls://localhost:${port}`)).toBe('CONFIG_INVALID NATS_CA')
      expect(await refusal(`tls://localhost:${port}`, { caFile: stranger.caFile })).toBe('CONFIG_INVALID NATS_CA')
    })

    it('says that the certificate has expired', async () => {
      const port = await serve(tlsLine(await authority.issue('old', ['localhost'], -1)))
      expect(await refusal(`tls://localhost:${port}`, { caFile: authority.caFile })).toBe('BUS_UNAVAILABLE NATS_URL')
    })

    it('says that the certificate is of another host', async () => {
      const port = await serve(tlsLine(await authority.issue('elsewhere', ['bus.example.org'])))
      expect(await refusal(`tls://localhost:${port}`, { caFile: authority.caFile })).toBe('CONFIG_INVALID NATS_URL')
    })

    it('says that the server offers no encryption where it is asked for', async () => {
      const port = await serve()
      expect(await refusal(`tls://localhost:${port}`)).toBe('CONFIG_INVALID NATS_URL')
      expect(await refusal(`nats://localhost:${port}`, { caFile: authority.caFile })).toBe('CONFIG_INVALID NATS_URL')
    })

    it('shows its own certificate where the server asks for one, and says so where it has none or a strange one', async () => {
      const pair = await authority.issue('mutual', ['localhost'])
      const port = await serve(tlsLine(pair, `, ca_file: "${authority.caFile}", verify: true`))
      const url = `tls://localhost:${port}`
      const { caFile } = authority
      expect(await works(url, { caFile, ...(await authority.issue('client')) })).toBe(true)
      expect(await refusal(url, { caFile })).toBe('CONFIG_INVALID NATS_CERT')
      expect(await refusal(url, { caFile, ...(await stranger.issue('client')) })).toBe('CONFIG_INVALID NATS_CERT')
    })

    it('says that certificate and key do not belong together, and which file cannot be read', async () => {
      const port = await serve(tlsLine(await authority.issue('files', ['localhost'])))
      const url = `tls://localhost:${port}`
      const { caFile } = authority
      const [one, other] = [await authority.issue('one'), await authority.issue('other')]
      const mixed = { certFile: one.certFile, keyFile: other.keyFile }
      expect(await refusal(url, { caFile, ...mixed })).toBe('CONFIG_INVALID NATS_KEY')
      expect(await refusal(url, { caFile: '/nowhere/ca.pem' })).toBe('CONFIG_INVALID NATS_CA')
      expect(await refusal(url, { caFile, certFile: '/nowhere', keyFile: one.keyFile })).toBe(
        'CONFIG_INVALID NATS_CERT',
      )
      expect(await refusal(url, { caFile: file('no.pem', 'no certificate') })).toMatch(/^CONFIG_INVALID/)
    })
  })

  describe('with credentials', () => {
    it('takes user and password from the URL or from a file, and says where they are wrong', async () => {
      const port = await serve(`authorization { user: "q:u", password: ${JSON.stringify(PASSWORD)} }`)
      const url = `nats://127.0.0.1:${port}`
      const [user, password] = [encodeURIComponent('q:u'), encodeURIComponent(PASSWORD)]
      expect(await works(`nats://${user}:${password}@127.0.0.1:${port}`)).toBe(true)
      expect(await works(url, { user: 'q:u', passwordFile: file('password', `${PASSWORD}\n`) })).toBe(true)
      expect(await refusal(url)).toBe('CONFIG_INVALID NATS_URL')
      expect(await refusal(`nats://${user}:wrong@127.0.0.1:${port}`)).toBe('CONFIG_INVALID NATS_URL')
      const wrong = { user: 'q:u', passwordFile: file('wrong', 'wrong') }
      expect(await refusal(url, wrong)).toBe('CONFIG_INVALID NATS_URL')
      expect(await refusal(url, { user: 'q', passwordFile: '/nowhere' })).toBe('CONFIG_INVALID NATS_PASSWORD_FILE')
    })

    it('takes a token from the URL or from a file', async () => {
      const port = await serve('authorization { token: "t0ken" }')
      expect(await works(`nats://t0ken@127.0.0.1:${port}`)).toBe(true)
      expect(await works(`nats://127.0.0.1:${port}`, { tokenFile: file('token', 't0ken\n') })).toBe(true)
      expect(await refusal(`nats://other@127.0.0.1:${port}`)).toBe('CONFIG_INVALID NATS_URL')
    })

    it('takes the seed of an nkey', async () => {
      const [user, other] = [createUser(), createUser()]
      const port = await serve(`authorization { users: [ { nkey: ${user.getPublicKey()} } ] }`)
      const url = `nats://127.0.0.1:${port}`
      expect(await works(url, { nkeyFile: file('user.nk', user.getSeed()) })).toBe(true)
      expect(await refusal(url, { nkeyFile: file('other.nk', other.getSeed()) })).toBe('CONFIG_INVALID NATS_URL')
      expect(await refusal(url, { nkeyFile: file('none.nk', 'no seed') })).toBe('CONFIG_INVALID NATS_CREDS')
    })

    it('takes a .creds file with a JWT of an account that may use JetStream', async () => {
      const [operator, account, system, user] = [createOperator(), createAccount(), createAccount(), createUser()]
      const stored = { mem_storage: -1, disk_storage: -1, streams: -1, consumer: -1 }
      const unlimited = {
        ...stored,
        conn: -1,
        subs: -1,
        data: -1,
        payload: -1,
        imports: -1,
        exports: -1,
        wildcards: true,
      }
      const signed = { signer: operator }
      const accountJwt = await encodeAccount('quesnay', account, { limits: unlimited } as object, signed)
      const systemJwt = await encodeAccount('system', system, {}, signed)
      const port = await serve(
        `operator: ${await encodeOperator('op', operator, { system_account: system.getPublicKey() })}`,
        `system_account: ${system.getPublicKey()}`,
        'resolver: MEMORY',
        `resolver_preload: { ${account.getPublicKey()}: ${accountJwt}, ${system.getPublicKey()}: ${systemJwt} }`,
      )
      const url = `nats://127.0.0.1:${port}`
      const creds = fmtCreds(await encodeUser('worker', user, account), user)
      expect(await works(url, { credsFile: file('user.creds', creds) })).toBe(true)
      const unknown = createAccount()
      const strange = fmtCreds(await encodeUser('worker', user, unknown), user)
      expect(await refusal(url, { credsFile: file('strange.creds', strange) })).toBe('CONFIG_INVALID NATS_URL')
      expect(await refusal(url, { credsFile: file('broken.creds', 'broken') })).toBe('CONFIG_INVALID NATS_CREDS')
    })

    it('reads a password that was replaced when it connects again', async () => {
      const passwordFile = file('rotated', 'first')
      const conf = (password: string) => [`authorization { user: q, password: ${password} }`]
      const port = await serve(...conf('first'))
      const access = { user: 'q', passwordFile }
      const url = `nats://127.0.0.1:${port}`
      const bus = await openNatsBus({ url, access, clock: systemClock, log: silentLog })
      await server?.end('SIGKILL')
      writeFileSync(passwordFile, 'second')
      server = configuredServer(join(directory, 'rotated store'), port, conf('second'))
      await server.start()
      await expect.poll(() => bus.ready(), { timeout: 10_000 }).toBe(true)
      await bus.close()
    })

    it('says that a single broker keeps no replicas', async () => {
      const url = `nats://127.0.0.1:${await serve()}`
      const opened = openNatsBus({ url, replicas: 3, clock: systemClock, log: silentLog })
      await expect(opened).rejects.toMatchObject({ code: 'CONFIG_INVALID', detail: { path: 'NATS_REPLICAS' } })
    })

    it('never logs a secret of the URL', async () => {
      const port = await serve(`authorization { user: q, password: ${JSON.stringify(PASSWORD)} }`)
      let said = ''
      const log = createLog(
        'trace',
        {},
        new Writable({
          write(chunk, _, done) {
            said += String(chunk)
            done()
          },
        }),
      )
      const url = `nats://q:${encodeURIComponent(PASSWORD)}@127.0.0.1:${port}`
      const bus = await openNatsBus({ url, clock: systemClock, log })
      await server?.end('SIGKILL')
      await expect.poll(() => bus.ready()).toBe(false)
      log.error({ err: await bus.backlog().catch((error) => error), url }, 'what is said of it')
      await bus.close()
      expect(said).toContain('what is said of it')
      for (const secret of [PASSWORD, encodeURIComponent(PASSWORD)]) expect(said).not.toContain(secret)
    })
  })
})
