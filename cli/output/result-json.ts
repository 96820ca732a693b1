// A result as JSON: the times, and the values of each variable by its name.
import type { ResultFile } from './result-columns.ts'

export function resultJson({ run, results }: ResultFile): string {
  const { times, timeUnit, draws, columns } = results
  const variables = columns.map(({ variable, unit, mean, p05, p50, p95, sd }) => {
    const values = draws === 1 ? { values: mean } : { mean, sd, p05, p50, p95 }
    return [variable, { unit, ...values }] as const
  })
  const file = {
    run: run.id,
    resultHash: run.resultHash,
    ...run.provenance,
    draws,
    time: { unit: timeUnit, values: times },
    variables: Object.fromEntries(variables),
  }
  return `${JSON.stringify(file)}\n`
}
