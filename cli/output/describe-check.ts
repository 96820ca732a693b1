// What the check of a subgraph found, for a person: findings with their lines, then plans.
import type { SubgraphCheck } from '../../gateway/check/check-subgraph.ts'
import type { Finding as CheckFinding } from '../../gateway/check/finding.ts'
import { describeFindings, type Finding } from './findings.ts'

/** @param file what the subgraph's file is called in it */
export function describeCheck({ passed, findings, plans }: SubgraphCheck, file: string): string {
  const placed = findings.map((finding) => inFile(finding, file))
  const told = describeFindings(placed.filter(({ severity }) => severity !== 'INFO'))
  const changes = placed.filter(({ severity }) => severity === 'INFO').map(({ message }) => `  ${message}`)
  return [
    ...(told === '' ? [] : [told, '']),
    ...(changes.length > 0 ? ['changes:', ...changes, ''] : []),
    ...plans.flatMap(({ path, operation, plan, depth, fetches }) => [
      `${path}: ${plan} (${fetches} ${fetches === 1 ? 'request' : 'requests'}, ${depth} in a row)`,
      `  ${operation}`,
    ]),
    ...(plans.length > 0 ? [''] : []),
    passed ? `${file} passes` : `${file} does not pass`,
  ].join('\n')
}

function inFile({ line, path, ...finding }: CheckFinding, file: string): Finding {
  const place = line === undefined ? '' : `${file}:${line}`
  return { ...finding, path: [place, path ?? ''].filter((part) => part !== '').join(' ') || null }
}
