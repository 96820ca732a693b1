// A check that cannot be made is a finding too.
import { withoutSecrets } from '../../infra/log.ts'
import { toWireError } from '../../schema/errors.ts'
import { type Finding, findings } from './finding.ts'

/** @param otherwise what to do where the error does not say it */
export async function guarded(
  check: string,
  look: () => Finding | readonly Finding[] | Promise<Finding | readonly Finding[]>,
  otherwise?: string,
): Promise<readonly Finding[]> {
  try {
    return [await look()].flat()
  } catch (error) {
    const { code, detail } = toWireError(error)
    const [problem] = (detail['problems'] ?? []) as { fix?: string }[]
    const fix = problem?.fix ?? detail['suggestion'] ?? otherwise
    const message = withoutSecrets((error as Error).message)
    return [findings(check).fail(message, typeof fix === 'string' ? fix : `see docs/errors.md, ${code}`)]
  }
}
