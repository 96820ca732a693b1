// Variables that belong together, such as a certificate and its key.
import type { ConfigProblem, Environment } from './config.ts'

/** A problem where one of a pair is set without the other. */
export function unpaired(env: Environment, pair: readonly [string, string]): ConfigProblem[] {
  const isSet = (variable: string) => Boolean(env[variable]?.trim())
  const [variable, ...more] = pair.filter(isSet)
  if (variable === undefined || more.length > 0) return []
  const other = pair.find((one) => !isSet(one))
  return [{ variable, problem: `is set without ${other}`, fix: `set ${other} too, or neither` }]
}
