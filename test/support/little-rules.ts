// A little rule set for households: brackets by status, a credit that a macro withdraws, contributions, and a grant that ends at a cliff.
import { readTree } from '../../subgraphs/parameters/rules/read-tree.ts'
import { readRuleSet, type TextFile } from '../../subgraphs/parameters/rules/rule-set/read-rule-set.ts'
import type { RuleSet } from '../../subgraphs/parameters/rules/rule-set/rule-set.ts'

const parameter = (id: string, unit: string, value: string, by = '') =>
  `  - { id: little.${id}, label: The ${id.replaceAll('_', ' ')}, unit: ${unit}, references: [Act 1 s. 1], values: [{ from: 2020-01-01, value: ${value}, source: Act 1 }]${by} }`

export const LITTLE_TREE_TEXT = `
id: little
title: A little law
country: USA
currency: USD
from: 2020-01-01
to: 2030-12-31
source: { name: made for tests, licence: CC0-1.0, retrieved: 2026-01-01 }
scales:
  - { id: little.brackets, label: Brackets, count: 2 }
parameters:
${parameter('allowance', 'USD', '1000')}
${parameter('brackets.1.rate', 'fraction', '0.2')}
${parameter('brackets.2.rate', 'fraction', '0.4')}
${parameter('brackets.1.top', 'USD', '[10000, 20000, 10000, 15000, 20000]', ', by: FILING_STATUS')}
${parameter('credit', 'USD', '[0, 500, 900, 1000]', ', by: CHILDREN')}
${parameter('withdrawal_start', 'USD', '5000')}
${parameter('withdrawal_rate', 'fraction', '0.1')}
${parameter('grant', 'USD', '300')}
${parameter('grant_limit', 'USD', '15000')}
${parameter('employee_rate', 'fraction', '0.05')}
${parameter('employer_rate', 'fraction', '0.1')}
`

const HEAD = `
id: little
title: A little law
description: For tests.
tree: little
prefix: little
years: { first: 2020, last: 2030 }
lawOf: 01-01
currency: USD
unit: tax unit
dimensions:
  adult: [head, spouse]
  status: [single, joint, separate, head of household, surviving spouse]
  number: [none, one, two, three or more]
vectors: { FILING_STATUS: status, CHILDREN: number }
columns:
  filing status: { unit: fraction, doc: 1 to 5, default: 1, min: 1, max: 5, integer: true }
  wages: { unit: USD, doc: Wages, dimensions: [adult], default: 0, min: 0, max: 1000000 }
  children: { unit: fraction, doc: Children, default: 0, min: 0, integer: true }
  persons: { unit: person, doc: Persons, default: 1, integer: true }
  weight: { unit: tax_unit, doc: Weight, default: 1 }
population:
  weight: weight
  persons: persons
  market income: market income
  net income: net income
  employer contributions: employer contribution
  earnings: wages
  programmes:
    income tax: { variable: income tax, kind: TAX }
    contributions: { variable: employee contribution, kind: TAX }
    grant: { variable: grant, kind: BENEFIT }
`

const RULES = `
doc: All of it.
parameters:
  allowance: allowance
  credit of children: credit
  withdrawal start: withdrawal_start
  withdrawal rate: withdrawal_rate
  grant amount: grant
  grant limit: grant_limit
  employee rate: employee_rate
  employer rate: employer_rate
scales:
  brackets: brackets
macros:
  withdrawn:
    parameters: { amount: , income: , start: , rate: }
    variables:
      excess: { formula: "max(0, income - start)", doc: Income above the start, unit: USD }
    result: max(0, amount - rate * excess)
variables:
  market income: { formula: "sum(wages[*])", unit: USD, doc: Wages of both, provenance: s. 1 }
  taxable: { formula: "max(0, wages - allowance)", dimensions: [adult], unit: USD, doc: Wages above the allowance, provenance: s. 2 }
  tax before credit: { formula: "marginal(brackets[filing_status], sum(taxable[*]))", unit: USD, doc: Tax by the brackets, provenance: s. 3 }
  child credit: { formula: "withdrawn(credit_of_children[min(children, 3) + 1], market_income, withdrawal_start, withdrawal_rate)", unit: USD, doc: Credit for children, provenance: s. 4 }
  income tax: { formula: tax_before_credit - child_credit, unit: USD, doc: Tax after the credit, provenance: s. 5 }
  grant: { formula: if market_income <= grant_limit then grant_amount else 0, unit: USD, doc: Grant to those of small income, provenance: s. 6 }
  employee contribution: { formula: employee_rate * market_income, unit: USD, doc: Contribution of employees, provenance: s. 7 }
  employer contribution: { formula: employer_rate * market_income, unit: USD, doc: Contribution of employers, provenance: s. 7 }
  net income: { formula: market_income - income_tax - employee_contribution + grant, unit: USD, doc: Net income, provenance: s. 8 }
`

export const LITTLE_FILES: readonly TextFile[] = [
  { path: 'rule-set.yaml', text: HEAD },
  { path: 'rules.yaml', text: RULES },
]

export const littleTree = () => readTree(LITTLE_TREE_TEXT)
export const littleRules = (files: readonly TextFile[] = LITTLE_FILES): RuleSet => readRuleSet(files, littleTree())
