// The five subgraphs, by name.
import { economies } from '../subgraphs/economies/subgraph.ts'
import { mechanisms } from '../subgraphs/mechanisms/subgraph.ts'
import { parameters } from '../subgraphs/parameters/subgraph.ts'
import { portfolios } from '../subgraphs/portfolios/subgraph.ts'
import { scenarios } from '../subgraphs/scenarios/subgraph.ts'
import type { SubgraphName } from '../subgraphs/shared/names.ts'
import type { SubgraphDefinition } from '../subgraphs/shared/subgraph.ts'

// biome-ignore lint/suspicious/noExplicitAny: each has a store and loaders of its own; opening one pairs them up.
type AnyDefinition = SubgraphDefinition<any, any>

export const SUBGRAPHS: Readonly<Record<SubgraphName, AnyDefinition>> = {
  parameters,
  mechanisms,
  scenarios,
  economies,
  portfolios,
}
