// A small rule set over a small tree: an allowance, two brackets by status, and a benefit that is withdrawn.

import { readTree } from '../../subgraphs/parameters/rules/read-tree.ts'
import { readRuleSet, type TextFile } from '../../subgraphs/parameters/rules/rule-set/read-rule-set.ts'
import type { RuleSet } from '../../subgraphs/parameters/rules/rule-set/rule-set.ts'

const parameter = (id: string, unit: string, value: string, more = '') =>
  `  - { id: small.${id}, label: ${id}, unit: ${unit}, references: [Act 1], values: [{ from: 2020-01-01, value: ${value} }]${more} }`

export const SMALL_TREE_TEXT = `
id: small
title: A small law
country: USA
currency: USD
from: 2020-01-01
to: 2030-12-31
source: { name: made for tests, licence: CC0-1.0, retrieved: 2026-01-01 }
scales:
  - { id: small.brackets, label: Brackets, count: 2 }
parameters:
${parameter('allowance', 'USD', '1000')}
${parameter('benefit', 'USD', '600')}
${parameter('withdrawal', 'fraction', '0.1')}
${parameter('brackets.1.rate', 'fraction', '0.2')}
${parameter('brackets.2.rate', 'fraction', '0.4')}
${parameter('brackets.1.top', 'USD', '[10000, 20000, 10000, 15000, 20000]', ', by: FILING_STATUS')}
`

const HEAD = `
id: small
title: A small law
description: For tests.
tree: small
prefix: small
years: { first: 2020, last: 2030 }
lawOf: 01-01
currency: USD
unit: tax unit
dimensions: { adult: [head, spouse], status: [single, joint, separate, head of household, surviving spouse] }
vectors: { FILING_STATUS: status }
columns:
  filing status: { unit: fraction, doc: 1 to 5, default: 1, min: 1, max: 5, integer: true }
  wages: { unit: USD, doc: Wages, dimensions: [adult], default: 0, min: 0 }
  children: { unit: person, doc: Children, default: 0, integer: true }
  persons: { unit: person, doc: Persons, default: 1, integer: true }
  weight: { unit: tax_unit, doc: Weight, default: 1 }
  region: { unit: fraction, doc: Region, default: 0, integer: true }
population:
  weight: weight
  persons: persons
  market income: market income
  net income: net income
  earnings: wages
  groups: { region: region }
  programmes: { income tax: { variable: tax, kind: TAX }, child benefit: { variable: benefit, kind: BENEFIT } }
`

const RULES = `
doc: All of it.
parameters:
  allowance: allowance
  benefit per child: benefit
  withdrawal rate: withdrawal
scales:
  brackets: brackets
variables:
  market income: { formula: "sum(wages[*])", unit: USD, doc: Wages of both, provenance: s. 1 }
  taxable: { formula: "max(0, wages - allowance)", dimensions: [adult], unit: USD, doc: Wages above the allowance, provenance: s. 2 }
  tax: { formula: "marginal(brackets[filing_status], sum(taxable[*]))", unit: USD, doc: Tax by the brackets, provenance: s. 3 }
  benefit: { formula: "max(0, children * benefit_per_child / one_child - withdrawal_rate * tax)", unit: USD, doc: Child benefit, provenance: s. 4 }
  one child: { formula: "1", unit: person, doc: Unit, provenance: s. 4 }
  net income: { formula: market_income - tax + benefit, unit: USD, doc: Net income, provenance: s. 5 }
`

export const SMALL_FILES: readonly TextFile[] = [
  { path: 'rule-set.yaml', text: HEAD },
  { path: 'rules.yaml', text: RULES },
]

export const smallTree = () => readTree(SMALL_TREE_TEXT)
export const smallRules = (files: readonly TextFile[] = SMALL_FILES): RuleSet => readRuleSet(files, smallTree())
