// The store's contract, over every PostgreSQL it may meet: bundled, the system's, and TimescaleDB where one is given.
// The lock of the data directory and the bundled server as a process: infra/store/*.test.ts; the tables: migrations.contract.test.ts.
import { EntitySchema } from 'typeorm'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { silentLog } from '../../infra/log.ts'
import { copyRows, type RowGroup } from '../../infra/store/copy-rows.ts'
import { openStore, type StoreOptions } from '../../infra/store/open.ts'
import { PREPARED, type Store } from '../../infra/store/port.ts'
import type { QuesnayError } from '../../schema/errors.ts'
import { freshDatabase, type TestDatabase } from '../support/database.ts'
import type { TestServer } from '../support/postgres.ts'
import { serverLegs } from '../support/servers.ts'

const Note = new EntitySchema<{ id: number; text: string; size: number }>({
  name: 'Note',
  tableName: 'note',
  columns: {
    id: { type: 'int', primary: true },
    text: { type: 'text' },
    size: { type: 'bigint' },
  },
})

const codeOf = (promise: Promise<unknown>) =>
  promise.then(
    () => 'no error',
    (error: QuesnayError) => error,
  ) as Promise<QuesnayError>

for (const leg of serverLegs()) {
  if (leg.lacks) console.warn(`store contract: ${leg.name} skipped: ${leg.lacks}`)

  describe.skipIf(leg.lacks)(`store over ${leg.name} PostgreSQL`, () => {
    let server: TestServer
    let database: TestDatabase
    let store: Store
    const open = (options: Partial<StoreOptions> = {}) => openStore(database.url, { log: silentLog, ...options })

    beforeAll(async () => {
      server = await leg.start()
      database = await freshDatabase(server.url)
      store = await open()
      await store.query('create table note (id int primary key, text text not null, size bigint not null)')
    })
    afterAll(async () => {
      await store?.close()
      await database?.drop()
      await server?.remove()
    })

    describe('a prepared statement', () => {
      it('is planned by the server once for each connection, and gives what it gives otherwise', async () => {
        const one = await open({ poolSize: 1 })
        const text = 'select $1::int + 1 as next, $2::text as said'
        const rows = []
        for (const said of ["it's", '$1', 'x']) rows.push(...(await one.query(text, [1, said], PREPARED)))
        expect(rows).toEqual(["it's", '$1', 'x'].map((said) => ({ next: 2, said })))
        await one.transaction((sql) => sql.query(text, [2, 'within'], PREPARED))
        expect(await one.query('select statement from pg_prepared_statements')).toEqual([{ statement: text }])
        await one.close()
      })

      it('is planned anew where what it reads was changed', async () => {
        await store.query('create table shape (id int, told text)')
        const read = () => store.query('select told from shape where id = $1', [1], PREPARED)
        await store.query(`insert into shape values (1, 'a')`)
        expect(await read()).toEqual([{ told: 'a' }])
        await store.query('alter table shape add column more int; create index on shape (id)')
        expect(await read()).toEqual([{ told: 'a' }])
      })
    })

    describe('bytes', () => {
      it('are read as they are stored: none, few, and more than one packet of the driver', async () => {
        await store.query('create table chunk (id int primary key, kind text, bytes bytea)')
        const chunks = [0, 1, 3_000_000].map((length) =>
          Buffer.from(Uint8Array.from({ length }, (_, i) => (i * 7919) >> 3)),
        )
        for (const [id, chunk] of chunks.entries())
          await store.query('insert into chunk values ($1, $2, $3)', [id, 'a', chunk])
        await store.query('insert into chunk values (9, $1, null)', ["it's $1"])
        const read = await store.bytes('select bytes from chunk where kind = $1 and id = any($2::int[]) order by id', [
          'a',
          [0, 1, 2],
        ])
        expect(read.map((one) => one.equals(chunks.find(({ length }) => length === one.length)!))).toEqual([
          true,
          true,
          true,
        ])
        const [part] = await store.bytes('select substring(bytes from $1 for $2) from chunk where id = 2', [1001, 8])
        expect(part).toEqual(chunks[2]!.subarray(1000, 1008))
      })

      it('that are null, or of no row, are none; a text may hold what looks like a parameter or the end of one', async () => {
        expect(await store.bytes('select bytes from chunk where kind = $1', ["it's $1"])).toEqual([])
        expect(await store.bytes('select bytes from chunk where id = $1', [77])).toEqual([])
        expect(await store.bytes('select $1::text::bytea', ["a'; drop table chunk; --"])).toHaveLength(1)
        expect(await store.query('select count(*)::int as n from chunk')).toEqual([{ n: 4 }])
      })

      it('of a statement that is wrong reject, and the connection goes on', async () => {
        await expect(store.bytes('select bytes from no_such_table', [])).rejects.toMatchObject({ code: '42P01' })
        expect(await store.query('select 1 as one')).toEqual([{ one: 1 }])
      })

      it('are asked for side by side', async () => {
        const all = await Promise.all(
          Array.from({ length: 20 }, (_, i) => store.bytes('select bytes from chunk where id = $1', [i % 3])),
        )
        expect(all.map(([one]) => one!.length)).toEqual(Array.from({ length: 20 }, (_, i) => [0, 1, 3_000_000][i % 3]))
      })
    })

    describe('copyIn', () => {
      const copied = (groups: readonly RowGroup[]) =>
        store.transaction((sql) =>
          sql.copyIn('copy measured (name, a, b) from stdin (format binary)', copyRows(groups)),
        )
      const group = (name: string, values: readonly number[]): RowGroup => ({
        texts: [name],
        columns: [Float64Array.from(values), Float64Array.from(values, (value) => -value)],
      })

      beforeAll(() => store.query('create table measured (name text, a float8, b float8, primary key (name, a))'))
      beforeEach(() => store.query('truncate measured'))

      it('keeps every double bit for bit: zeros of both signs, the smallest, the largest, what is none, and random bits', async () => {
        const bits = new BigUint64Array(20_000)
        let state = 88_172_645_463_325_252n
        for (let i = 0; i < bits.length; i++) {
          // Marsaglia's xorshift64.
          state ^= BigInt.asUintN(64, state << 13n)
          state ^= state >> 7n
          state ^= BigInt.asUintN(64, state << 17n)
          bits[i] = state
        }
        const random = [...new Set(new Float64Array(bits.buffer))].filter((value) => !Number.isNaN(value))
        const special = [-0, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.MIN_VALUE]
        const values = [
          ...special,
          -Number.MIN_VALUE,
          2 ** -1022,
          Number.MAX_VALUE,
          Number.EPSILON,
          0.1 + 0.2,
          ...random,
        ]
        expect(await copied([group('x', values)])).toBe(values.length)
        const rows = await store.query<{ a: number; b: number }>('select a, b from measured')
        expect(rows.every(({ a, b }, i) => Object.is(a, values[i]) && Object.is(b, -values[i]!))).toBe(true)
        expect(rows).toHaveLength(values.length)
      })

      it('takes texts of any characters, groups without rows, and nothing at all', async () => {
        const names = ['', 'tab\tnew\nline', '\\N', 'Ökonomie 経済 📈', '"quoted\'"']
        expect(await copied([...names.map((name) => group(name, [1])), group('none', [])])).toBe(names.length)
        const stored = await store.query<{ name: string }>('select name from measured')
        expect(stored.map(({ name }) => name)).toEqual(names)
        expect(await copied([])).toBe(0)
      })

      it('writes more than a socket takes at a time', async () => {
        const values = Array.from({ length: 300_000 }, (_, i) => i / 7)
        expect(await copied([group('many', values)])).toBe(values.length)
        expect(await store.query(`select count(*)::int as n, max(a) as last from measured`)).toEqual([
          { n: values.length, last: values.at(-1) },
        ])
      })

      it('stores nothing where a row is refused, or where making the rows throws, and the connection goes on', async () => {
        const twice = copied([group('a', [1, 2]), group('b', Array(50_000).fill(3))])
        await expect(twice).rejects.toMatchObject({ code: '23505' })
        function* broken(): Generator<RowGroup> {
          yield group('c', [1])
          throw new Error('the rows are broken')
        }
        const breaks = store.transaction((sql) =>
          sql.copyIn('copy measured (name, a, b) from stdin (format binary)', copyRows(broken())),
        )
        await expect(breaks).rejects.toThrow('the rows are broken')
        await expect(store.transaction((sql) => sql.copyIn('copy no_such from stdin', []))).rejects.toMatchObject({
          code: '42P01',
        })
        expect(await store.query('select from measured')).toEqual([])
      })

      it('refuses a NUL in a text as BAD_INPUT', async () => {
        expect(await codeOf(copied([group('a\0b', [1])]))).toMatchObject({ code: 'BAD_INPUT' })
      })

      it.skipIf(!leg.stoppable)('rejects with STORE_UNAVAILABLE where the server is lost on the way', async () => {
        function* lost(): Generator<RowGroup> {
          for (let i = 0; i < 40; i++) {
            if (i === 3) void server.kill()
            yield group(
              `g${i}`,
              Array.from({ length: 10_000 }, (_, j) => j),
            )
          }
        }
        const work = store.transaction((sql) =>
          sql.copyIn('copy measured (name, a, b) from stdin (format binary)', copyRows(lost())),
        )
        expect(await codeOf(work)).toMatchObject({ code: 'STORE_UNAVAILABLE' })
        await server.start()
        expect(await store.query('select from measured')).toEqual([])
      })
    })

    describe('query', () => {
      it('answers rows and takes parameters by their position', async () => {
        expect(await store.query('select $2::text as a, $1::int + 1 as b', [1, 'x'])).toEqual([{ a: 'x', b: 2 }])
      })

      it('answers no rows for a statement without any', async () => {
        expect(await store.query('create temporary table gone (id int)')).toEqual([])
      })

      it('reads int8 as a number where that is exact and as text where it is not', async () => {
        const [row] = await store.query(
          `select count(*) as n, 9007199254740991::int8 as last, 9007199254740993::int8 as beyond`,
        )
        expect(row).toEqual({ n: 1, last: Number.MAX_SAFE_INTEGER, beyond: '9007199254740993' })
      })

      it('reads numeric and date as text and timestamptz as an instant', async () => {
        const [row] = await store.query(
          `select 0.10::numeric as price, '2024-02-29'::date as day, '2024-01-01 00:00+00'::timestamptz as at`,
        )
        expect(row).toEqual({ price: '0.10', day: '2024-02-29', at: new Date('2024-01-01T00:00:00Z') })
      })

      it('keeps every bit of a float8, also of the smallest, of NaN and of infinity', async () => {
        const values = [0.1 + 0.2, Number.MIN_VALUE, Number.NaN, Number.NEGATIVE_INFINITY, 1e308]
        const [row] = await store.query<{ values: number[] }>('select $1::float8[] as values', [values])
        expect(row?.values.every((value, i) => Object.is(value, values[i]))).toBe(true)
      })

      it('refuses text that it cannot store as BAD_INPUT, in columns, in JSON and by TypeORM', async () => {
        const refused = { code: 'BAD_INPUT', detail: { suggestion: 'take it out' } }
        expect(await codeOf(store.query('select $1::text', ['a\0b']))).toMatchObject(refused)
        expect(await codeOf(store.query('select $1::jsonb', [JSON.stringify('a\0b')]))).toMatchObject(refused)
        expect(await codeOf(store.query('select $1::jsonb', [JSON.stringify('a\ud800b')]))).toMatchObject(refused)
        const source = await store.entities([Note])
        const insert = source.getRepository(Note).insert({ id: 99, text: 'a\0b', size: 1 })
        expect(await codeOf(insert)).toMatchObject(refused)
      })

      it('answers STORE_UNAVAILABLE where nothing can be written', async () => {
        const work = store.transaction(async (sql) => {
          await sql.query('set transaction read only')
          await sql.query(`insert into note values (98, 'x', 1)`)
        })
        expect(await codeOf(work)).toMatchObject({ code: 'STORE_UNAVAILABLE' })
      })

      it('keeps bytes given as a Uint8Array', async () => {
        const bytes = new Uint8Array(new Float64Array([1.5, -2]).buffer)
        const [row] = await store.query<{ bytes: Buffer }>('select $1::bytea as bytes', [bytes])
        expect(new Uint8Array(row!.bytes)).toEqual(bytes)
      })

      it('says OVERLOADED where every connection stays in use', async () => {
        const one = await open({ poolSize: 1, queueTimeoutMs: 1_000 })
        const work = one.transaction(() => one.query('select 1'))
        await expect(work).rejects.toMatchObject({ code: 'OVERLOADED', detail: { retryAfterMs: 1_000 } })
        expect(await one.query('select 1 as n')).toEqual([{ n: 1 }])
        await one.close()
      })

      it('rejects a wrong statement with the error of PostgreSQL and stays usable', async () => {
        const one = await open({ poolSize: 1 })
        for (let i = 0; i < 3; i++) await expect(one.query('select nonsense')).rejects.toMatchObject({ code: '42703' })
        expect(await one.query('select 1 as n')).toEqual([{ n: 1 }])
        await one.close()
      })
    })

    describe('transaction', () => {
      it('commits when the work resolves and hands on its value', async () => {
        const value = await store.transaction(async (sql) => {
          await sql.query(`insert into note values (1, 'kept', 1)`)
          return 'done'
        })
        expect(value).toBe('done')
        expect(await store.query('select text from note where id = 1')).toEqual([{ text: 'kept' }])
      })

      it('rolls back when the work rejects, and hands on its error', async () => {
        const work = store.transaction(async (sql) => {
          await sql.query(`insert into note values (2, 'lost', 1)`)
          throw new Error('changed my mind')
        })
        await expect(work).rejects.toThrow('changed my mind')
        expect(await store.query('select from note where id = 2')).toEqual([])
      })

      it('rejects where a failed statement was passed over, for nothing was stored then', async () => {
        const work = store.transaction(async (sql) => {
          await sql.query(`insert into note values (3, 'lost', 1)`)
          await sql.query('select nonsense').catch(() => {})
        })
        await expect(work).rejects.toMatchObject({ code: 'INTERNAL' })
        expect(await store.query('select from note where id = 3')).toEqual([])
      })

      it('gives its connection back whatever happens', async () => {
        const one = await open({ poolSize: 1 })
        for (let i = 0; i < 3; i++) await one.transaction((sql) => sql.query('select nonsense')).catch(() => {})
        expect(await one.transaction((sql) => sql.query('select 1 as n'))).toEqual([{ n: 1 }])
        await one.close()
      })

      it('hides what it has not committed from others', async () => {
        await store.transaction(async (sql) => {
          await sql.query(`insert into note values (4, 'later', 1)`)
          expect(await store.query('select from note where id = 4')).toEqual([])
        })
        expect(await store.query('select from note where id = 4')).toHaveLength(1)
      })
    })

    describe('entities', () => {
      it('gives a data source on the same database with the same value types', async () => {
        const source = await store.entities([Note])
        await source.getRepository(Note).save({ id: 10, text: 'by entity', size: 2 ** 40 })
        expect(await store.query('select text, size from note where id = 10')).toEqual([
          { text: 'by entity', size: 2 ** 40 },
        ])
        expect(await source.getRepository(Note).findOneBy({ id: 10 })).toEqual({
          id: 10,
          text: 'by entity',
          size: 2 ** 40,
        })
      })

      it('never changes the tables by itself', async () => {
        const Unmade = new EntitySchema({ name: 'Unmade', columns: { id: { type: 'int', primary: true } } })
        await store.entities([Unmade])
        expect(await store.query(`select from pg_tables where tablename = 'unmade'`)).toEqual([])
      })

      it('is closed with the store', async () => {
        const own = await open({ applicationName: 'closing' })
        const source = await own.entities([Note])
        await own.close()
        await own.close()
        expect(source.isInitialized).toBe(false)
        await expect(own.query('select 1')).rejects.toThrow()
        expect(
          await store.query(`select from pg_stat_activity where application_name = 'closing' and state <> 'idle'`),
        ).toEqual([])
      })
    })

    describe('openStore', () => {
      it('names the credentials that are refused without showing the password', async () => {
        const url = new URL(database.url)
        url.password = 'hunter2'
        const error = await codeOf(openStore(url.href, { log: silentLog }))
        expect(error.code).toBe('CONFIG_INVALID')
        expect(JSON.stringify([error.message, error.detail])).not.toContain('hunter2')
      })

      it('names a database that is not there', async () => {
        const url = new URL(database.url)
        url.pathname = '/nowhere'
        await expect(openStore(url.href, { log: silentLog })).rejects.toMatchObject({
          code: 'CONFIG_INVALID',
          message: /nowhere/,
        })
      })

      it('gives up on a server that is not there after the patience given', async () => {
        const error = await codeOf(openStore('postgresql://u:p@127.0.0.1:1/x', { log: silentLog, patienceMs: 0 }))
        expect(error).toMatchObject({ code: 'STORE_UNAVAILABLE', detail: { retry: true, sent: false } })
      })

      it('finds the level of TimescaleDB', async () => {
        const offered = await store.query(`select from pg_available_extensions where name = 'timescaledb'`)
        if (offered.length === 0) expect(store.timescale).toBe('none')
        if (leg.name === 'timescale') expect(['apache', 'tsl']).toContain(store.timescale)
      })
    })

    describe.skipIf(!leg.stoppable)('a server that goes and comes back', () => {
      it('is waited for by a query that could not reach it', async () => {
        await server.stop()
        expect(await store.ready()).toBe(false)
        const answer = store.query('select 1 as n')
        await server.start()
        expect(await answer).toEqual([{ n: 1 }])
        expect(await store.ready()).toBe(true)
      })

      it('leaves no stale connection behind in the pool or in a data source', async () => {
        const source = await store.entities([Note])
        await Promise.all(Array.from({ length: 8 }, () => store.query('select pg_sleep(0.01)')))
        await server.stop()
        await server.start()
        const answers = await Promise.all(Array.from({ length: 8 }, (_, i) => store.query('select $1::int as n', [i])))
        expect(answers.flat()).toEqual(Array.from({ length: 8 }, (_, n) => ({ n })))
        expect(await source.getRepository(Note).countBy({ id: 1 })).toBe(1)
      })

      it('rejects a statement that may have reached it with STORE_UNAVAILABLE and never repeats it', async () => {
        const [row] = await store.query<{ n: number }>('select count(*) as n from note')
        const work = codeOf(
          store.query(`with slow as (select pg_sleep(60)) insert into note select 100, 'late', 1 from slow`),
        )
        await until(store, `select from pg_stat_activity where query like 'with slow%' and state = 'active'`)
        await server.kill()
        expect(await work).toMatchObject({ code: 'STORE_UNAVAILABLE', detail: { retry: true, sent: true } })
        await server.start()
        expect(await store.query('select count(*) as n from note')).toEqual([row])
      })

      it('rejects a transaction that it took down, and does not end the process', async () => {
        const work = codeOf(
          store.transaction(async (sql) => {
            await sql.query(`insert into note values (101, 'lost', 1)`)
            await server.kill()
            await server.start()
            await sql.query('select 1')
          }),
        )
        expect(await work).toMatchObject({ code: 'STORE_UNAVAILABLE' })
        expect(await store.query('select from note where id = 101')).toEqual([])
      })

      it('gives a data source the same code', async () => {
        const impatient = await open({ patienceMs: 0 })
        const source = await impatient.entities([Note])
        await server.stop()
        const error = await codeOf(source.getRepository(Note).count())
        await server.start()
        expect(error).toMatchObject({ code: 'STORE_UNAVAILABLE' })
        await impatient.close()
      })
    })
  })
}

/** Asks until there is a row: each asking is a round trip to the server, so there is nothing to sleep for. */
async function until(store: Store, text: string): Promise<void> {
  while ((await store.query(text)).length === 0);
}
