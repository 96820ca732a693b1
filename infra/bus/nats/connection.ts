// How we connect: the URLs, what encrypts the connection, and who we say we are.
import { readFileSync } from 'node:fs'
import {
  type Authenticator,
  credsAuthenticator,
  type NodeConnectionOptions,
  nkeyAuthenticator,
  tokenAuthenticator,
  usernamePasswordAuthenticator,
} from '@nats-io/transport-node'
import { QuesnayError } from '../../../schema/errors.ts'
import type { BusAccess } from '../access.ts'
import { REQUEST_TIMEOUT_MS } from './topology.ts'

/** CONFIG_INVALID where a URL is malformed or a file cannot be read. */
export function connectionOptions(url: string, access: BusAccess): NodeConnectionOptions {
  const urls = url.split(',').map((each) => parseUrl(each.trim()))
  const authenticator = authenticatorOf(urls[0] as URL, access)
  const { caFile, certFile, keyFile } = access
  for (const [variable, file] of [
    ['NATS_CA', caFile],
    ['NATS_CERT', certFile],
    ['NATS_KEY', keyFile],
  ] as const)
    if (file !== undefined) textOf(variable, file)
  const isEncrypted = urls.some(({ protocol }) => protocol === 'tls:') || caFile !== undefined || certFile !== undefined
  // The client reads these files itself, at each connection.
  const tls = {
    ...(caFile === undefined ? {} : { caFile }),
    ...(certFile === undefined ? {} : { certFile }),
    ...(keyFile === undefined ? {} : { keyFile }),
  }
  return {
    servers: urls.map(({ host }) => host),
    ...(authenticator ? { authenticator } : {}),
    ...(isEncrypted ? { tls } : {}),
    name: 'quesnay',
    timeout: REQUEST_TIMEOUT_MS,
    maxReconnectAttempts: -1,
    reconnectTimeWait: 100,
    reconnectJitter: 100,
    ignoreAuthErrorAbort: true,
    pingInterval: 10_000,
    maxPingOut: 2,
    // A stack trace for each request costs more than the request.
    noAsyncTraces: true,
  }
}

function authenticatorOf({ username, password }: URL, access: BusAccess): Authenticator | undefined {
  const { credsFile, nkeyFile, tokenFile, user, passwordFile } = access
  if (credsFile !== undefined) return credsAuthenticator(fresh('NATS_CREDS', credsFile))
  if (nkeyFile !== undefined) return nkeyAuthenticator(fresh('NATS_NKEY', nkeyFile))
  if (tokenFile !== undefined) return tokenAuthenticator(text(fresh('NATS_TOKEN_FILE', tokenFile)))
  if (user !== undefined && passwordFile !== undefined)
    return usernamePasswordAuthenticator(user, text(fresh('NATS_PASSWORD_FILE', passwordFile)))
  const [name, pass] = [decodeURIComponent(username), decodeURIComponent(password)]
  if (name === '') return undefined
  return pass === '' ? tokenAuthenticator(name) : usernamePasswordAuthenticator(name, pass)
}

/** What a file holds at the time, blanks at its ends left out; where it cannot be read any more, what it held before. */
function fresh(variable: string, file: string): () => Uint8Array {
  let last = textOf(variable, file)
  return () => {
    try {
      last = textOf(variable, file)
    } catch {
      // Being replaced at this moment, for one.
    }
    return new TextEncoder().encode(variable === 'NATS_CREDS' ? `${last}\n` : last)
  }
}

const text = (bytes: () => Uint8Array) => () => new TextDecoder().decode(bytes())

function textOf(variable: string, file: string): string {
  try {
    return readFileSync(file, 'utf8').trim()
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code ?? String(cause)
    throw new QuesnayError(
      'CONFIG_INVALID',
      `${variable} names ${file}, which cannot be read: ${code}`,
      { path: variable, suggestion: 'check the path, and who may read it' },
      { cause },
    )
  }
}

function parseUrl(url: string): URL {
  if (URL.canParse(url) && /^(nats|tls):$/.test(new URL(url).protocol)) return new URL(url)
  throw new QuesnayError('CONFIG_INVALID', 'the URL of the message bus is malformed', {
    path: 'NATS_URL',
    suggestion: 'nats://host:4222',
  })
}
