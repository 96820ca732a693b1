// Commands that ask the graph: demo, query, run, import.
import { readFileSync } from 'node:fs'
import type { Command } from 'commander'
import { type Config, loadConfig } from '../../infra/config.ts'
import { QuesnayError } from '../../schema/errors.ts'
import type { GraphClient } from '../client.ts'
import { connect } from '../connect.ts'

interface ClientOptions {
  readonly endpoint?: string
  readonly json?: boolean
}

type Work = (client: GraphClient, json: boolean) => Promise<void>

async function withClient(options: ClientOptions, work: Work, config: Config = loadConfig()): Promise<void> {
  const client = await connect(config, options)
  try {
    await work(client, options.json === true)
  } finally {
    await client.close()
  }
}

const asked = (command: Command) =>
  command
    .option('--endpoint <url>', 'graph to ask; else the server that holds the data directory, else one in process')
    .option('--json', 'print JSON for scripts')

export function addClientCommands(program: Command): void {
  asked(program.command('demo'))
    .description('ask the flagship question: a tax reform, its effect on people, economy, health and a portfolio')
    .option('--draws <n>', 'Monte Carlo draws', '1000')
    .action(async (options: ClientOptions & { draws: string }) => {
      const { demo } = await import('./demo.ts')
      await withClient(options, (client, json) => demo(client, { json, draws: Number(options.draws) }))
    })

  asked(program.command('query'))
    .argument('<file>', 'file with one GraphQL operation; - for standard input')
    .option('--variables <json>', 'variables as JSON, or @file', '{}')
    .option('--operation <name>', 'operation to run where the file has several')
    .description('run one operation; a subscription prints a line for each answer')
    .action(async (file: string, options: ClientOptions & { variables: string; operation?: string }) => {
      const { query } = await import('./query.ts')
      const variables = readJson(options.variables, '--variables')
      await withClient(options, (client) => query(client, readText(file), variables, options.operation))
    })

  asked(program.command('run'))
    .argument('[scenario]', 'scenario file (.yaml, .json), or the id of a stored scenario')
    .option('--verify <run>', 'compute the question of a run again and compare the hashes')
    .option('--variables <names>', 'variables to print, with commas between')
    .option('--shards <n>', 'shards to cut; the result does not depend on it')
    .description('run a scenario and print its result')
    .action(async (scenario: string | undefined, options: ClientOptions & RunFlags) => {
      const { run, verify } = await import('./run.ts')
      await withClient(options, (client, json) => {
        if (options.verify) return verify(client, options.verify, json)
        if (scenario) return run(client, scenario, { ...options, json })
        throw new QuesnayError('BAD_INPUT', 'nothing to run', {
          path: 'scenario',
          suggestion: 'give a scenario file, a scenario id, or --verify RUN_ID',
        })
      })
    })

  asked(program.command('import'))
    .argument('<kind>', 'mechanisms, series or prices')
    .argument('<path>', 'mechanisms: folder, .tar.gz or .yaml of a bank; series, prices: a .csv file')
    .option('--name <id>', 'name@version of the bank or data set')
    .option('--about <file>', 'series: YAML with what the columns are; the .yaml beside the .csv where absent')
    .option('--dry-run', 'check and report only')
    .description('import figures; one faulty record and nothing is changed')
    .action(async (kind: string, path: string, options: ClientOptions & ImportFlags) => {
      const { importFile } = await import('./import.ts')
      await withClient(options, (client, json) => importFile(client, kind, path, { ...options, json }))
    })
}

interface ImportFlags {
  readonly name?: string
  readonly about?: string
  readonly dryRun?: boolean
}

interface RunFlags {
  readonly verify?: string
  readonly variables?: string
  readonly shards?: string
}

/** Text of a file, or of standard input for "-". @throws BAD_INPUT */
function readText(path: string): string {
  try {
    return readFileSync(path === '-' ? 0 : path, 'utf8')
  } catch (cause) {
    throw new QuesnayError('BAD_INPUT', `cannot read ${path}`, { path, suggestion: 'check the file name' }, { cause })
  }
}

function readJson(argument: string, path: string): Record<string, unknown> {
  const text = argument.startsWith('@') ? readText(argument.slice(1)) : argument
  try {
    return JSON.parse(text) as Record<string, unknown>
  } catch (cause) {
    const suggestion = `write it as ${path} '{"id":"USA"}'`
    throw new QuesnayError('BAD_INPUT', `${path} is not JSON`, { path, suggestion }, { cause })
  }
}
