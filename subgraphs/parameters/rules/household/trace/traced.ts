// A trace as plain data: how a number came about, variable by variable.

/** RULE: a variable of the rule set. COLUMN: a datum. PARAMETER: a figure of the law. PART: a step within a rule: of a macro, or what it is given. */
export const OperandKind = { RULE: 'RULE', COLUMN: 'COLUMN', PARAMETER: 'PARAMETER', PART: 'PART' } as const
export type OperandKind = (typeof OperandKind)[keyof typeof OperandKind]

/** A figure of the law on the day, and since when and from where it is so. */
export interface TracedParameter {
  /** Id in the tree. */
  readonly id: string
  /** The cell of its vector, such as "JOINT"; "ALL" where it has one value. */
  readonly cell: string
  /** null: no limit. */
  readonly value: number | null
  /** First day it holds. */
  readonly from: string
  /** Law or publication that brought it, or the reform. */
  readonly source: string | null
  /** Whether the reform sets it. */
  readonly reformed: boolean
}

export interface TraceOperand {
  readonly kind: OperandKind
  /** As formulas name it, of an array the element. */
  readonly name: string
  readonly label: string
  readonly value: number | null
  readonly unit: string | null
  /** False in the branch of a choice that was not taken: its value did not count. */
  readonly used: boolean
  /** Id of its node, where the trace goes that deep. */
  readonly node: string | null
  readonly parameter: TracedParameter | null
}

/** A schedule of brackets that was read at a value. */
export interface TracedSchedule {
  readonly name: string
  /** The variable or number that it was read at, and its value. */
  readonly readAt: string
  readonly at: number
  /** From 1; 0 below the first threshold. */
  readonly bracket: number
  /** One per bracket; null: no limit. */
  readonly thresholds: readonly (number | null)[]
  /** Rates or amounts, one per bracket. */
  readonly values: readonly (number | null)[]
  readonly unit: string | null
  /** In the order of the brackets, thresholds before values; plain numbers of the rules are not among them. */
  readonly parameters: readonly TracedParameter[]
}

export interface TraceNode {
  /** Its name. */
  readonly id: string
  readonly kind: 'RULE' | 'COLUMN' | 'PART'
  readonly name: string
  readonly label: string
  readonly value: number | null
  readonly unit: string | null
  /** null for data. */
  readonly formula: string | null
  /** The statute. */
  readonly reference: string | null
  /** Of each macro that the formula uses, what it stands for. */
  readonly macros: readonly string[]
  /** Rules between it and the variable asked for. */
  readonly depth: number
  readonly operands: readonly TraceOperand[]
  readonly schedules: readonly TracedSchedule[]
}
