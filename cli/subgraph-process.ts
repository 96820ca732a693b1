// quesnay subgraph NAME: starts one subgraph in this process.
import { QuesnayError } from '../schema/errors.ts'
import { nearest } from '../schema/nearest.ts'
import { SUBGRAPH_NAMES, type SubgraphName } from '../subgraphs/shared/names.ts'

const MAINS: Record<SubgraphName, () => Promise<unknown>> = {
  parameters: () => import('../subgraphs/parameters/main.ts'),
  mechanisms: () => import('../subgraphs/mechanisms/main.ts'),
  scenarios: () => import('../subgraphs/scenarios/main.ts'),
  economies: () => import('../subgraphs/economies/main.ts'),
  portfolios: () => import('../subgraphs/portfolios/main.ts'),
}

/** @throws BAD_INPUT for a name that is no subgraph */
export async function startSubgraph(name: string): Promise<void> {
  const main = MAINS[name as SubgraphName]
  if (!main)
    throw new QuesnayError('BAD_INPUT', `no subgraph "${name}"`, {
      path: 'name',
      suggestion: `did you mean "${nearest(name, SUBGRAPH_NAMES) ?? SUBGRAPH_NAMES.join('", "')}"?`,
    })
  await main()
}
