// The compiled rules as one law sees them: names without the side, equations over such names.
import { renameReferences } from '../../../../../compute/model/expressions.ts'
import type { Expression, Model, Variable } from '../../../../../compute/model/model.ts'
import type { SourceModel } from '../../../../../compute/model/source/source.ts'
import { withFormulas } from '../../rule-set/formula-changes.ts'
import { inputName } from '../../rule-set/rule-model.ts'
import { type Compiled, LawSide, REFORM } from '../compile.ts'
import type { Laws } from '../laws.ts'

export interface LawView {
  readonly laws: Laws
  readonly side: LawSide
  readonly tables: Model['tables']
  /** The rules as written, replaced formulas in their place. */
  readonly source: SourceModel
  /** Nobody wrote it by itself: neither a column nor a rule. */
  readonly isPart: (name: string) => boolean
  /** The variable of the compiled model that stands for a name; undefined where there is none. */
  readonly variableOf: (name: string) => Variable | undefined
  /** Its equation; undefined for data, parameters and numbers. */
  readonly equationOf: (name: string) => Expression | undefined
}

const ending = inputName('', REFORM)

export function lawView(laws: Laws, { model }: Compiled, side: LawSide): LawView {
  const isReform = side === LawSide.REFORM && laws.reform !== null
  const byName = new Map(model.variables.map((variable) => [variable.name, variable]))
  const variableOf = (name: string) => (isReform ? byName.get(inputName(name, REFORM)) : undefined) ?? byName.get(name)
  const { columns, rules } = laws.ruleSet
  const own = new Set([...columns.map(({ name }) => name), ...rules.flatMap(({ elements }) => elements)])
  return {
    laws,
    side,
    isPart: (name) => !own.has(name),
    tables: model.tables,
    source: isReform ? withFormulas(laws.ruleSet, laws.reform.formulas) : laws.ruleSet.source,
    variableOf,
    equationOf(name) {
      const variable = variableOf(name)
      if (variable?.kind !== 'auxiliary') return undefined
      return renameReferences(variable.equation, (read) =>
        read.endsWith(ending) ? read.slice(0, -ending.length) : read,
      )
    },
  }
}
