// From the input of an import to the dataset it describes, and whether it fits the economy it names.
import type { Finding } from '../../shared/types.ts'
import type { ImportSeriesInput } from '../types/dataset.ts'
import type { DatasetSpec } from './check-dataset.ts'

/** The dataset as described, with what holds for all its series put on each. */
export function specOf(input: ImportSeriesInput): DatasetSpec {
  const { origin, licence, retrieved } = input
  return {
    id: input.datasetId,
    title: input.title,
    frequency: input.frequency,
    incomeMeasure: input.incomeMeasure,
    governmentScope: input.governmentScope,
    discrepancy: input.discrepancy ?? null,
    series: input.series.map(({ name, label, role, unit, kind, priceBasis, precision }) => ({
      name,
      label: label ?? name,
      role: role ?? null,
      unit,
      kind,
      priceBasis,
      precision: precision ?? null,
      origin,
      licence,
      retrieved,
    })),
  }
}

interface EconomyName {
  readonly id: string
  readonly name: string
  readonly currency: string
}

export interface CheckedEconomy {
  readonly economy: EconomyName
  readonly findings: Finding[]
}

/** The economy an import is about: the one that stands, or a new one of the name and currency given. */
export function checkEconomy(input: ImportSeriesInput, standing: EconomyName | undefined): CheckedEconomy {
  const findings: Finding[] = []
  const fault = (code: string, path: string, message: string, suggestion: string) =>
    findings.push({ severity: 'ERROR', code, path, message, suggestion })
  const currency = input.currency ?? standing?.currency ?? ''
  if (!/^[A-Z]{3}$/.test(input.economyId))
    fault(
      'ECONOMY_INVALID',
      'economyId',
      `"${input.economyId}" is not three capital letters`,
      'give an ISO 3166 alpha-3 code such as "USA"',
    )
  if (standing && currency !== standing.currency)
    fault(
      'CURRENCY_MISMATCH',
      'currency',
      `${standing.id} is kept in ${standing.currency}`,
      `convert to ${standing.currency}`,
    )
  if (!standing && !/^[A-Z]{3}$/.test(currency))
    fault(
      'CURRENCY_INVALID',
      'currency',
      'a new economy needs a currency of three capital letters',
      'give an ISO 4217 code such as "USD"',
    )
  if (!standing && !input.economyName?.trim())
    fault(
      'ECONOMY_UNKNOWN',
      'economyId',
      `there is no economy "${input.economyId}" yet`,
      'give economyName and currency to make it',
    )
  return {
    economy: { id: input.economyId, name: standing?.name ?? input.economyName?.trim() ?? '', currency },
    findings,
  }
}
