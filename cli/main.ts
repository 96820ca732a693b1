#!/usr/bin/env node
// The quesnay command: every sub-command is a client of the graph, or starts a part of it.
import { readFileSync } from 'node:fs'
import { Command, CommanderError } from 'commander'
import { packageFile } from '../infra/paths.ts'
import { addAuthorCommands } from './commands/author.ts'
import { addClientCommands } from './commands/client.ts'
import { addReformCommands } from './commands/reform.ts'
import { addServerCommands } from './commands/server.ts'
import { variablesHelp } from './output/variables-help.ts'
import { reportError, usageError } from './report-error.ts'

const { version } = JSON.parse(readFileSync(packageFile('package.json'), 'utf8')) as { version: string }

const program = new Command('quesnay')
  .description('Federated GraphQL for policy and economic simulation: what happens if?')
  .version(version)
  .exitOverride()
  // Faults of the command line are reported below, as every other error is.
  .configureOutput({ outputError: () => {} })
  .addHelpText('after', variablesHelp())

addServerCommands(program)
addClientCommands(program)
addAuthorCommands(program)
addReformCommands(program)

// A reader that has seen enough, such as `head`, closes the pipe: no fault of ours.
for (const stream of [process.stdout, process.stderr])
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error
  })

try {
  await program.parseAsync()
} catch (error) {
  fail(error)
}

function fail(error: unknown): void {
  // Help and version end a command in commander too.
  if (error instanceof CommanderError && (error.exitCode === 0 || error.code === 'commander.help')) {
    process.exitCode = error.exitCode
    return
  }
  const command = program.commands.map((one) => one.name()).find((name) => name === process.argv[2])
  const fault = error instanceof CommanderError ? usageError(error, command) : error
  const { line, exitCode } = reportError(fault, process.argv.includes('--json'))
  process.stderr.write(`${line}\n`)
  process.exitCode = exitCode
}
