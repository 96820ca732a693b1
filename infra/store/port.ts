// The store: PostgreSQL, bundled or given, behind one small port. Subgraphs use it through TypeORM, the fleet through SQL.
import type { DataSource, EntityTarget, ObjectLiteral } from 'typeorm'

/** What TimescaleDB can do here: absent; apache (hypertables, time_bucket); tsl (also continuous aggregates, compression). */
export type TimescaleLevel = 'none' | 'apache' | 'tsl'

export interface QueryOptions {
  /**
   * Parsed and planned once by each connection, for a statement that is run over and over: its text is a constant, and what it finds
   * its rows by holds whatever the values are. PostgreSQL spends a third of the time of such a statement on its plan.
   */
  readonly prepared?: boolean
}

export const PREPARED: QueryOptions = { prepared: true }

/** One connection, or one transaction on it. */
export interface Sql {
  /** Rows of a statement with $1 parameters; a lost connection rejects with STORE_UNAVAILABLE. */
  query<Row = Record<string, unknown>>(
    text: string,
    values?: readonly unknown[],
    options?: QueryOptions,
  ): Promise<Row[]>
}

/** One transaction. */
export interface Transaction extends Sql {
  /** Rows of a `copy ... from stdin`, whose input is the chunks one after the other; returns their number. Errors: as of `query`. */
  copyIn(text: string, chunks: Iterable<Uint8Array>): Promise<number>
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
  transaction<T>(work: (sql: Transaction) => Promise<T>): Promise<T>
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
