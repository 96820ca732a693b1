// The variables that say how to reach NATS: which go together, and which exclude each other.
import { resolve } from 'node:path'
import type { BusAccess } from './bus/access.ts'
import type { ConfigProblem, Environment, Read } from './config.ts'
import { unpaired } from './paired-variables.ts'

/** Paths of files; that they can be read is looked at when they are. */
export function readNatsAccess(
  env: Environment,
  read: Read,
  workingDirectory: string,
  problems: ConfigProblem[],
): BusAccess {
  const file = (variable: string) => read(variable, (text) => ({ value: resolve(workingDirectory, text) }))
  const isSet = (variable: string) => Boolean(env[variable]?.trim())
  problems.push(...unpaired(env, ['NATS_CERT', 'NATS_KEY']), ...unpaired(env, ['NATS_USER', 'NATS_PASSWORD_FILE']))
  const ways = ['NATS_PASSWORD_FILE', 'NATS_TOKEN_FILE', 'NATS_CREDS', 'NATS_NKEY'].filter(isSet)
  for (const variable of ways.slice(1))
    problems.push({ variable, problem: `is set beside ${ways[0]}`, fix: 'say in one way only who we are' })
  return {
    caFile: file('NATS_CA'),
    certFile: file('NATS_CERT'),
    keyFile: file('NATS_KEY'),
    user: read('NATS_USER', (value) => ({ value })),
    passwordFile: file('NATS_PASSWORD_FILE'),
    tokenFile: file('NATS_TOKEN_FILE'),
    credsFile: file('NATS_CREDS'),
    nkeyFile: file('NATS_NKEY'),
  }
}
