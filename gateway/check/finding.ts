// What a check of a subgraph finds.

export interface Finding {
  readonly severity: 'ERROR' | 'WARNING' | 'INFO'
  readonly code: string
  /** Coordinate in the schema, such as Economy.rating; null where it is of no one place. */
  readonly path: string | null
  readonly message: string
  readonly suggestion: string | null
  /** Line in the file that was checked, from 1; absent where it is not in it. */
  readonly line?: number | undefined
}
