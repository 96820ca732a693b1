// Why a broker that is there will not have us, or we not it: told with what to mend. Waiting would not help.
import { JetStreamApiError } from '@nats-io/jetstream'
import { errors } from '@nats-io/transport-node'
import { QuesnayError } from '../../../schema/errors.ts'

/** JSStreamReplicasNotSupportedErr of nats-server's errors.json. */
const REPLICAS_NOT_SUPPORTED = 10074

interface Refusal {
  readonly code: 'CONFIG_INVALID' | 'BUS_UNAVAILABLE'
  readonly say: string
  readonly path: string
  readonly suggestion: string
}

const UNKNOWN_AUTHORITY: Refusal = {
  code: 'CONFIG_INVALID',
  say: 'the message bus has a certificate of an authority that is not trusted here',
  path: 'NATS_CA',
  suggestion: 'set NATS_CA to the PEM file of the authority that signed it',
}
const OUT_OF_TIME: Refusal = {
  code: 'BUS_UNAVAILABLE',
  say: 'the message bus has a certificate that is not valid at this time',
  path: 'NATS_URL',
  suggestion: 'renew the certificate of the broker, or set the clock of this machine',
}
const OTHER_HOST: Refusal = {
  code: 'CONFIG_INVALID',
  say: 'the message bus has a certificate of another host',
  path: 'NATS_URL',
  suggestion: 'use the host name that the certificate names, or have it name this host',
}
const NO_CERTIFICATE: Refusal = {
  code: 'CONFIG_INVALID',
  say: 'the message bus does not accept our certificate, or asks for one and got none',
  path: 'NATS_CERT',
  suggestion: 'set NATS_CERT and NATS_KEY to a certificate that the broker trusts, and its key',
}
const BAD_KEY: Refusal = {
  code: 'CONFIG_INVALID',
  say: 'our certificate or its key cannot be used',
  path: 'NATS_KEY',
  suggestion: 'set NATS_CERT and NATS_KEY to PEM files that belong together',
}
const NOT_ENCRYPTED: Refusal = {
  code: 'CONFIG_INVALID',
  say: 'the message bus does not offer encryption',
  path: 'NATS_URL',
  suggestion: 'set up TLS on the broker, or use a nats:// URL and no NATS_CA',
}
const NOT_ADMITTED: Refusal = {
  code: 'CONFIG_INVALID',
  say: 'the message bus does not accept our credentials',
  path: 'NATS_URL',
  suggestion: 'check user and password in NATS_URL, or NATS_PASSWORD_FILE, NATS_TOKEN_FILE, NATS_CREDS or NATS_NKEY',
}
const BAD_CREDENTIALS: Refusal = {
  code: 'CONFIG_INVALID',
  say: 'the credentials for the message bus cannot be read',
  path: 'NATS_CREDS',
  suggestion:
    'set NATS_CREDS to a .creds file with JWT and seed, or NATS_NKEY to a file with a seed that begins with SU',
}

const TOO_MANY_REPLICAS: Refusal = {
  code: 'CONFIG_INVALID',
  say: 'the message bus is a single broker and keeps no replicas',
  path: 'NATS_REPLICAS',
  suggestion: 'set NATS_REPLICAS to 1, or name a cluster of so many nodes in NATS_URL',
}

/** By code of Node (X509 codes of OpenSSL, codes of node:tls). */
const BY_CODE: Readonly<Record<string, Refusal>> = {
  SELF_SIGNED_CERT_IN_CHAIN: UNKNOWN_AUTHORITY,
  DEPTH_ZERO_SELF_SIGNED_CERT: UNKNOWN_AUTHORITY,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: UNKNOWN_AUTHORITY,
  UNABLE_TO_GET_ISSUER_CERT: UNKNOWN_AUTHORITY,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: UNKNOWN_AUTHORITY,
  CERT_SIGNATURE_FAILURE: UNKNOWN_AUTHORITY,
  CERT_HAS_EXPIRED: OUT_OF_TIME,
  CERT_NOT_YET_VALID: OUT_OF_TIME,
  ERR_TLS_CERT_ALTNAME_INVALID: OTHER_HOST,
}

/** By what an error says, where it has no code of its own. */
const BY_TEXT: readonly (readonly [RegExp, Refusal])[] = [
  [/alert.*(certificate|unknown ca)|(certificate required|bad certificate)/i, NO_CERTIFICATE],
  [/key values mismatch|no start line|bad end line|PEM routines|unsupported.*key/i, BAD_KEY],
  [/tls.*is not available|does not support 'tls'/i, NOT_ENCRYPTED],
  [/unable to parse credentials|invalid (seed|prefix|encod|checksum)|nkeys/i, BAD_CREDENTIALS],
]

/** The refusal that an error of connecting tells of; undefined where the broker is only not there. */
export function refusalIn(error: unknown): QuesnayError | undefined {
  const found = findIn(error)
  if (!found) return undefined
  const { code, say, path, suggestion } = found
  return new QuesnayError(code, say, { path, suggestion }, { cause: error })
}

function findIn(error: unknown): Refusal | undefined {
  for (let e = error; e instanceof Error; e = e.cause) {
    const { code = '', message } = e as NodeJS.ErrnoException
    if (e instanceof errors.AuthorizationError || e instanceof errors.UserAuthenticationExpiredError)
      return NOT_ADMITTED
    if (e instanceof JetStreamApiError && e.code === REPLICAS_NOT_SUPPORTED) return TOO_MANY_REPLICAS
    const known = BY_CODE[code] ?? BY_TEXT.find(([text]) => text.test(`${code} ${message}`))?.[1]
    if (known) return known
  }
  return undefined
}
