// The sample bank of the field: read whole, its gaps counted against counts made with another YAML parser, and imported.
import { list } from 'tar'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { silentLog } from '../../infra/log.ts'
import { countFindings } from '../../subgraphs/mechanisms/resolvers/context.ts'
import { compileBank } from '../../subgraphs/mechanisms/rules/compile-bank.ts'
import { type ReadBank, readBank } from '../../subgraphs/mechanisms/rules/read-bank.ts'
import type { BankFile } from '../../subgraphs/mechanisms/rules/yaml-source.ts'
import { readShipped } from '../../subgraphs/mechanisms/seed.ts'
import { mechanisms } from '../../subgraphs/mechanisms/subgraph.ts'
import { openSubgraph } from '../../subgraphs/shared/subgraph.ts'
import { ask } from '../support/ask.ts'
import { freshStore, type TestStore } from '../support/database.ts'
import { manualClock } from '../support/manual-clock.ts'
import { noDispatch } from '../support/no-dispatch.ts'
import { lacksSharedData, sharedData } from '../support/shared-data.ts'

const ARCHIVE = ['mechanisms', 'bank-sample.tar.gz'] as const

async function filesOf(archive: string): Promise<BankFile[]> {
  const files: Promise<BankFile>[] = []
  await list({
    file: archive,
    onReadEntry: (entry) => {
      if (entry.type === 'File')
        files.push(entry.concat().then((text) => ({ path: entry.path, text: text.toString('utf8') })))
    },
  })
  return Promise.all(files)
}

describe.skipIf(lacksSharedData(...ARCHIVE))('the sample bank', () => {
  let files: BankFile[]
  let read: ReadBank

  beforeAll(async () => {
    files = await filesOf(sharedData(...ARCHIVE))
    read = readBank(files, { name: 'healthsystems-sample', version: '1.0.0' })
  })

  it('has 822 records, and all of them are read', () => {
    expect(files).toHaveLength(823)
    expect(read.records).toBe(822)
    expect(read.bank!.mechanisms).toHaveLength(822)
    expect(new Set(read.bank!.mechanisms.map((mechanism) => mechanism.id)).size).toBe(822)
  })

  it('has every gap counted', () => {
    const counts = Object.fromEntries(
      countFindings(read.findings).map(({ severity, code, count }) => [`${severity} ${code}`, count]),
    )
    expect(counts).toEqual({
      // 224 of 822 records have an effect_size block with a value.
      'WARNING EFFECT_MISSING': 598,
      'INFO FORM_MISSING': 822,
      // 224 effects: 133 with both bounds, 1 with the upper one only.
      'INFO CI_MISSING': 90,
      'WARNING CI_HALF': 1,
      'INFO MEASURE_SYNONYM': 7,
      'WARNING EFFECT_NOT_COMPARABLE': 15,
      'WARNING SIGN_DISAGREES': 15,
      'WARNING SELF_INFLUENCE': 2,
      // 643 records have moderators, all in words; 16 varies, 6 neutral, 5 unknown, 1 modifies.
      'INFO MODERATOR_UNQUANTIFIED': 643,
      'WARNING MODERATOR_DIRECTION_UNKNOWN': 28,
      'INFO MODERATOR_NAME_FREE_TEXT': 52,
      'INFO GRADE_DISAGREES': 65,
      'WARNING CITATION_UNVERIFIED': 68,
      'INFO CITATION_PLACEHOLDER': 584,
      // 178 records without a doi field.
      'INFO DOI_MISSING': 58,
      'INFO DOI_FROM_CITATION': 120,
      'INFO FILE_NAME_DIFFERS': 89,
      'INFO NODE_NEW': 801,
      'WARNING NODE_UNLISTED': 163,
      // 13 ids stand twice, and two more once NEW: is taken away.
      'WARNING ID_REPEATED': 15,
      'INFO ENDINGS_MIXED': 1,
    })
  })

  it('names file, line and fix in every finding about a file', () => {
    for (const { code, path, suggestion } of read.findings) {
      if (code !== 'ENDINGS_MIXED') expect(path, code).toMatch(/^mechanisms\/.+\.ya?ml:\d+$/)
      expect(suggestion, code).toBeTruthy()
    }
  })

  it('is rejected whole when unlisted nodes and repeated ids are not allowed', () => {
    const { bank, findings } = readBank(files, { name: 'healthsystems-sample', version: '1.0.0', strict: true })
    expect(bank).toBeNull()
    const errors = countFindings(findings).filter(({ severity }) => severity === 'ERROR')
    expect(errors.map(({ code, count }) => [code, count])).toEqual([
      ['ID_DUPLICATE', 15],
      ['NODE_MISSING', 163],
    ])
  })

  it('compiles to a model of the mechanisms whose effect can be put on one scale', () => {
    const { stocks, mechanisms: simulated } = compileBank(read.bank!)
    expect([stocks, simulated]).toEqual([113, 209])
  })

  it('holds every figure, grade and citation of the shipped bank', async () => {
    const { bank } = await readShipped('us-health.yaml')
    const records = new Map(read.bank!.mechanisms.map((mechanism) => [mechanism.origin, mechanism]))
    const studies = new Map(read.bank!.studies.map((study) => [study.id, study.citation]))
    for (const mechanism of bank!.mechanisms) {
      const source = records.get(mechanism.origin)!
      const { unit: _unit, ...effect } = mechanism.effect!
      expect({ ...source, effect: { ...source.effect, unit: undefined } }, mechanism.id).toMatchObject({
        id: mechanism.id,
        name: mechanism.name,
        category: mechanism.category,
        from: mechanism.from,
        to: mechanism.to,
        sign: mechanism.sign,
        effect,
        evidence: { ...mechanism.evidence, sampleSize: source.evidence.sampleSize, pValue: source.evidence.pValue },
      })
      expect(mechanism.citations[0]!.study).toBe(source.citations[0]!.study)
    }
    for (const study of bank!.studies) expect(studies.get(study.id)).toBe(study.citation)
    expect(bank!.mechanisms).toHaveLength(read.bank!.mechanisms.filter((mechanism) => mechanism.effect).length)
  })

  describe('imported through the graph', () => {
    let database: TestStore
    beforeAll(async () => {
      database = await freshStore()
    })
    afterAll(() => database.drop())

    it('is stored in one request with its lint report', async () => {
      const deps = { store: database.store, dispatch: noDispatch, clock: manualClock(), log: silentLog }
      const subgraph = await openSubgraph(mechanisms, deps)
      const input = { bankId: 'healthsystems-sample@1.0.0', files }
      const { importMechanismBank: outcome } = await ask(
        subgraph,
        `mutation ($input: ImportMechanismBankInput!) { importMechanismBank(input: $input) {
           imported records errors: findings(severity: ERROR) { code } all: findings { code }
           bank { mechanismCount nodeCount findings(severity: WARNING, first: 500) { totalCount } } } }`,
        { variables: { input } },
      )
      expect(outcome).toMatchObject({
        imported: true,
        records: 822,
        errors: [],
        bank: {
          mechanismCount: 822,
          nodeCount: 871,
          findings: { totalCount: read.findings.filter(({ severity }) => severity === 'WARNING').length },
        },
      })
      expect(outcome.all).toHaveLength(read.findings.length)
    })
  })
})
