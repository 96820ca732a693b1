// Who decides where two sides of a merge conflict: a strategy for all, and resolutions one by one.
import { holdsOn } from '../overlay.ts'
import type { CellConflict, FormulaConflict } from './merge.ts'
import { formulaKey } from './snapshot.ts'

export type Side = 'BASE' | 'OURS' | 'THEIRS'
/** REPORT leaves conflicts open; the others take one side of each. */
export type Strategy = 'REPORT' | 'OURS' | 'THEIRS'

/** The side that holds for a cell of a parameter (every one where none is named) on some days (all where none are named). */
export interface CellResolution {
  readonly parameter: string
  readonly cell: number | null
  readonly from: string | null
  readonly to: string | null
  readonly take: Side
}

export interface FormulaResolution {
  readonly ruleSet: string
  readonly variable: string
  readonly take: Side
}

export type Resolution = CellResolution | FormulaResolution

/** Picks a side of each conflict; undefined leaves it open. */
export interface Choose {
  cell(conflict: CellConflict): Side | undefined
  formula(conflict: FormulaConflict): Side | undefined
  /** Spans of a parameter at whose ends the choice may change. */
  daysOf(parameter: string): { readonly from: string; readonly to: string | null }[]
}

const isCell = (resolution: Resolution): resolution is CellResolution => 'parameter' in resolution

/** The first resolution that covers a conflict decides it, else the strategy. */
export function choiceOf(strategy: Strategy, resolutions: readonly Resolution[]): Choose {
  const otherwise = strategy === 'REPORT' ? undefined : strategy
  const cells = resolutions.filter(isCell)
  const formulas = resolutions.filter((resolution): resolution is FormulaResolution => !isCell(resolution))
  const spanOf = ({ from, to }: CellResolution) => ({ from: from ?? '0000-01-01', to })
  return {
    cell: ({ parameter, cell, from }) =>
      cells.find((r) => r.parameter === parameter && (r.cell === null || r.cell === cell) && holdsOn(spanOf(r), from))
        ?.take ?? otherwise,
    formula: (conflict) => formulas.find((r) => formulaKey(r) === formulaKey(conflict))?.take ?? otherwise,
    daysOf: (parameter) => cells.filter((r) => r.parameter === parameter).map(spanOf),
  }
}
