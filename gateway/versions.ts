// What an answer rests on: each subgraph says so in `extensions.versions` of its answers, and an operation collects it.
import type { ExecutionResult, FormattedExecutionResult } from 'graphql'
import type { Caller } from '../schema/caller.ts'
import type { Reply } from './edge/step.ts'

/** By subgraph, then by name of what was read (such as `dataset us-nipa`): its version. Empty for a subgraph that says none. */
export type Versions = Readonly<Record<string, Readonly<Record<string, string>>>>
type Collected = Record<string, Record<string, string>>

/** Each execution has a caller of its own, an equal object, which every fetch of it carries. */
const collecting = new WeakMap<Caller, Collected>()

/** The caller to execute as, and what is collected meanwhile. */
export function collectVersions(caller: Caller): { readonly caller: Caller; readonly versions: Versions } {
  const own = { ...caller }
  const versions: Collected = {}
  collecting.set(own, versions)
  return { caller: own, versions }
}

/** Adds what a subgraph's answer says; what is no text is passed over. */
export function noteVersions(caller: Caller, subgraph: string, { extensions }: FormattedExecutionResult): void {
  const collected = collecting.get(caller)
  if (!collected) return
  const known = collected[subgraph] ?? {}
  collected[subgraph] = known
  const said: unknown = extensions?.['versions']
  if (typeof said !== 'object' || said === null) return
  for (const [name, version] of Object.entries(said)) if (typeof version === 'string') known[name] = version
}

export const versionsOf = ({ extensions }: ExecutionResult): Versions =>
  (extensions?.['versions'] as Versions | undefined) ?? {}

/** Moves the versions from the answer to what goes beside it. */
export function takeVersions(answered: ExecutionResult, reply: Reply): ExecutionResult {
  const { extensions, ...answer } = answered
  if (!extensions) return answer
  const { versions, ...others } = extensions
  reply.versions = (versions as Versions | undefined) ?? {}
  return Object.keys(others).length > 0 ? { ...answer, extensions: others } : answer
}
