// Findings of the graph as lines of text.
import { table } from './table.ts'

export interface Finding {
  readonly severity: string
  readonly code: string
  readonly path: string | null
  readonly message: string
  readonly suggestion: string | null
}

/** Selects what describeFindings shows. */
export const FINDINGS = 'findings { severity code path message suggestion }'

/** Faults printed at most, and examples of each other kind; --json prints all. */
const MOST_FAULTS = 40
const EXAMPLES = 2
const BY_GRAVITY = ['ERROR', 'WARNING', 'INFO']

export const findingLine = ({ severity, code, path, message, suggestion }: Finding) =>
  `${severity} ${code}${path ? ` ${path}` : ''}: ${message}${suggestion ? ` (${suggestion})` : ''}`

/** How many there are of each kind, then every fault, then a few examples of each warning; '' where there are none. */
export function describeFindings(findings: readonly Finding[]): string {
  const kinds = new Map<string, Finding[]>()
  for (const finding of findings) {
    const kind = `${finding.severity} ${finding.code}`
    kinds.set(kind, [...(kinds.get(kind) ?? []), finding])
  }
  const sorted = [...kinds].sort(([, [a]], [, [b]]) => gravity(a) - gravity(b))
  const faults = findings.filter(({ severity }) => severity === 'ERROR')
  const warnings = sorted.flatMap(([, [first, ...rest]]) =>
    first?.severity === 'WARNING' ? [first, ...rest].slice(0, EXAMPLES) : [],
  )
  const shown = [...faults.slice(0, MOST_FAULTS), ...warnings]
  const counts = sorted.map(([kind, of]) => [kind, of.length])
  return [
    ...(findings.length > shown.length ? [table(['finding', 'count'], counts), ''] : []),
    ...shown.map(findingLine),
    ...(findings.length > shown.length ? [`${findings.length - shown.length} more findings; --json prints all`] : []),
  ].join('\n')
}

const gravity = (finding: Finding | undefined) => BY_GRAVITY.indexOf(finding?.severity ?? '')
