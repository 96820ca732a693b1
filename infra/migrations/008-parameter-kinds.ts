// Parameters of every kind: days as text (0000-01-01 is since ever), texts and lists, scales and inner nodes, indexation, links.
import type { MigrationInterface, QueryRunner } from 'typeorm'

export class ParameterKinds1735689600008 implements MigrationInterface {
  async up(sql: QueryRunner): Promise<void> {
    await sql.query(`
      -- A day of the law, compared as text. No date type has the year 0000, which trees use for "since ever".
      create domain parameters.day as text collate "C"
        check (value ~ '^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$');

      create sequence parameters.revision;

      alter table parameters.tree
        alter column covers_from type parameters.day using to_char(covers_from, 'YYYY-MM-DD'),
        alter column covers_to type parameters.day using to_char(covers_to, 'YYYY-MM-DD'),
        -- Before the ids of its parameters, where another tree of the tenant had those ids first.
        add column id_prefix text not null default '',
        -- Another at every write: what is kept in memory of a tree is kept by it.
        add column revision bigint not null default nextval('parameters.revision');

      create table parameters.scale (
        tenant text not null default 'local',
        tree_id text not null,
        id text collate "C" not null,
        label text not null,
        kind text not null check (kind in ('MARGINAL_RATE', 'SINGLE_AMOUNT', 'MARGINAL_AMOUNT', 'AVERAGE_RATE')),
        style text not null check (style in ('TOPS', 'THRESHOLDS')),
        count int not null check (count > 0),
        unit text,
        metadata jsonb,
        primary key (tenant, tree_id, id),
        foreign key (tenant, tree_id) references parameters.tree on delete cascade
      );
      insert into parameters.scale (tenant, tree_id, id, label, kind, style, count)
        select t.tenant, t.id, s.id, s.label, 'MARGINAL_RATE', 'TOPS', s.count
        from parameters.tree t, jsonb_to_recordset(t.scales) as s (id text, label text, count int);
      alter table parameters.tree drop column scales;

      -- Inner nodes of which something is said; the others are only in the ids of what is below them.
      create table parameters.node (
        tenant text not null default 'local',
        tree_id text not null,
        id text collate "C" not null,
        label text not null,
        description text,
        unit text,
        breakdown text[],
        metadata jsonb,
        primary key (tenant, tree_id, id),
        foreign key (tenant, tree_id) references parameters.tree on delete cascade
      );

      alter table parameters.parameter
        add column kind text not null default 'NUMBER' check (kind in ('NUMBER', 'BOOLEAN', 'TEXT', 'LIST')),
        add column description text,
        add column links jsonb not null default '[]',
        add column indexation jsonb,
        add column metadata jsonb,
        -- Of its figures; null where it was stored by an older version.
        add column figures_hash text;
      alter table parameters.parameter alter column kind drop default, alter column links drop default;
      update parameters.parameter set
        kind = case unit when 'boolean' then 'BOOLEAN' else 'NUMBER' end,
        links = (select coalesce(jsonb_agg(jsonb_build_object('title', title) order by n), '[]')
                 from unnest(law_references) with ordinality as r (title, n));
      alter table parameters.parameter drop column law_references;

      alter table parameters.parameter_value
        alter column valid_from type parameters.day using to_char(valid_from, 'YYYY-MM-DD'),
        alter column known_from type parameters.day using to_char(known_from, 'YYYY-MM-DD'),
        add column content jsonb,
        add column ceased boolean not null default false,
        add column derived boolean not null default false,
        add constraint parameter_value_empty check (not ceased or (cells = '{}' and content is null));

      -- The shipped trees are loaded anew at the next start, with the hashes of their figures.
      update parameters.tree set file_sha256 = '';
    `)
  }

  async down(sql: QueryRunner): Promise<void> {
    await sql.query(`
      -- What the older tables cannot hold goes.
      delete from parameters.parameter where kind in ('TEXT', 'LIST');
      delete from parameters.parameter_value where ceased or valid_from < '0001' or known_from < '0001';
      alter table parameters.parameter_value
        drop constraint parameter_value_empty, drop column content, drop column ceased, drop column derived,
        alter column valid_from type date using valid_from::date,
        alter column known_from type date using known_from::date;
      alter table parameters.parameter add column law_references text[] not null default '{}';
      update parameters.parameter set
        law_references = array(select r ->> 'title' from jsonb_array_elements(links) with ordinality as l (r, n) order by n);
      alter table parameters.parameter
        drop column kind, drop column description, drop column links, drop column indexation,
        drop column metadata, drop column figures_hash, alter column law_references drop default;
      alter table parameters.tree add column scales jsonb not null default '[]';
      update parameters.tree t set scales = (
        select coalesce(jsonb_agg(jsonb_build_object('id', id, 'label', label, 'count', count) order by id), '[]')
        from parameters.scale s where s.tenant = t.tenant and s.tree_id = t.id and s.style = 'TOPS');
      update parameters.tree set file_sha256 = '';
      alter table parameters.tree
        alter column scales drop default, drop column id_prefix, drop column revision,
        alter column covers_from type date using covers_from::date,
        alter column covers_to type date using covers_to::date;
      drop table parameters.scale, parameters.node;
      drop sequence parameters.revision;
      drop domain parameters.day;
    `)
  }
}
