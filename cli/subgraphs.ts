// The five subgraphs, by name.
import { economies } from '../subgraphs/economies/subgraph.ts'
import { mechanisms } from '../subgraphs/mechanisms/subgraph.ts'
import { parameters } from '../subgraphs/parameters/subgraph.ts'
import { portfolios } from '../subgraphs/portfolios/subgraph.ts'
import { scenarios } from '../subgraphs/scenarios/subgraph.ts'

export const SUBGRAPHS = { parameters, mechanisms, scenarios, economies, portfolios } as const
