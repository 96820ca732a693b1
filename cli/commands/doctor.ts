// quesnay doctor: what is there, what is missing, and what to do about it.
import type { Command } from 'commander'
import { type ConfigProblem, loadConfig } from '../../infra/config.ts'
import { createLog } from '../../infra/log.ts'
import { QuesnayError } from '../../schema/errors.ts'
import { type Finding, findings } from '../doctor/finding.ts'
import { printable } from '../output/printable.ts'
import { variablesHelp } from '../output/variables-help.ts'

export function addDoctorCommand(program: Command): void {
  program
    .command('doctor')
    .description('look at this machine, the database, the bus and the workers: what is missing, and what to do')
    .option('--json', 'print one JSON object')
    .addHelpText('after', '\nThe exit code is 1 where something does not work. Nothing is changed.')
    .addHelpText('after', variablesHelp())
    .action(async ({ json }: { json?: boolean }) => {
      const found = await look()
      const failed = found.some(({ level }) => level === 'fail')
      const report = json ? JSON.stringify({ healthy: !failed, findings: found }) : describe(found)
      process.stdout.write(`${report}\n`)
      if (failed) process.exitCode = 1
    })
}

/** A configuration that cannot be read is what is found. */
async function look(): Promise<readonly Finding[]> {
  try {
    const config = loadConfig()
    const { examine } = await import('../doctor/examine.ts')
    return await examine(config, createLog('fatal'))
  } catch (error) {
    const problems =
      error instanceof QuesnayError && error.code === 'CONFIG_INVALID' ? error.detail['problems'] : undefined
    if (!problems) throw error
    const { fail } = findings('configuration')
    return (problems as ConfigProblem[]).map(({ variable, problem, fix }) => fail(`${variable} ${problem}`, fix))
  }
}

/** A line a finding, and below it what to do. */
export function describe(found: readonly Finding[]): string {
  const width = Math.max(...found.map(({ check }) => check.length))
  const lines = found.flatMap(({ check, level, say, fix }) => {
    const hint = fix === undefined ? [] : [`${' '.repeat(width + 8)}${level === 'ok' ? 'hint' : 'fix'}: ${fix}`]
    return [`${level.padEnd(4)}  ${check.padEnd(width)}  ${say}`, ...hint]
  })
  return lines.map(printable).join('\n')
}
