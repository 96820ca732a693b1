// The names of the five subgraphs, for whoever needs no more than that.

export const SUBGRAPH_NAMES = ['parameters', 'mechanisms', 'scenarios', 'economies', 'portfolios'] as const
export type SubgraphName = (typeof SUBGRAPH_NAMES)[number]
