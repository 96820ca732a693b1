// Queries of scenarios; their rows are in store/rows.ts.
import { type DataSource, In } from 'typeorm'
import type { Store } from '../../infra/store/port.ts'
import { QuesnayError } from '../../schema/errors.ts'
import { hashOf } from '../../schema/hash.ts'
import { rowsOf } from '../shared/store.ts'
import { AuditStore } from './store/audit.ts'
import { ScenarioRow, ScenarioRunRow } from './store/rows.ts'

export interface ScenarioPage {
  readonly rows: ScenarioRow[]
  readonly totalCount: number
}

/** What two scenarios of one id must share to be the same. */
function contentOf({ tenant: _tenant, createdAt: _createdAt, ...content }: ScenarioRow): string {
  return hashOf(content)
}

export class ScenariosStore {
  readonly #source: DataSource
  readonly audit: AuditStore

  constructor(source: DataSource) {
    this.#source = source
    this.audit = new AuditStore(source)
  }

  static async open(store: Store): Promise<ScenariosStore> {
    return new ScenariosStore(await store.entities([ScenarioRow, ScenarioRunRow]))
  }

  /**
   * Stores a scenario; the same content under the same id is the scenario that stands already.
   * @throws ALREADY_EXISTS where the id is taken by other content
   */
  async insert(row: ScenarioRow): Promise<{ row: ScenarioRow; existed: boolean }> {
    const repository = this.#source.getRepository(ScenarioRow)
    const result = await repository.createQueryBuilder().insert().values(row).orIgnore().returning('id').execute()
    if ((result.raw as unknown[]).length > 0) return { row, existed: false }
    const standing = await repository.findOneByOrFail({ tenant: row.tenant, id: row.id })
    if (contentOf(standing) !== contentOf(row))
      throw new QuesnayError('ALREADY_EXISTS', `a scenario "${row.id}" with other content exists`, {
        path: 'input.id',
        suggestion: 'choose another id, or leave it out to have one made',
      })
    return { row: standing, existed: true }
  }

  /** In no particular order; those that the tenant does not have are left out. */
  byIds(tenant: string, ids: readonly string[]): Promise<ScenarioRow[]> {
    return this.#scenarios().where('s.tenant = :tenant and s.id = any(:ids)', { tenant, ids }).getMany()
  }

  /** Scenario that a run simulates, by run id. */
  async byRunIds(tenant: string, runIds: readonly string[]): Promise<Map<string, ScenarioRow>> {
    const links = await rowsOf(this.#source, ScenarioRunRow)
      .where('r.tenant = :tenant and r.runId = any(:runIds)', { tenant, runIds })
      .getMany()
    const rows = new Map((await this.byIds(tenant, [...new Set(links.map((l) => l.scenarioId))])).map((r) => [r.id, r]))
    return new Map(links.flatMap((l) => (rows.has(l.scenarioId) ? [[l.runId, rows.get(l.scenarioId)!]] : [])))
  }

  /** Newest first, one more than asked. */
  async page(tenant: string, first: number, after?: string): Promise<ScenarioPage> {
    const query = this.#scenarios().where('s.tenant = :tenant', { tenant })
    const totalCount = await query.getCount()
    if (after !== undefined)
      query.andWhere(
        '(s.createdAt, s.id) < (select p.created_at, p.id from scenarios.scenario p where p.tenant = :tenant and p.id = :after)',
        { after },
      )
    return { rows: await query.take(first + 1).getMany(), totalCount }
  }

  /** Scenarios of each reform, newest first. */
  async byReforms(tenant: string, reformIds: readonly string[]): Promise<Map<string, ScenarioRow[]>> {
    const rows = await this.#scenarios()
      .where('s.tenant = :tenant and s.reformId = any(:reformIds)', { tenant, reformIds })
      .getMany()
    return groupByReform(rows)
  }

  async runOf(tenant: string, scenarioId: string, questionHash: string): Promise<string | undefined> {
    const row = await this.#source.getRepository(ScenarioRunRow).findOneBy({ tenant, scenarioId, questionHash })
    return row?.runId
  }

  async runsOf(tenant: string, scenarioId: string): Promise<string[]> {
    const rows = await this.#source.getRepository(ScenarioRunRow).findBy({ tenant, scenarioId })
    return rows.map((row) => row.runId)
  }

  /** Forgets runs, so that their questions are submitted anew. */
  async forgetRuns(tenant: string, scenarioId: string, runIds: readonly string[]): Promise<void> {
    if (runIds.length === 0) return
    await this.#source.getRepository(ScenarioRunRow).delete({ tenant, scenarioId, runId: In([...runIds]) })
  }

  /** Remembers the run that answers a question; a later one replaces it. */
  async rememberRun(row: ScenarioRunRow): Promise<void> {
    await this.#source
      .getRepository(ScenarioRunRow)
      .upsert(row, { conflictPaths: ['tenant', 'scenarioId', 'questionHash'] })
  }

  #scenarios() {
    return this.#source
      .getRepository(ScenarioRow)
      .createQueryBuilder('s')
      .orderBy('s.createdAt', 'DESC')
      .addOrderBy('s.id', 'DESC')
  }
}

function groupByReform(rows: readonly ScenarioRow[]): Map<string, ScenarioRow[]> {
  const groups = new Map<string, ScenarioRow[]>()
  for (const row of rows) groups.set(row.reformId ?? '', [...(groups.get(row.reformId ?? '') ?? []), row])
  return groups
}
