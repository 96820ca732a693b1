// Tests of signed kernels: what a worker takes, what it refuses, and what it says then.
import { createPublicKey, generateKeyPairSync } from 'node:crypto'
import { readFileSync, statSync, unlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import type { ErrorCode } from '../../../schema/errors.ts'
import { type SignedDirectory, signedDirectory } from '../../../test/support/kernel-directory.ts'
import { endlessMachine, memoryBomb } from '../../../test/support/wasm.ts'
import { loadKernelDirectory } from './kernel-directory.ts'
import { fingerprintOf, newSigningKey, privatePem, publicPem, readSigningKey, readTrustedKeys } from './keys.ts'
import { listKernels } from './list-directory.ts'
import { openShelf } from './shelf.ts'
import { DEVELOPMENT_KEY_FILE, signKernels } from './sign-directory.ts'

const PAGES = 8192
let directory: SignedDirectory
afterEach(() => directory?.remove())

const signed = (kernels: Record<string, Uint8Array> = { machine: endlessMachine(), bomb: memoryBomb(100) }) => {
  directory = signedDirectory(kernels)
  return directory
}
const trusted = () => readTrustedKeys(directory.trustedKeysFile)
const load = (pages = PAGES) => loadKernelDirectory(directory.path, trusted(), pages)
const file = (name: string) => join(directory.path, name)
const change = (name: string, edit: (text: string) => string) =>
  writeFileSync(file(name), edit(readFileSync(file(name), 'utf8')))
const refused = (reason: string, code: ErrorCode = 'KERNEL_REFUSED') =>
  expect.objectContaining({ code, message: expect.stringContaining(reason) })

describe('a directory of kernels', () => {
  it('that a trusted key has signed is loaded, each kernel by its hash', () => {
    signed()
    const kernels = load()
    expect(kernels.map(({ name }) => name)).toEqual(['bomb', 'machine'])
    expect(kernels[1]!.bytes).toEqual(endlessMachine())
    const shelf = openShelf({ directories: [directory.path], trustedKeysFile: directory.trustedKeysFile })
    expect(shelf.names).toEqual(kernels.map(({ name, sha256 }) => `${name}@${sha256}`).sort())
    expect(shelf.find(kernels[1]!)).toEqual(kernels[1])
    expect(shelf.find({ ...kernels[1]!, name: 'bomb' })).toBeUndefined()
    expect(shelf.find({ ...kernels[1]!, abi: 99 })).toBeUndefined()
    expect(shelf.find({ ...kernels[1]!, sha256: 'f'.repeat(64) })).toBeUndefined()
  })

  it('that nobody trusts is refused, with the key and what to do', () => {
    signed()
    const other = newSigningKey()
    writeFileSync(directory.trustedKeysFile, publicPem(other.publicKey))
    expect(() => load()).toThrow(refused(`signed by the key ${directory.fingerprint}, which is not trusted`))
    expect(() => load()).toThrow(
      expect.objectContaining({
        detail: expect.objectContaining({
          trusted: [fingerprintOf(other.publicKey)],
          suggestion: expect.stringContaining('QUESNAY_TRUSTED_KEYS'),
        }),
      }),
    )
  })

  it.each([
    ['another hash', (text: string) => text.replace(/"sha256": "."?/, '"sha256": "0')],
    ['another ABI', (text: string) => text.replace('"abi": 2', '"abi": 3')],
    ['another maximum', (text: string) => text.replace('"maximumPages": 100', '"maximumPages": 99')],
    ['another engine', (text: string) => text.replace(/"engineVersion": "/, '$&9')],
    ['another name', (text: string) => text.replace('"name": "bomb"', '"name": "bomc"')],
    ['one member more', (text: string) => text.replace('"abi": 2', '"more": 1, "abi": 2')],
  ])('whose manifest was given %s is refused: the signature does not hold', (_, edit) => {
    signed()
    change('manifest.json', edit)
    expect(() => load()).toThrow(refused('changed after the key'))
  })

  it('whose manifest is written otherwise but says the same is loaded: the canonical form is signed', () => {
    signed()
    change('manifest.json', (text) => JSON.stringify(JSON.parse(text)))
    expect(load()).toHaveLength(2)
  })

  it('whose signature was changed, or is another key’s under the name of a trusted one, is refused', () => {
    signed()
    change('manifest.sig.json', (text) => text.replace(/"signature": "../, '"signature": "AA'))
    expect(() => load()).toThrow(refused('changed after the key'))
    signKernels(directory.path, undefined)
    change('manifest.sig.json', (text) => text.replace(/"key": "[^"]+"/, `"key": "${directory.fingerprint}"`))
    expect(() => load()).toThrow(refused('changed after the key'))
  })

  it('with other bytes than the manifest names is refused', () => {
    signed()
    const bytes = new Uint8Array(readFileSync(file('machine.wasm')))
    bytes[bytes.length - 1]! ^= 1
    writeFileSync(file('machine.wasm'), bytes)
    expect(() => load()).toThrow(refused('have other bytes for machine than its manifest names'))
  })

  it.each(['manifest.json', 'manifest.sig.json', 'machine.wasm'])('that lacks %s is refused', (name) => {
    signed()
    unlinkSync(file(name))
    expect(() => load()).toThrow(refused(`lack the file ${name}`))
  })

  it.each([
    ['manifest.json', '{'],
    ['manifest.json', 'null'],
    ['manifest.json', '{"format":"quesnay-kernels/2","engineVersion":"1","kernels":[]}'],
    ['manifest.json', '{"format":"quesnay-kernels/1","engineVersion":"1","kernels":[{"name":"../../etc/x"}]}'],
    ['manifest.sig.json', '{"algorithm":"none","key":"","signature":""}'],
    ['manifest.sig.json', '[]'],
  ])('whose %s is %s is refused', (name, text) => {
    signed()
    writeFileSync(file(name), text)
    expect(() => load()).toThrow(refused('of a form that is not known'))
  })

  it('with a kernel that may grow beyond what the worker allows is refused', () => {
    signed({ bomb: memoryBomb(PAGES + 1) })
    expect(() => load()).toThrow(refused(`a maximum of ${PAGES + 1} pages of 64 KiB; this worker allows ${PAGES}`))
  })

  it('with a module that is no kernel is not signed', () => {
    expect(() => signed({ machine: Uint8Array.from([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0]) })).toThrow(
      refused('does not import env.memory'),
    )
    signed()
    unlinkSync(file('machine.wasm'))
    unlinkSync(file('bomb.wasm'))
    expect(() => signKernels(directory.path, undefined)).toThrow(refused('are none'))
  })

  it('says of itself what it holds, unverified', () => {
    signed()
    expect(listKernels(directory.path)).toMatchObject({
      key: directory.fingerprint,
      kernels: [{ name: 'bomb', maximumPages: 100 }, { name: 'machine' }],
    })
  })
})

describe('the keys', () => {
  it('of a directory without a given one are its own, the private half for the owner alone, and kept', () => {
    signed()
    const first = signKernels(directory.path, undefined)
    expect(first.developmentKey).toBe(file(DEVELOPMENT_KEY_FILE))
    expect(statSync(file(DEVELOPMENT_KEY_FILE)).mode & 0o777).toBe(0o600)
    expect(signKernels(directory.path, undefined).key).toBe(first.key)
    const shipped = readTrustedKeys(file('trusted-keys.pem'))
    expect([...shipped.keys()]).toEqual([first.key])
    expect(loadKernelDirectory(directory.path, shipped, PAGES)).toHaveLength(2)
  })

  it('that are trusted may be several, among other text', () => {
    signed()
    const [a, b] = [newSigningKey(), newSigningKey()]
    writeFileSync(
      directory.trustedKeysFile,
      `# ours\n${publicPem(a.publicKey)}\n# the other's\n${publicPem(b.publicKey)}`,
    )
    expect([...trusted().keys()]).toEqual([a, b].map(({ publicKey }) => fingerprintOf(publicKey)))
  })

  it.each([
    ['is empty', () => ''],
    ['holds a private key', () => privatePem(newSigningKey().privateKey)],
    ['holds a key of another kind', () => publicPem(generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey)],
    ['holds a block that is no key', () => '-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----'],
  ])('are refused where the file %s', (_, text) => {
    signed()
    writeFileSync(directory.trustedKeysFile, text())
    expect(trusted).toThrow(refused('QUESNAY_TRUSTED_KEYS', 'CONFIG_INVALID'))
  })

  it('are refused where the file is missing', () => {
    expect(() => readTrustedKeys('/nowhere/keys.pem')).toThrow(refused('cannot be read (ENOENT)', 'CONFIG_INVALID'))
    expect(() => readSigningKey('/nowhere/key.pem')).toThrow(refused('cannot be read (ENOENT)', 'CONFIG_INVALID'))
  })

  it('that sign are private ed25519 keys and nothing else', () => {
    signed()
    const { publicKey } = readSigningKey(directory.keyFile)
    expect(fingerprintOf(publicKey)).toBe(directory.fingerprint)
    for (const text of [publicPem(createPublicKey(publicKey.export({ type: 'spki', format: 'pem' }))), 'no key']) {
      writeFileSync(directory.keyFile, text)
      expect(() => readSigningKey(directory.keyFile)).toThrow(refused('is no private ed25519 key', 'CONFIG_INVALID'))
    }
  })
})
