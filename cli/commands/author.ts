// Commands for who writes rules: they read files and ask no graph.
import type { Command } from 'commander'

export function addAuthorCommands(program: Command): void {
  const rules = program.command('rules').description('check a rule set, without a graph')
  rules
    .command('check')
    .argument('<folder>', 'folder with rule-set.yaml and rule files')
    .option('--tree <file>', 'file of the parameters; the shipped tree that rule-set.yaml names where absent')
    .option('--json', 'print JSON for scripts')
    .description('say what a rule set holds and what is wrong with it: parameters, formulas, units, statutes')
    .addHelpText('after', '\nExamples:\n  quesnay rules check my-rules --tree my-tree.yaml')
    .action(async (folder: string, options: { tree?: string; json?: boolean }) => {
      const { checkRules } = await import('./rules.ts')
      checkRules(folder, options)
    })
}
