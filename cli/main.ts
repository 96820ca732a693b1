#!/usr/bin/env node
// The quesnay command: every sub-command is a client of the graph, or starts a part of it.
import { Command, CommanderError } from 'commander'
import { packageVersion } from '../infra/version.ts'
import { addAccessCommands } from './commands/access.ts'
import { addAuditCommands } from './commands/audit.ts'
import { addAuthorCommands } from './commands/author.ts'
import { addClientCommands } from './commands/client.ts'
import { addDoctorCommand } from './commands/doctor.ts'
import { addFleetCommands } from './commands/fleet.ts'
import { addKernelCommands } from './commands/kernels.ts'
import { addOperationsCommands } from './commands/operations.ts'
import { addReformCommands } from './commands/reform.ts'
import { addServerCommands } from './commands/server.ts'
import { variablesHelp } from './output/variables-help.ts'
import { reportError, usageError } from './report-error.ts'

const program = new Command('quesnay')
  .description('Federated GraphQL for policy and economic simulation: what happens if?')
  .version(packageVersion)
  .exitOverride()
  // Faults of the command line are reported below, as every other error is.
  .configureOutput({ outputError: () => {} })
  .addHelpText('after', variablesHelp())

addServerCommands(program)
addDoctorCommand(program)
addClientCommands(program)
addAuthorCommands(program)
addReformCommands(program)
addFleetCommands(program)
addAuditCommands(program)
addKernelCommands(program)
addOperationsCommands(program)
addAccessCommands(program)

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
  const fault =
    error instanceof CommanderError ? usageError(error, namedCommand(program, process.argv.slice(2))) : error
  const { line, exitCode } = reportError(fault, process.argv.includes('--json'))
  process.stderr.write(`${line}\n`)
  process.exitCode = exitCode
}

/** The command that the first words name, such as `tenant set`; empty where they name none. */
function namedCommand(command: Command, words: readonly string[]): string {
  const [word, ...others] = words
  const child = command.commands.find((one) => one.name() === word)
  return child ? `${word} ${namedCommand(child, others)}`.trim() : ''
}
