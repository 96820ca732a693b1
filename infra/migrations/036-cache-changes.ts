// What gateways keep answers of tells itself when it changes: triggers note an event in the transaction, whoever writes.
import type { MigrationInterface, QueryRunner } from 'typeorm'

/** Each table, the type that the graph shows its rows as, and the column of the object's id; without one, of every object of the type. */
const TOLD: readonly (readonly [table: string, type: string, id?: string])[] = [
  ['economies.economy', 'Economy', 'id'],
  ['economies.dataset', 'Dataset', 'id'],
  ['economies.series', 'Series', 'id'],
  ['mechanisms.bank', 'MechanismBank', 'id'],
  ['mechanisms.node', 'Node', 'id'],
  ['mechanisms.mechanism', 'Mechanism', 'id'],
  ['mechanisms.study', 'Study', 'id'],
  ['parameters.tree', 'ParameterTree', 'id'],
  // Values of a parameter may follow from those of another.
  ['parameters.parameter', 'Parameter'],
  ['parameters.parameter_value', 'Parameter'],
  ['parameters.node', 'ParameterNode'],
  ['parameters.scale', 'BracketScale'],
  ['parameters.tree_change', 'TreeChange'],
  ['parameters.reform', 'Reform', 'id'],
  ['parameters.commit', 'ReformCommit'],
  ['parameters.branch', 'ReformBranch'],
  ['parameters.tag', 'ReformTag'],
  ['parameters.population', 'Population', 'id'],
  ['portfolios.instrument', 'Instrument', 'id'],
  ['portfolios.price', 'Instrument', 'instrument_id'],
  ['portfolios.portfolio', 'Portfolio', 'id'],
  ['scenarios.scenario', 'Scenario', 'id'],
  ['scenarios.scenario_run', 'Scenario', 'scenario_id'],
]

/** A transition table is of one kind of statement. */
const KINDS = [
  ['insert', 'new'],
  ['update', 'new'],
  ['delete', 'old'],
] as const

export class CacheChanges1735689600036 implements MigrationInterface {
  async up(sql: QueryRunner): Promise<void> {
    await sql.query(`
      -- Arguments: the type, and the column of the id. The body is that of schema/cache-events.ts. Of more than a hundred objects the type
      -- alone is told: whoever keeps answers then drops all that may hold one.
      create function events.tell_changed() returns trigger language plpgsql as $body$
      begin
        if tg_nargs = 1 then
          insert into events.outbox (tenant, subject, body)
          select c.tenant, 'qz.ev.' || c.tenant || '.cache.changed',
            json_build_object('changed', json_build_array(json_build_object('type', tg_argv[0])))
          from (select distinct tenant from changed) c;
        else
          execute format(
            $text$insert into events.outbox (tenant, subject, body)
              select c.tenant, 'qz.ev.' || c.tenant || '.cache.changed',
                json_build_object('changed', case when count(*) <= 100 then json_agg(json_build_object('type', $1, 'id', c.id))
                  else json_build_array(json_build_object('type', $1)) end)
              from (select distinct tenant, %I as id from changed) c group by c.tenant$text$, tg_argv[1])
          using tg_argv[0];
        end if;
        return null;
      end $body$;
    `)
    for (const [table, type, id] of TOLD)
      for (const [kind, rows] of KINDS)
        await sql.query(`
          create trigger tell_${kind} after ${kind} on ${table} referencing ${rows} table as changed
            for each statement execute function events.tell_changed('${[type, id].filter(Boolean).join("', '")}')`)
  }

  async down(sql: QueryRunner): Promise<void> {
    await sql.query('drop function events.tell_changed cascade')
  }
}
