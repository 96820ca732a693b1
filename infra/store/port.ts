// The store: PostgreSQL, bundled or given, behind one small port. Subgraphs use it through TypeORM, the fleet through SQL.
import type { DataSource, EntityTarget, ObjectLiteral } from 'typeorm'

/** What TimescaleDB can do here: absent; apache (hypertables, time_bucket); tsl (also continuous aggregates, compression). */
export type TimescaleLevel = 'none' | 'apache' | 'tsl'

/** One connection, or one transaction on it. */
export interface Sql {
  /** Rows of a statement with $1 parameters; a lost connection rejects with STORE_UNAVAILABLE. */
  query<Row = Record<string, unknown>>(text: string, values?: readonly unknown[]): Promise<Row[]>
}

/** What is large and read as it is stored. */
export interface Bytes {
  /** The first column, a bytea, of each row of a query, but where it is null. Errors: as of `query`. */
  bytes(text: string, values: readonly (string | number | readonly number[])[]): Promise<Buffer[]>
}

export interface Store extends Sql, Bytes {
  readonly url: string
  readonly timescale: TimescaleLevel
  /** Commits when the work resolves; rolls back when it rejects. */
  transaction<T>(work: (sql: Sql) => Promise<T>): Promise<T>
  /** A TypeORM data source over the given entities, on the same database; closed with the store. */
  entities(entities: readonly EntityTarget<ObjectLiteral>[]): Promise<DataSource>
  ready(): Promise<boolean>
  close(): Promise<void>
}

/** A PostgreSQL server that this process started, or attached to. */
export interface Database {
  readonly url: string
  readonly origin: 'bundled' | 'given'
  stop(): Promise<void>
}
