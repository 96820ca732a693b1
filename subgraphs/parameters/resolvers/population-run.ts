// Asks the fleet what a reform does to a population, once for every question.

import type { RunRecord, StoredColumn } from '../../../compute/dispatch/port.ts'
import { lower } from '../../../compute/model/lowering/lower.ts'
import type { Plan } from '../../../compute/model/plan.ts'
import { planHash } from '../../../compute/model/plan.ts'
import { QuesnayError } from '../../../schema/errors.ts'
import { hashOf } from '../../../schema/hash.ts'
import { lawOn, reformedOn } from '../rules/overlay.ts'
import type { PopulationRecord } from '../rules/population/record.ts'
import { buildSlice, SLICE_ID, SLICE_YEARS, sliceInputs } from '../rules/us-federal-slice/model.ts'
import { COLUMNS } from '../rules/us-federal-slice/rules.ts'
import { type Context, requireReform, requireTree } from './context.ts'
import { requireRecord } from './load-population.ts'
import { columnRefs } from './population-columns.ts'

interface PopulationQuestion {
  readonly reformId: string
  readonly populationId: string
  readonly year: number
}

let plan: Plan | undefined

/** The plan of the rules: one for all reforms, years and populations. */
export function slicePlan(): Plan {
  plan ??= lower(buildSlice())
  return plan
}

/** What the rules call the columns of a population. */
const NAMES: Readonly<Record<string, string>> = {
  filing_status: 'filing status',
  age_head: 'age[head]',
  age_spouse: 'age[spouse]',
  is_dependent: 'is dependent',
  wages_head: 'wages[head]',
  wages_spouse: 'wages[spouse]',
  weight: 'weight',
}

async function sliceColumns(context: Context, population: PopulationRecord): Promise<Record<string, StoredColumn>> {
  const wanted = COLUMNS.map(({ name }) => ({ name: NAMES[name]!, default: 0 }))
  const columns = await columnRefs(context, population, wanted)
  return Object.fromEntries(COLUMNS.map(({ name }) => [name, columns[NAMES[name]!]!]))
}

/** Returns the year; BAD_INPUT where the rules are not for it. */
function assertYear(year: number, path: string): number {
  if (year >= SLICE_YEARS.first && year <= SLICE_YEARS.last) return year
  throw new QuesnayError(
    'BAD_INPUT',
    `the rules ${SLICE_ID} are for ${SLICE_YEARS.first} to ${SLICE_YEARS.last}, not for ${year}`,
    {
      path,
      suggestion: `ask for a year from ${SLICE_YEARS.first} to ${SLICE_YEARS.last}`,
    },
  )
}

/**
 * The run that answers the question, submitted where there is none or where it failed or was cancelled.
 * A tax year is computed by the law of its 1 January, as known now.
 * Errors: BAD_INPUT (year), NOT_FOUND (reform, population), and those of Dispatch.submit.
 */
export function askPopulationRun(context: Context, question: PopulationQuestion): Promise<RunRecord> {
  const key = JSON.stringify([question.reformId, question.populationId, question.year])
  const asked = context.loaders.asked.get(key) ?? ask(context, question)
  context.loaders.asked.set(key, asked)
  return asked
}

async function ask(context: Context, { reformId, populationId, year }: PopulationQuestion): Promise<RunRecord> {
  const day = `${assertYear(year, 'year')}-01-01`
  const population = await requireRecord(context, populationId, 'population')
  const reform = await requireReform(context, reformId, 'reform')
  const tree = await requireTree(context, reform.treeId, 'tree')
  const law = lawOn(tree, day)
  const inputs = sliceInputs(law, reformedOn(law, reform.changes, day))
  const questionHash = hashOf({ reformId, plan: planHash(slicePlan()), inputs, data: population.dataVersion })

  const known = await context.loaders.answer.load(questionHash)
  const standing = known && (await context.loaders.run.load(known.runId))
  if (standing && standing.status !== 'FAILED' && standing.status !== 'CANCELLED') return standing

  const record = await context.dispatch.submit({
    tenant: context.tenant,
    kind: 'POPULATION',
    subject: { type: 'Reform', id: reformId },
    plan: slicePlan(),
    inputs,
    columns: await sliceColumns(context, population),
    lanes: population.units,
    result: { kind: 'LANES' },
    class: 'p0',
    provenance: {
      dataVersions: [`${population.id}@${population.dataVersion}`],
      parameterSnapshot: hashOf({ tree: tree.snapshotHash, reform: reform.snapshotHash }),
    },
  })
  await context.store.rememberRun({
    tenant: context.tenant,
    questionHash,
    runId: record.id,
    reformId,
    populationId,
    year,
    createdAt: new Date(context.clock.now()),
  })
  return record
}
