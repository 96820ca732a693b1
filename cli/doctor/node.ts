// Whether this Node is one that Quesnay runs on.
import { type Finding, findings } from './finding.ts'

const { ok, fail } = findings('node')

/** @param needed the range of package.json's engines: `>=20.19` */
export function checkNode(version: string, needed: string): Finding {
  const [have, least] = [numbersOf(version), numbersOf(needed)]
  const differs = least.findIndex((part, i) => part !== (have[i] ?? 0))
  if (differs < 0 || (have[differs] ?? 0) > least[differs]!) return ok(`Node ${version}`)
  return fail(`Node ${version} is older than ${least.join('.')}`, `install Node ${least.join('.')} or later`)
}

const numbersOf = (text: string) => (text.match(/\d+/g) ?? []).map(Number)
