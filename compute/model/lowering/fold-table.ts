// Tables while a model is lowered: their value at a constant, and a text that is the same for equal ones.
import type { Table, TableFunction } from '../model.ts'
import { TABLE_MEANING } from '../tables.ts'

const texts = new WeakMap<Table, string>()

/** The value of a table at a number. */
export function foldTable(op: TableFunction, table: Table, x: number): number {
  const { prepare, value } = TABLE_MEANING[op]
  return value(x, prepare(table))
}

/** The same text for equal tables, whatever their names. */
export function tableText(table: Table): string {
  let text = texts.get(table)
  if (text === undefined) {
    text = JSON.stringify([table.xs, table.ys])
    texts.set(table, text)
  }
  return text
}
