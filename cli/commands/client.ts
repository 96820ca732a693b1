// Commands that ask the graph: demo, query, run, import.
import type { Command } from 'commander'
import { systemClock } from '../../infra/clock.ts'
import { type Config, loadConfig } from '../../infra/config.ts'
import { QuesnayError } from '../../schema/errors.ts'
import type { GraphClient } from '../client.ts'
import { connect } from '../connect.ts'
import { withProgress } from '../output/progress.ts'
import { readText, readVariables, wholeNumber } from '../read-input.ts'

interface ClientOptions {
  readonly endpoint?: string
  readonly json?: boolean
}

type Work = (client: GraphClient, json: boolean) => Promise<void>

async function withClient(options: ClientOptions, work: Work, config: Config = loadConfig()): Promise<void> {
  const client = await withProgress(systemClock, 'starting the graph', () => connect(config, options))
  try {
    await work(client, options.json === true)
  } finally {
    await client.close()
  }
}

const asked = (command: Command, ...examples: readonly string[]) =>
  command
    .option('--endpoint <url>', 'graph to ask; else the server that holds the data directory, else one in process')
    .option('--json', 'print JSON for scripts')
    .addHelpText('after', ['', 'Examples:', ...examples.map((example) => `  quesnay ${example}`)].join('\n'))

export function addClientCommands(program: Command): void {
  asked(program.command('demo'), 'demo', 'demo --draws 200 --json')
    .description('ask the flagship question: a tax reform, its effect on people, economy, health and a portfolio')
    .option('--draws <n>', 'Monte Carlo draws', wholeNumber, 1000)
    .action(async (options: ClientOptions & { draws: number }) => {
      const { demo } = await import('./demo.ts')
      await withClient(options, (client, json) => demo(client, { json, draws: options.draws }))
    })

  asked(
    program.command('query'),
    'query examples/first-query.graphql',
    `query question.graphql --variables '{"id":"USA"}'`,
    `query - <<< '{ parameterTrees { id title } }'`,
  )
    .argument('<file>', 'file with one GraphQL operation; - for standard input')
    .option('--variables <json>', 'variables as JSON, or @FILE', '{}')
    .option('--operation <name>', 'operation to run where the file has several')
    .description('run one operation; a subscription prints a line for each answer')
    .action(async (file: string, options: ClientOptions & { variables: string; operation?: string }) => {
      const { query } = await import('./query.ts')
      const variables = readVariables(options.variables)
      const text = readText(file)
      await withClient(options, (client, json) => query(client, text, variables, { ...options, json }))
    })

  asked(program.command('run'), 'run examples/scenario.yaml', 'run my-scenario --json', 'run --verify RUN_ID')
    .argument('[scenario]', 'scenario file (.yaml, .json), or the id of a stored scenario')
    .option('--verify <run>', 'compute the question of a run again and compare the hashes')
    .option('--variables <names>', 'variables to print, with commas between')
    .option('--shards <n>', 'shards to cut; the result does not depend on it', wholeNumber)
    .description('run a scenario and print its result; Ctrl-C cancels it')
    .action(async (scenario: string | undefined, options: ClientOptions & RunFlags) => {
      if (!scenario && !options.verify)
        throw new QuesnayError('BAD_INPUT', 'nothing to run', {
          path: 'scenario',
          suggestion: 'give a scenario file, a scenario id, or --verify RUN_ID',
        })
      const [{ run }, { verify }] = await Promise.all([import('./run.ts'), import('./verify.ts')])
      await withClient(options, (client, json) =>
        options.verify ? verify(client, options.verify, json) : run(client, scenario ?? '', { ...options, json }),
      )
    })

  asked(
    program.command('import'),
    'import mechanisms bank/ --dry-run',
    'import mechanisms bank.tar.gz --name my-bank@1.0.0',
    'import series figures.csv --about figures.yaml',
    'import prices prices.csv',
  )
    .argument('<kind>', 'mechanisms, series or prices')
    .argument('<path>', 'mechanisms: folder, .tar.gz or .yaml of a bank; series, prices: a .csv file')
    .option('--name <id>', 'name@version of the bank or data set')
    .option('--about <file>', 'YAML with what the figures do not say; for a .csv the .yaml beside it where absent')
    .option('--strict', 'mechanisms: take unlisted nodes and repeated ids for faults')
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
  readonly strict?: boolean
  readonly dryRun?: boolean
}

interface RunFlags {
  readonly verify?: string
  readonly variables?: string
  readonly shards?: number
}
