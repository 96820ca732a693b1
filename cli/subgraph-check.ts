// quesnay subgraph check: what a subgraph would do to the graph, told before it is published.
import { checkSubgraph, type SubgraphCheck } from '../gateway/check/check-subgraph.ts'
import { subgraphsOf } from '../gateway/check/subgraphs-of.ts'
import { edgeConfigOf } from '../gateway/edge/edge-config.ts'
import { openRegistry } from '../gateway/registry/registry.ts'
import { loadConfig } from '../infra/config.ts'
import type { CheckCommandOptions } from './commands/subgraph.ts'
import { describeCheck } from './output/describe-check.ts'
import { nameOf, readText } from './read-input.ts'

/** Prints what was found; the exit code is 1 where a finding is an ERROR. */
export async function checkCommand(file: string, options: CheckCommandOptions): Promise<void> {
  const check = await checkFile(readText(file), options)
  if (options.json) process.stdout.write(`${JSON.stringify(withoutSdl(check))}\n`)
  else process.stdout.write(`${describeCheck(check, nameOf(file))}\n`)
  if (!check.passed) process.exitCode = 1
}

export function checkFile(sdl: string, options: CheckCommandOptions): Promise<SubgraphCheck> {
  const { name, url = '', supergraph, allowBreaking = false } = options
  const { dataDirectory, gatewayConfigFile } = loadConfig()
  const registry = openRegistry(dataDirectory)
  const own = registry.own()
  const { partners } = edgeConfigOf(options.config ?? gatewayConfigFile)
  const isPartner = Object.hasOwn(partners, name) || (!supergraph && own.every((one) => one.name !== name))
  const current = supergraph ? subgraphsOf(readText(supergraph)) : [...own, ...registry.published()]
  return checkSubgraph({ name, url, sdl }, current, { allowBreaking, ...(isPartner ? { grants: partners } : {}) })
}

export const withoutSdl = ({ passed, findings, plans }: SubgraphCheck) => ({ passed, findings, plans })
