// The import of a bank: read, check, and store all of it or nothing.
import { QuesnayError } from '../../../schema/errors.ts'
import type { Finding } from '../../shared/types.ts'
import { bankId } from '../rules/bank.ts'
import { rowsOf } from '../rules/bank-rows.ts'
import { readBank } from '../rules/read-bank.ts'
import type { ImportMechanismBankInput, ImportMechanismBankPayload } from '../types/import.ts'
import { type Context, countFindings, requireBank } from './context.ts'

const MAX_FILES = 20_000
const BANK_ID = /^([a-z0-9][a-z0-9-]{0,62})@([A-Za-z0-9][A-Za-z0-9.+-]{0,62})$/
const ISO3 = /^[A-Z]{3}$/

/**
 * Faults of the files are findings; nothing is stored where one is an ERROR.
 * @throws BAD_INPUT for a malformed id or no files; LIMIT_EXCEEDED for too many; ALREADY_EXISTS for other content under the id
 */
export async function importBank(
  input: ImportMechanismBankInput,
  context: Context,
): Promise<ImportMechanismBankPayload> {
  const { files, title, geography, strict, dryRun } = input
  checkInput(input)
  const [, name, version] = BANK_ID.exec(input.bankId ?? '') ?? []
  const read = readBank(files, { name, version, strict, title: title ?? undefined, geography: geography ?? undefined })
  const findings: Finding[] = [...read.findings, ...unnamed(read.bank)]
  const outcome = (bank: ImportMechanismBankPayload['bank'], imported: boolean): ImportMechanismBankPayload => ({
    bank,
    imported,
    records: read.records,
    findingCounts: countFindings(findings),
    allFindings: findings,
  })
  if (dryRun || !read.bank || findings.some(({ severity }) => severity === 'ERROR')) return outcome(null, false)

  const id = bankId(read.bank)
  const rows = rowsOf(read.bank, findings, context.tenant, new Date(context.clock.now()))
  const imported = await context.store.insertBank(rows)
  if (!imported)
    findings.push({
      severity: 'INFO',
      code: 'EXISTED',
      path: 'input.bankId',
      message: `${id} stood already with this content`,
    })
  return outcome(await requireBank(context, id, 'input.bankId'), imported)
}

function checkInput({ bankId, files, geography }: ImportMechanismBankInput): void {
  if (bankId != null && !BANK_ID.test(bankId))
    throw new QuesnayError('BAD_INPUT', `"${bankId.slice(0, 80)}" is no id of a bank`, {
      path: 'input.bankId',
      suggestion: 'give name@version: lower-case letters, digits and hyphens, then such as 1.0.0',
    })
  if (files.length === 0)
    throw new QuesnayError('BAD_INPUT', 'the import has no files', {
      path: 'input.files',
      suggestion: 'give at least one',
    })
  if (files.length > MAX_FILES)
    throw new QuesnayError('LIMIT_EXCEEDED', `at most ${MAX_FILES} files`, { path: 'input.files', limit: MAX_FILES })
  const paths = new Set<string>()
  for (const { path } of files) {
    if (paths.has(path))
      throw new QuesnayError('BAD_INPUT', `two files have the path "${path.slice(0, 200)}"`, {
        path: 'input.files',
        suggestion: 'give each file once',
      })
    paths.add(path)
  }
  const wrong = geography?.find((code) => !ISO3.test(code))
  if (wrong !== undefined)
    throw new QuesnayError('BAD_INPUT', `"${wrong.slice(0, 20)}" is no economy`, {
      path: 'input.geography',
      suggestion: 'give ISO 3166 alpha-3 codes such as USA',
    })
}

/** The files of some formats name no bank, and a file may name it badly. */
function unnamed(bank: Parameters<typeof bankId>[0] | null): Finding[] {
  if (!bank || BANK_ID.test(bankId(bank))) return []
  const message = bank.name === '' ? 'the files do not say which bank they are' : `"${bankId(bank)}" is no id of a bank`
  const suggestion = 'give name@version, such as healthsystems-sample@1.0.0'
  return [{ severity: 'ERROR', code: 'BANK_UNNAMED', path: 'input.bankId', message, suggestion }]
}
