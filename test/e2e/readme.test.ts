// What README shows is what the product answers.
import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { packageFile } from '../../infra/paths.ts'
import { openGraph, type TestGraph } from '../support/graph.ts'

const readme = readFileSync(packageFile('README.md'), 'utf8')
const block = (language: string) => new RegExp(`\`\`\`${language}\n([\\s\\S]*?)\`\`\``).exec(readme)![1]!

let graph: TestGraph
beforeAll(async () => {
  graph = await openGraph()
})
afterAll(() => graph?.close())

it('README shows the first query as the example file has it, and its answer', async () => {
  expect(readFileSync(packageFile('examples', 'first-query.graphql'), 'utf8')).toContain(block('graphql').trim())
  expect({ data: await graph.ask(block('graphql')) }).toEqual(JSON.parse(block('json')))
})
