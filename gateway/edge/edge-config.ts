// The gateway's own configuration, a YAML file: who is let in, how much an operation may ask for, what is kept.
import { readFileSync } from 'node:fs'
import { parse } from 'yaml'
import { z } from 'zod'
import { QuesnayError } from '../../schema/errors.ts'
import { AUDIT_CONFIG } from '../audit/audit-config.ts'
import { AUTH } from '../auth/auth-config.ts'
import { PARTNERS } from '../auth/partners-config.ts'
import { CACHE } from '../cache/cache-config.ts'
import { HTTP } from '../http/http-config.ts'
import { INTROSPECTION } from '../limits/introspection.ts'
import { LIMITS } from '../limits/limits-config.ts'
import { PERSISTED } from '../persisted/persisted-config.ts'
import { RATES } from '../rates/rates-config.ts'
import { RESILIENCE } from '../resilience/resilience-config.ts'
import { SINGLE_FLIGHT } from '../single-flight/single-flight-config.ts'
import { ERRORS_SHOWN, HEADERS } from './passing.ts'

/** One section for each step, declared beside its code; every one has defaults, so that an empty file is a whole configuration. */
const EDGE = z.strictObject({
  headers: HEADERS,
  errors: ERRORS_SHOWN,
  auth: AUTH,
  partners: PARTNERS,
  resilience: RESILIENCE.prefault({}),
  cache: CACHE.prefault({}),
  singleFlight: SINGLE_FLIGHT.prefault({}),
  audit: AUDIT_CONFIG,
  http: HTTP,
  introspection: INTROSPECTION,
  limits: LIMITS,
  persisted: PERSISTED,
  rates: RATES,
})

export type EdgeConfig = z.infer<typeof EDGE>

/** What a file says; without one, the defaults. Errors: CONFIG_INVALID, whose detail.problems lists every fault with its place. */
export function edgeConfigOf(file: string | undefined): EdgeConfig {
  return file === undefined ? EDGE.parse({}) : parseEdge(readYaml(file), file)
}

/** @param origin named in errors, such as the file's path */
export function parseEdge(value: unknown, origin: string): EdgeConfig {
  const read = EDGE.safeParse(value ?? {})
  if (read.success) return read.data
  const problems = read.error.issues.map(({ path, message }) => ({ path: path.join('.'), problem: message }))
  const lines = problems.map(({ path, problem }) => `${path || 'the file'}: ${problem}`)
  throw new QuesnayError('CONFIG_INVALID', `${origin} has ${problems.length} problem(s): ${lines.join('; ')}`, {
    path: 'QUESNAY_GATEWAY_CONFIG',
    problems,
  })
}

function readYaml(path: string): unknown {
  try {
    return parse(readFileSync(path, 'utf8'))
  } catch (cause) {
    throw new QuesnayError(
      'CONFIG_INVALID',
      `the gateway's configuration ${path} cannot be read: ${(cause as Error).message}`,
      { path: 'QUESNAY_GATEWAY_CONFIG', suggestion: 'give a YAML file that is there; docs/limits.md shows one' },
      { cause },
    )
  }
}
