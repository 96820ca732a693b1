// The wages-only question: the slice of US federal tax, a reform of it against the law, budget and deciles.
import { readFileSync } from 'node:fs'
import { lower } from '../../../compute/model/lowering/lower.ts'
import { packageFile } from '../../../infra/paths.ts'
import { deriveExamplePopulation } from '../../../subgraphs/parameters/rules/example-population.ts'
import { lawOn, type ReformChange, reformedOn } from '../../../subgraphs/parameters/rules/overlay.ts'
import { readTree } from '../../../subgraphs/parameters/rules/read-tree.ts'
import { buildSlice, sliceInputs } from '../../../subgraphs/parameters/rules/us-federal-slice/model.ts'
import { generator, type MicrosimQuestion } from './question.ts'

const DAY = '2026-01-01'
const OUTPUTS = ['weight', 'net_tax@baseline', 'net_tax@change', 'net_income@baseline', 'net_income@change']

export function wagesQuestion(units: number): MicrosimQuestion {
  const tree = readTree(readFileSync(packageFile('subgraphs', 'parameters', 'data', 'us-federal.yaml'), 'utf8'))
  const law = lawOn(tree, DAY)
  const next = generator(7)
  const { columns } = deriveExamplePopulation(() => next(), units)
  return {
    name: 'wages only',
    plan: lower({ ...buildSlice(), outputs: OUTPUTS }),
    columns,
    inputs: (n) => {
      const id = 'us.federal.income_tax.brackets.7.rate'
      const change = { parameter: id, from: DAY, values: [0.38 + n / 1000] } as unknown as ReformChange
      return sliceInputs(law, reformedOn(law, [change], DAY))
    },
    spec: {
      kind: 'POPULATION',
      weight: 'weight',
      sums: OUTPUTS.slice(1),
      groups: [],
      ranks: { by: 'net_income@baseline', weight: 'weight', count: 10 },
      ranked: OUTPUTS.slice(1),
      distributions: [],
      poverty: [],
      link: null,
    },
  }
}
