// Rates kept in the database: one statement a call, by the database's own clock, so that all gateways count together.
import type { Sql } from '../../infra/store/port.ts'
import type { RateStore } from './port.ts'

/** What is in the bucket now: what was there and what has run in since, at most its capacity ($2), at $3 a second. */
const FILLED = `least($2, b.tokens + greatest(0, extract(epoch from statement_timestamp() - b.at)) * $3)`
/** Of what is there: nothing below what is needed ($4), else up to what is wanted ($5). */
const given = (there: string) => `case when ${there} >= $4 then greatest($4, least($5, floor(${there}))) else 0 end`

const TAKE_FROM_BUCKET = `
  insert into gateway.rate_bucket as b (key, tokens, taken, at)
  values ($1, $2::float8 - ${given('$2::float8')}, ${given('$2::float8')}, statement_timestamp())
  on conflict (key) do update set
    tokens = ${FILLED} - ${given(FILLED)},
    taken = ${given(FILLED)},
    at = greatest(b.at, statement_timestamp())
  returning taken, tokens, ($3::float8) as rate`.replaceAll(/\$([2345])(?!::)/g, '$$$1::float8')

const TODAY = `(statement_timestamp() at time zone 'UTC')`
const ofDay = (used: string) => `case when $2 - ${used} >= $3 then greatest($3, least($4, $2 - ${used})) else 0 end`

const TAKE_FROM_DAY = `
  insert into gateway.daily_use as d (tenant, day, used, taken)
  values ($1, ${TODAY}::date, ${ofDay('0')}, ${ofDay('0')})
  on conflict (tenant, day) do update set used = d.used + ${ofDay('d.used')}, taken = ${ofDay('d.used')}
  returning taken, used, day::text as day, extract(epoch from (day + 1) - ${TODAY})::float8 as ends`.replaceAll(
  /\$([234])/g,
  '$$$1::bigint',
)

export function databaseRates(sql: Sql): RateStore {
  return {
    async takeFromBucket(key, { capacity, perSecond }, needed, wanted) {
      const values = [key, capacity, perSecond, needed, wanted]
      const [row] = await sql.query<{ taken: number; tokens: number }>(TAKE_FROM_BUCKET, values)
      const { taken, tokens } = row!
      return { granted: taken, left: tokens, waitSeconds: taken > 0 ? 0 : Math.max(0, needed - tokens) / perSecond }
    },
    async takeFromDay(tenant, perDay, needed, wanted) {
      const values = [tenant, perDay, needed, wanted]
      const [row] = await sql.query<{ taken: number; used: number; day: string; ends: number }>(TAKE_FROM_DAY, values)
      const { taken, used, day, ends } = row!
      return { granted: taken, left: Math.max(0, perDay - used), waitSeconds: ends, day }
    },
    async giveToBucket(key, { capacity }, tokens) {
      await sql.query('update gateway.rate_bucket set tokens = least($2::float8, tokens + $3::float8) where key = $1', [
        key,
        capacity,
        tokens,
      ])
    },
    async giveToDay(tenant, day, tokens) {
      await sql.query(
        'update gateway.daily_use set used = greatest(0, used - $3::bigint) where tenant = $1 and day = $2::date',
        [tenant, day, tokens],
      )
    },
    async sweep() {
      await sql.query(`delete from gateway.rate_bucket where at < statement_timestamp() - interval '1 day'`)
      await sql.query(`delete from gateway.daily_use where day < ${TODAY}::date - 400`)
    },
  }
}
