// quesnay subgraph publish, list and remove: the registry of a data directory.
import { openRegistry } from '../gateway/registry/registry.ts'
import { loadConfig } from '../infra/config.ts'
import { QuesnayError } from '../schema/errors.ts'
import type { PublishCommandOptions } from './commands/subgraph.ts'
import { describeCheck } from './output/describe-check.ts'
import { table } from './output/table.ts'
import { nameOf, readText } from './read-input.ts'
import { checkFile, withoutSdl } from './subgraph-check.ts'

const registry = () => openRegistry(loadConfig().dataDirectory)
const say = (json: boolean | undefined, value: object, text: string) =>
  void process.stdout.write(`${json ? JSON.stringify(value) : text}\n`)

/** Publishes what passes the check; what does not is told, and BAD_INPUT. Nobody else publishes between the two. */
export async function publishCommand(file: string, options: PublishCommandOptions): Promise<void> {
  const { name, url, json } = options
  const sdl = readText(file)
  const { alone, publish, supergraphFile } = registry()
  const check = await alone(async () => {
    const found = await checkFile(sdl, options)
    if (found.passed) publish({ name, url, sdl })
    return found
  })
  if (!check.passed) {
    if (!json) process.stdout.write(`${describeCheck(check, nameOf(file))}\n`)
    throw new QuesnayError('BAD_INPUT', `${nameOf(file)} was not published`, {
      path: file,
      suggestion: 'mend what is marked ERROR; --allow-breaking lets pass what breaks clients',
      findings: check.findings.filter(({ severity }) => severity === 'ERROR'),
    })
  }
  const text = `${describeCheck(check, nameOf(file))}\npublished ${name} at ${url}: ${supergraphFile}`
  say(json, { published: name, url, supergraph: supergraphFile, ...withoutSdl(check) }, text)
}

export function listCommand({ json }: { readonly json?: boolean }): void {
  const subgraphs = registry()
    .published()
    .map(({ name, url }) => ({ name, url }))
  const rows = subgraphs.map(({ name, url }) => [name, url])
  say(json, subgraphs, rows.length > 0 ? table(['subgraph', 'URL'], rows) : 'no subgraph is published here')
}

export async function removeCommand(name: string, { json }: { readonly json?: boolean }): Promise<void> {
  const { alone, remove } = registry()
  await alone(() => remove(name))
  say(json, { removed: name }, `removed ${name}`)
}
