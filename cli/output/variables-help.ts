// The environment variables, as a help text shows them.
import { VARIABLES } from '../../infra/config.ts'

export function variablesHelp(): string {
  const width = Math.max(...VARIABLES.map(({ name }) => name.length))
  const lines = VARIABLES.map(({ name, say, fallback }) => `  ${name.padEnd(width)}  ${say} Default: ${fallback}.`)
  return ['', 'Environment:', ...lines].join('\n')
}
