// What a scenario asks the fleet: its model under its macro path, or its uploaded model.
import type { Submission } from '../../../compute/dispatch/port.ts'
import { lower } from '../../../compute/model/lowering/lower.ts'
import type { Model } from '../../../compute/model/model.ts'
import { QuesnayError } from '../../../schema/errors.ts'
import { hashOf } from '../../../schema/hash.ts'
import { probabilitiesOf } from '../rules/run-results.ts'
import { deriveSimulation, type NetworkScenario } from '../rules/simulation.ts'
import type { ScenarioRow } from '../store/rows.ts'
import type { Scenario } from '../types/scenario.ts'
import { type Context, requireScenario } from './context.ts'

/**
 * A subgraph that fails leaves null, as one that has nothing to say: a run without its path would be the baseline.
 * @throws INPUT_FAILED
 */
function assertInputs(row: ScenarioRow, { model, macroPath }: Scenario): void {
  const missing = row.bankId && !model ? 'model' : row.bankId && row.economyId && !macroPath ? 'macroPath' : undefined
  if (missing)
    throw new QuesnayError('INPUT_FAILED', `the scenario "${row.id}" cannot be run without its ${missing}`, {
      path: missing,
      suggestion:
        missing === 'model' ? 'see that its bank exists' : 'select macroPath { times } to see why it is missing',
    })
}

/** A scenario of a network has a time of its own; an uploaded model brings its own (the table holds rows to that). */
function isNetwork(row: ScenarioRow): row is ScenarioRow & NetworkScenario {
  return row.horizonYears !== null
}

export interface ScenarioQuestion {
  /** Of all that the answer depends on. */
  readonly hash: string
  submission(): Promise<Submission>
}

/** The question of a scenario with what other subgraphs say of it; null where there is nothing to simulate. NOT_FOUND, INPUT_FAILED. */
export async function readQuestion(context: Context, scenario: Scenario): Promise<ScenarioQuestion | null> {
  const row = await requireScenario(context, scenario.id, 'id')
  assertInputs(row, scenario)
  const hash = row.uploadedModel?.hash ?? scenario.model?.hash
  if (hash === undefined) return null
  const path = row.uploadedModel ? null : (scenario.macroPath ?? null)
  return {
    hash: hashOf({ content: row, model: hash, path }),
    async submission() {
      const bytes = await context.dispatch.loadBlob(context.tenant, hash)
      const stored = JSON.parse(new TextDecoder().decode(bytes)) as Model
      const { model, series } = isNetwork(row) ? deriveSimulation(row, stored, path) : { model: stored, series: {} }
      return {
        tenant: context.tenant,
        kind: 'SIMULATION',
        subject: { type: 'Scenario', id: row.id },
        plan: lower(model),
        series,
        lanes: row.draws,
        seed: row.seed,
        result: { kind: 'ENSEMBLE', probabilities: probabilitiesOf(row.draws) },
        class: 'p0',
        provenance: {
          bankVersion: row.bankId,
          dataVersions: row.uploadedModel ? [hash, row.uploadedModel.sourceHash] : [hash],
        },
      }
    },
  }
}
