// Loads the shipped figures where the tenant has none, or older ones.
import { readFile } from 'node:fs/promises'
import { packageFile } from '../../infra/paths.ts'
import { sha256 } from '../../schema/hash.ts'
import type { SeedDeps } from '../shared/subgraph.ts'
import { readTree } from './rules/read-tree.ts'
import { treeFiles } from './rules/rule-set/shipped.ts'
import type { ParametersStore } from './store.ts'

/** Safe at every start and by several processes: a file that is loaded already is not even parsed. */
export async function seedParameters(store: ParametersStore, { log }: SeedDeps, tenant: string): Promise<void> {
  for (const name of treeFiles()) {
    const text = await readFile(packageFile('subgraphs', 'parameters', 'data', name), 'utf8')
    const hash = sha256(text)
    if (await store.hasTree(tenant, hash)) continue
    const tree = readTree(text)
    await store.saveTree(tenant, tree, hash)
    log.info({ tenant, tree: tree.id, parameters: tree.parameters.length }, 'loaded the shipped parameters')
  }
}
