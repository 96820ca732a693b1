// quesnay reform: what reforms do to a population.
import type { Command } from 'commander'
import { wholeNumber } from '../read-input.ts'
import { decimal, readNames } from '../read-options.ts'
import { asked, type ClientOptions, withClient } from './client.ts'
import type { ReformRunOptions } from './reform-run.ts'

export function addReformCommands(program: Command): void {
  const reform = program.command('reform').description('reforms of the law')
  asked(
    reform.command('run'),
    'reform run my-reform',
    'reform run my-reform other-reform --population us-synthetic --year 2026 --step 1000',
    'reform run reform.yaml --elasticity 0.25 --out deciles.csv',
    'reform run my-reform --by state --json',
  )
    .argument('<reform...>', 'ids of stored reforms, or files (.yaml, .json) with the members of CreateReformInput')
    .option('--population <id>', 'units to compute; the example population of the rules where absent')
    .option('--year <year>', 'tax year; the last that the rules are for where absent', wholeNumber)
    .option('--rules <id>', 'rule set', 'us-federal')
    .option('--step <amount>', 'measure marginal rates with earnings raised by so much a year', decimal)
    .option('--elasticity <e>', 'let earnings respond to net-of-tax rates', decimal)
    .option('--poverty-line <amount>', 'count the poor below this line too, in money a year', decimal)
    .option('--households', 'rank and compare households instead of units')
    .option('--by <names>', 'ways of grouping to break results down by, with commas between', readNames)
    .option('--out <file>', 'write the deciles to a .csv file; - for standard output')
    .option('--quiet', 'print no progress, notes or summary')
    .description('compute a population under the law and under each reform, in one pass; Ctrl-C cancels it')
    .action(async (reforms: string[], options: ClientOptions & ReformRunOptions) => {
      const { prepareReformRun } = await import('./reform-run.ts')
      await withClient(options, prepareReformRun(reforms, { ...options, json: options.json === true }))
    })
}
