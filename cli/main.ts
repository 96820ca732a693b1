#!/usr/bin/env node
// The quesnay command: every sub-command is a client of the graph, or starts a part of it.
import { readFileSync } from 'node:fs'
import { Command, CommanderError } from 'commander'
import { packageFile } from '../infra/paths.ts'
import { addClientCommands } from './commands/client.ts'
import { addServerCommands } from './commands/server.ts'
import { reportError } from './report-error.ts'

const { version } = JSON.parse(readFileSync(packageFile('package.json'), 'utf8')) as { version: string }

const program = new Command('quesnay')
  .description('Federated GraphQL for policy and economic simulation: what happens if?')
  .version(version)
  .exitOverride()
  .showHelpAfterError('(quesnay --help lists the commands)')

addServerCommands(program)
addClientCommands(program)

try {
  await program.parseAsync()
} catch (error) {
  if (error instanceof CommanderError) process.exitCode = error.exitCode
  else {
    const { line, exitCode } = reportError(error, process.argv.includes('--json'))
    process.stderr.write(`${line}\n`)
    process.exitCode = exitCode
  }
}
