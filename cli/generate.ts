// Makes the generated files of the repository: the five SDLs, the supergraph, and the pages of error codes and metrics.
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import 'reflect-metadata'
import { composeSupergraph } from '../gateway/compose.ts'
import { metricsDocument } from '../infra/metrics-table.ts'
import { packageFile } from '../infra/paths.ts'
import { ERRORS } from '../schema/errors.ts'
import { buildDefinition } from '../subgraphs/shared/subgraph.ts'
import { SUBGRAPHS } from './subgraphs.ts'

/** Port of each subgraph in the committed supergraph; a deployment overrides the URLs by configuration. */
const FIRST_PORT = 4001

/** Text of every generated file, by its path in the package. */
export function generateFiles(): Map<string, string> {
  const services = Object.values(SUBGRAPHS).map((definition, index) => ({
    name: definition.name,
    url: `http://127.0.0.1:${FIRST_PORT + index}/graphql`,
    sdl: buildDefinition(definition).sdl,
  }))
  const files = new Map(services.map(({ name, sdl }) => [`schema/sdl/${name}.graphql`, sdl]))
  files.set('schema/sdl/supergraph.graphql', composeSupergraph(services))
  files.set('docs/errors.md', errorPage())
  files.set('docs/metrics.md', metricsDocument())
  return files
}

function errorPage(): string {
  const rows = Object.entries(ERRORS).map(
    ([code, { status, retry, say }]) => `| ${code} | ${status} | ${retry ? 'yes' : 'no'} | ${say} |`,
  )
  return [
    '# Error codes',
    '',
    'Generated from schema/errors.ts by `npm run generate`. An error on the wire carries `extensions { code, detail }`;',
    '`detail.path` names the argument or variable, `detail.suggestion` the fix.',
    '',
    '| code | HTTP status | try again | meaning |',
    '|---|---|---|---|',
    ...rows,
    '',
  ].join('\n')
}

if (process.argv[1] === fileURLToPath(import.meta.url))
  for (const [path, text] of generateFiles()) {
    mkdirSync(dirname(packageFile(path)), { recursive: true })
    writeFileSync(packageFile(path), text)
    console.log(path)
  }
