// Holds docs/formula-language.md to the language.
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { packageFile } from '../../../infra/paths.ts'
import { elaborate } from '../elaborate/elaborate.ts'
import { DISTRIBUTIONS } from '../source/distribution.ts'
import { readModelFile } from '../source/read-model-file.ts'
import { CONSTANTS, FUNCTIONS } from './functions.ts'

const page = readFileSync(packageFile('docs', 'formula-language.md'), 'utf8')

function functionTable(): string {
  const rows = FUNCTIONS.map(({ name, parameters, least, many, family, say }) => {
    const args = parameters.map((p, i) => `${p}${many && i === parameters.length - 1 ? '...' : i >= least ? '?' : ''}`)
    return `| \`${name}(${args.join(', ')})\` | ${family} | ${say} |`
  })
  return ['| function | family | |', '|---|---|---|', ...rows].join('\n')
}

describe('the page of the formula language', () => {
  it('has every function as the table of functions has it', () => {
    expect(page).toContain(functionTable())
  })

  it('has every distribution with its arguments', () => {
    const all = Object.entries(DISTRIBUTIONS).map(([name, args]) => `\`${name}(${args.join(', ')})\``)
    expect(page.replaceAll('\n', ' ')).toContain(all.join(', '))
  })

  it('has every value of the language', () => {
    expect(page).toContain(CONSTANTS.map((name) => `\`${name}\``).join(' '))
  })

  const examples = [...page.matchAll(/```yaml\n([\s\S]*?)```/g)].map(([, text]) => text!)
  it.each(examples.map((text) => [text.split('\n')[0]!, text]))('has an example that is a model: %s', (_, text) => {
    expect(elaborate(readModelFile(text).source).findings).toEqual([])
  })
})
