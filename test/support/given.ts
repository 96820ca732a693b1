// What a binding gives a plan beside its constants.

export interface Given {
  readonly inputs: Readonly<Record<string, number>>
  readonly series: Readonly<Record<string, readonly number[]>>
}

/** Columns by name, one value per lane. */
export type ColumnsGiven = Readonly<Record<string, Float64Array>>
