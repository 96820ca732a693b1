// Commands that ask the graph: demo, query, run, top, model, tax, import, export, diff.
import { type Command, Option } from 'commander'
import { systemClock } from '../../infra/clock.ts'
import { type Config, loadConfig } from '../../infra/config.ts'
import { QuesnayError } from '../../schema/errors.ts'
import type { GraphClient } from '../client.ts'
import { connect } from '../connect.ts'
import { withProgress } from '../output/progress.ts'
import { readText, readVariables, wholeNumber } from '../read-input.ts'
import { decimal, readMethod, readNames, readSetting, readVariation } from '../read-options.ts'
import { assertWritable } from '../write-file.ts'
import type { RunOptions } from './run.ts'
import type { TaxOptions } from './tax.ts'
import type { TopOptions } from './top.ts'

export interface ClientOptions {
  readonly endpoint?: string
  readonly json?: boolean
  readonly quiet?: boolean
}

type Work = (client: GraphClient, json: boolean) => Promise<void>

/** Asks the graph that the options name, and leaves it. */
export async function withClient(options: ClientOptions, work: Work, config: Config = loadConfig()): Promise<void> {
  const start = () => connect(config, options)
  const client = await (options.quiet ? start() : withProgress(systemClock, 'starting the graph', start))
  try {
    await work(client, options.json === true)
  } finally {
    await client.close()
  }
}

/** With the options of every command that asks the graph. */
export const asked = (command: Command, ...examples: readonly string[]) =>
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

  asked(
    program.command('run'),
    'run model.xmile --out results.csv',
    'run model.xmile --out - | head',
    'run model.mdl --method rk4 --dt 1/32 --set "Contact Rate=0.4" --variables "Infectious,Recovered"',
    'run model.yaml --vary "growth=normal(0.03, 0.01)" --draws 1000 --seed 7 --out results.arrow',
    'run examples/scenario.yaml',
    'run my-scenario --json',
    'run --verify RUN_ID',
  )
    .argument(
      '[subject]',
      'model file (.xmile, .stmx, .mdl, .yaml), scenario file (.yaml, .json), - for standard input, or the id of a stored scenario',
    )
    .option('--verify <run>', 'compute the question of a run again and compare the hashes')
    .option(
      '--variables <names>',
      'variables to save and print, with commas between; an array stands for its elements',
      readNames,
    )
    .option('--out <file>', 'write the result to a .csv, .json or .arrow file; - writes CSV to standard output')
    .option('--quiet', 'print no progress, notes or summary')
    .option('--set <name=value>', 'model: set a variable to a number; may be repeated', readSetting)
    .option('--vary <name=dist>', 'model: draw a variable, as in "x=normal(1, 0.2)"; may be repeated', readVariation)
    .option('--draws <n>', 'model: Monte Carlo draws; 1, or 1000 where something is random', wholeNumber)
    .option('--seed <n>', 'model: seed of the draws')
    .option('--method <name>', 'model: method of integration: euler, rk2 or rk4', readMethod)
    .option('--dt <time>', 'model: length of a step, as 0.25 or 1/4', decimal)
    .option('--start <time>', 'model: time to start at', decimal)
    .option('--stop <time>', 'model: time to stop at', decimal)
    .option('--save-every <time>', 'model: time between saved values', decimal)
    .option('--shards <n>', 'shards to cut; the result does not depend on it', wholeNumber)
    .description('run a model or a scenario and print its result; Ctrl-C cancels it')
    .action(async (subject: string | undefined, options: ClientOptions & RunFlags) => {
      if (!subject && !options.verify)
        throw new QuesnayError('BAD_INPUT', 'nothing to run', {
          path: 'subject',
          suggestion: 'give a model file, a scenario file, a scenario id, or --verify RUN_ID',
        })
      const [{ prepareRun }, { verify }] = await Promise.all([import('./run.ts'), import('./verify.ts')])
      const { verify: runId, json = false } = options
      const work: Work = runId
        ? (client) => verify(client, runId, json)
        : prepareRun(subject ?? '', { ...options, json })
      await withClient(options, work)
    })

  asked(
    program.command('top'),
    'top',
    'top --endpoint http://127.0.0.1:4000 --interval 5',
    'top --once',
    'top --json | jq .backlogSeconds',
  )
    .option('--interval <seconds>', 'time between two looks', decimal, 1)
    .option('--runs <n>', 'runs to show, at most 200', wholeNumber, 50)
    .option('--once', 'print one table and end, as where the output is no terminal')
    .description('watch the fleet: workers, queues and runs; q quits, p pauses, s sorts, enter shows shards, c cancels')
    .action(async (options: ClientOptions & Omit<TopOptions, 'json'>) => {
      const { checkTop, top } = await import('./top.ts')
      const given = { ...options, json: options.json === true }
      checkTop(given)
      await withClient(options, (client) => top(client, given))
    })

  const model = program.command('model').description('check or convert a model file, without running it')
  asked(model.command('check'), 'model check model.xmile')
    .argument('<file>', 'model file (.xmile, .stmx, .mdl, .yaml); - for standard input')
    .description('say what the file holds and what is wrong with it: equations, units, what cannot be run')
    .action(async (file: string, options: ClientOptions) => {
      const [{ checkModel }, { readModelFile }] = await Promise.all([import('./model.ts'), import('../model-file.ts')])
      const model = readModelFile(file)
      await withClient(options, (client, json) => checkModel(client, model, json))
    })
  asked(model.command('convert'), 'model convert model.mdl --to xmile --out model.xmile')
    .argument('<file>', 'model file (.xmile, .stmx, .mdl, .yaml); - for standard input')
    .addOption(new Option('--to <format>', 'form to write').choices(['xmile']).default('xmile'))
    .option('--out <file>', 'file to write; standard output where absent')
    .description('write a model as XMILE 1.0')
    .action(async (file: string, options: ClientOptions & { out?: string }) => {
      const [{ convertModel }, { readModelFile }] = await Promise.all([
        import('./model.ts'),
        import('../model-file.ts'),
      ])
      const model = readModelFile(file)
      if (options.out !== undefined) assertWritable(options.out)
      await withClient(options, (client) => convertModel(client, model, options.out))
    })

  asked(
    program.command('tax'),
    'tax --year 2024 --in units.csv --out answers.csv',
    'tax --year 2026 --in units.csv.gz --columns iitax,payrolltax | head',
    'tax --year 2026 --in units.csv --reform my-reform --out reformed.csv',
    'tax --year 2025 --rule-set uk --in families.csv --all',
  )
    .requiredOption('--year <year>', 'year whose law counts', wholeNumber)
    .requiredOption('--in <file>', '.csv file (or .csv.gz) with a line for each unit; - for standard input')
    .option('--out <file>', 'file to write; - for standard output', '-')
    .option('--rule-set <id>', 'rules to apply', 'us-federal')
    .option('--reform <id>', 'the law with this reform, instead of the law as it is')
    .option('--columns <names>', 'answers to write, with commas between', readNames)
    .option('--all', 'write every answer that there is')
    .option('--mapping <name>', 'whose names columns and answers have; taxcalc where there is it, own for ours')
    .option('--quiet', 'print no progress and no summary')
    .description('apply tax rules to the units of a CSV file; columns are named as in Tax-Calculator')
    .action(async (options: ClientOptions & Omit<TaxOptions, 'json'>) => {
      const { prepareTax } = await import('./tax.ts')
      await withClient(options, prepareTax({ ...options, json: options.json === true }))
    })

  asked(
    program.command('import'),
    'import mechanisms bank/ --dry-run',
    'import mechanisms bank.tar.gz --name my-bank@1.0.0',
    'import parameters policyengine_us/parameters --name us-source --dry-run',
    'import series figures.csv --about figures.yaml',
    'import prices prices.csv',
    'import population units.parquet --about about.yaml',
  )
    .argument('<kind>', 'mechanisms, parameters, series, prices or population')
    .argument(
      '<path>',
      'mechanisms, parameters: folder or .tar.gz; series, prices: a .csv file; population: CSV, Arrow or Parquet',
    )
    .option('--name <id>', 'name@version of the bank or data set; id of the tree or population')
    .option(
      '--about <file>',
      'YAML with what the figures do not say; for figures the .yaml beside the file where absent',
    )
    .option('--strict', 'mechanisms: take unlisted nodes and repeated ids for faults')
    .option('--dry-run', 'check and report only')
    .description('import figures; one faulty record and nothing is changed')
    .action(async (kind: string, path: string, options: ClientOptions & ImportFlags) => {
      const { importFile } = await import('./import.ts')
      await withClient(options, (client, json) => importFile(client, kind, path, { ...options, json }))
    })

  addParameterCommands(program)
}

/** Commands of trees of parameters beside their import. */
function addParameterCommands(program: Command): void {
  const exporting = program.command('export').description('write what the graph holds as files of another program')
  asked(exporting.command('parameters'), 'export parameters us-federal --dialect policyengine --out tree/')
    .argument('<tree>', 'id of the tree')
    .addOption(
      new Option('--dialect <name>', 'program that is to read them')
        .choices(['openfisca', 'policyengine'])
        .makeOptionMandatory(),
    )
    .requiredOption('--out <folder>', 'folder to write, new or empty')
    .option('--prefix <path>', 'only what lies below this path, which files and ids begin after')
    .description('write a tree of parameters as YAML files')
    .action(async (tree: string, options: ClientOptions & { dialect: string; out: string; prefix?: string }) => {
      const { exportParameters } = await import('./parameters.ts')
      await withClient(options, (client, json) => exportParameters(client, tree, { ...options, json }))
    })

  const comparing = program.command('diff').description('say what differs between two things that the graph holds')
  asked(
    comparing.command('parameters'),
    'diff parameters us-federal us-source --mapping ids.yaml',
    'diff parameters us-federal us-source --from 2024 --to 2026 --tolerance 0.5 --json',
  )
    .argument('<here>', 'id of the first tree')
    .argument('<there>', 'id of the second tree')
    .option('--mapping <file>', 'YAML with ids of the first tree and what they are in the second: "a.b: x.y"')
    .option('--from <date>', 'first day compared')
    .option('--to <date>', 'last day compared')
    .option('--tolerance <n>', 'numbers are equal that lie no further apart', decimal)
    .description('compare two trees of parameters, such as one law from two sources')
    .action(async (here: string, there: string, options: ClientOptions & DiffFlags) => {
      const { diffParameters } = await import('./parameters.ts')
      await withClient(options, (client, json) => diffParameters(client, here, there, { ...options, json }))
    })
}

interface DiffFlags {
  readonly mapping?: string
  readonly from?: string
  readonly to?: string
  readonly tolerance?: number
}

interface ImportFlags {
  readonly name?: string
  readonly about?: string
  readonly strict?: boolean
  readonly dryRun?: boolean
}

interface RunFlags extends Omit<RunOptions, 'json'> {
  readonly verify?: string
}
