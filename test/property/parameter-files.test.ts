// What is imported and exported again is what it was, in both forms; and an export has the same values on every day.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { exportTree } from '../../subgraphs/parameters/rules/export/export-tree.ts'
import { importTree } from '../../subgraphs/parameters/rules/import/import-tree.ts'
import { snapshotHashOf, type Tree } from '../../subgraphs/parameters/rules/tree.ts'
import { valueAt } from '../../subgraphs/parameters/rules/value-at.ts'
import { IMPORT_OPTIONS } from '../support/import-files.ts'
import { ALL_DAYS, randomFiles } from '../support/random-trees.ts'

type Dialect = 'OPENFISCA' | 'POLICYENGINE'

async function treeOf(files: Parameters<typeof importTree>[0], dialect: Dialect, prefix?: string): Promise<Tree> {
  const { tree, findings } = await importTree(files, { ...IMPORT_OPTIONS, dialect, prefix })
  if (!tree) throw new Error(JSON.stringify(findings.filter(({ severity }) => severity === 'ERROR')))
  return tree
}

const RUNS = { numRuns: 150 }

/** What each parameter is on each day. */
function statesOf(tree: Tree) {
  return Object.fromEntries(
    tree.parameters.map(({ id, kind, values }) => [
      id,
      ALL_DAYS.map((day) => {
        const found = valueAt(values, day)
        return [kind, found?.values, found?.content, found?.ceased]
      }),
    ]),
  )
}

describe('a tree that is exported and imported again', () => {
  it.each(['OPENFISCA', 'POLICYENGINE'] as const)('is the same tree in the form of %s', async (dialect) => {
    await fc.assert(
      fc.asyncProperty(randomFiles(dialect === 'POLICYENGINE'), async (files) => {
        const tree = await treeOf(files, dialect)
        const again = await treeOf(exportTree(tree, { dialect }), dialect)
        expect(again).toEqual(tree)
        expect(snapshotHashOf(again)).toBe(snapshotHashOf(tree))
      }),
      RUNS,
    )
  })

  it('is the same tree below a prefix that is put before it and taken away', async () => {
    await fc.assert(
      fc.asyncProperty(randomFiles(true), async (files) => {
        const tree = await treeOf(files, 'POLICYENGINE', 'x.y')
        const again = await treeOf(exportTree(tree, { dialect: 'POLICYENGINE', prefix: 'x.y' }), 'POLICYENGINE', 'x.y')
        expect(again).toEqual(tree)
      }),
      RUNS,
    )
  })

  it('has the same values on every day where it goes from PolicyEngine to OpenFisca', async () => {
    await fc.assert(
      fc.asyncProperty(randomFiles(true), async (files) => {
        const tree = await treeOf(files, 'POLICYENGINE')
        const exported = exportTree(tree, { dialect: 'OPENFISCA' })
        expect(statesOf(await treeOf(exported, 'OPENFISCA'))).toEqual(statesOf(tree))
      }),
      RUNS,
    )
  })
})
