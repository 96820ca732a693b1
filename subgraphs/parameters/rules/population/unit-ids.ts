// Takes the cells of the column that tells units apart: each may stand once.
import type { Cell, CellSink } from './columnar/columnar-file.ts'
import type { Faults } from './faults.ts'

export class UnitIds implements CellSink {
  readonly #column: string
  readonly #faults: Faults
  readonly #rows = new Map<string, number>()

  constructor(column: string, faults: Faults) {
    this.#column = column
    this.#faults = faults
  }

  put(row: number, cell: Cell): void {
    const id = `${cell ?? ''}`.trim()
    const first = this.#rows.get(id)
    if (first === undefined) this.#rows.set(id, row)
    else {
      const message = `the unit "${id.slice(0, 40)}" stands in row ${first + 1} already`
      this.#faults.add('UNIT_TWICE', row, this.#column, message, 'keep one of them')
    }
  }
}
