// A rule set as plain data: the law of one country as formulas over the data of a unit and the parameters of a tree.
import type { Model } from '../../../../compute/model/model.ts'
import type { SourceModel } from '../../../../compute/model/source/source.ts'

/** One datum of a unit, such as `wages[head]`. */
export interface RuleColumn {
  /** Of an array the name of one element. */
  readonly name: string
  readonly unit: string
  readonly label: string
  /** Where a data set or a question has none; null: it must be given. */
  readonly default: number | null
  readonly min: number | null
  readonly max: number | null
  /** Whole numbers alone: counts and codes. */
  readonly integer: boolean
}

/** A parameter of the tree, by the name that formulas have for it. */
export interface RuleParameter {
  readonly name: string
  /** Id in the tree. */
  readonly id: string
  readonly unit: string
  /** Inputs of the plan, one for each cell of the parameter's vector, in their order. */
  readonly inputs: readonly string[]
}

export interface Rule {
  readonly name: string
  readonly unit: string
  readonly label: string
  /** The statute. */
  readonly reference: string
  /** As it stands in the file; of elements that differ, one a line. */
  readonly formula: string
  /** File of the rule set. */
  readonly file: string
  /** Names of the results: the name itself, or of an array its elements. */
  readonly elements: readonly string[]
}

/** A heading of the budget: TAX is revenue, BENEFIT an outlay. */
export interface RuleProgramme {
  readonly name: string
  readonly variable: string
  readonly kind: 'TAX' | 'BENEFIT'
}

/** What the analysis of a population reads; names of columns, rules and elements. */
export interface RulePopulation {
  readonly weight: string
  /** How many persons a unit has. */
  readonly persons: string
  readonly marketIncome: string
  readonly netIncome: string
  /** What employers pay beside wages, as part of full compensation; null where the rules do not say. */
  readonly employerContributions: string | null
  /** Earnings whose change by a step gives marginal rates. */
  readonly earnings: readonly string[]
  /** Columns of whole numbers that results are broken down by, such as a state. */
  readonly groups: readonly { readonly name: string; readonly column: string }[]
  readonly programmes: readonly RuleProgramme[]
}

export interface RuleSet {
  readonly id: string
  readonly title: string
  readonly description: string
  readonly treeId: string
  readonly country: string
  readonly currency: string
  /** What a lane is, such as "tax unit". */
  readonly unit: string
  readonly years: { readonly first: number; readonly last: number }
  /** MM-DD: the law of this day of a year is that of the year. */
  readonly lawOf: string
  readonly columns: readonly RuleColumn[]
  readonly parameters: readonly RuleParameter[]
  readonly rules: readonly Rule[]
  readonly population: RulePopulation
  readonly source: SourceModel
  /** All of it, names and formulas resolved; its outputs are all rules. */
  readonly model: Model
  /** SHA-256 of the files and of what they use of the tree. */
  readonly hash: string
}

/** A reform may put another formula in the place of a rule's. */
export interface FormulaChange {
  readonly ruleSet: string
  /** Name of the rule, or of one element of it. */
  readonly variable: string
  readonly formula: string
}
