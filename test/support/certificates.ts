// Certificates for tests: an authority, and what it signs for hosts and clients.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import 'reflect-metadata'
import * as x509 from '@peculiar/x509'

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const
const DAY_MS = 86_400_000

export interface KeyPair {
  /** Paths of PEM files. */
  readonly certFile: string
  readonly keyFile: string
}

export interface Authority {
  readonly caFile: string
  /** A certificate for a host name or address, or for a client. @param daysLeft negative: it is out of time. */
  issue(name: string, hosts?: readonly string[], daysLeft?: number): Promise<KeyPair>
}

/** An authority of its own, whose files lie in the directory. */
export async function newAuthority(directory: string, name: string): Promise<Authority> {
  const keys = await newKeys()
  const notAfter = new Date(Date.now() + 10 * DAY_MS)
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    ...{ serialNumber: '01', name: `CN=${name}`, notBefore: new Date(Date.now() - 20 * DAY_MS), notAfter },
    ...{ signingAlgorithm: ALGORITHM, keys },
    extensions: [new x509.BasicConstraintsExtension(true, 1, true)],
  })
  const caFile = join(directory, `${name}.pem`)
  writeFileSync(caFile, certificate.toString('pem'))
  let serial = 1
  return {
    caFile,
    async issue(subject, hosts = [], daysLeft = 5) {
      const own = await newKeys()
      const issued = await x509.X509CertificateGenerator.create({
        ...{ serialNumber: `0${++serial}`, subject: `CN=${subject}`, issuer: certificate.subject },
        notBefore: new Date(Date.now() - 15 * DAY_MS),
        notAfter: new Date(Date.now() + daysLeft * DAY_MS),
        ...{ signingAlgorithm: ALGORITHM, publicKey: own.publicKey, signingKey: keys.privateKey },
        extensions: [
          new x509.SubjectAlternativeNameExtension(
            hosts.map((host) => ({ type: /^[\d.]+$/.test(host) ? 'ip' : 'dns', value: host }) as const),
          ),
        ],
      })
      const [certFile, keyFile] = [join(directory, `${name}-${subject}.crt`), join(directory, `${name}-${subject}.key`)]
      writeFileSync(certFile, issued.toString('pem'))
      const der = await crypto.subtle.exportKey('pkcs8', own.privateKey)
      writeFileSync(keyFile, x509.PemConverter.encode(der, 'PRIVATE KEY'), { mode: 0o600 })
      return { certFile, keyFile }
    },
  }
}

const newKeys = () => crypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify'])
