// Small XMILE files for tests: what is not said is a run of Euler from 0 to 4 by 1.
export interface XmileParts {
  readonly specs?: string
  /** What stands beside the model: dimensions, behavior, units, other models, macros. */
  readonly beside?: string
  readonly header?: string
}

const SPECS = '<sim_specs method="euler" time_units="Months"><start>0</start><stop>4</stop><dt>1</dt></sim_specs>'
const HEADER = '<vendor>test</vendor><product version="1.0">test</product><name>test</name>'

/** A file with these variables in its outermost model. */
export function xmileText(variables: string, parts: XmileParts = {}): string {
  const { specs = SPECS, beside = '', header = HEADER } = parts
  return `<?xml version="1.0" encoding="utf-8"?>
<xmile version="1.0" xmlns="http://docs.oasis-open.org/xmile/ns/XMILE/v1.0" xmlns:isee="http://iseesystems.com/XMILE">
<header>${header}</header>
${specs}
${beside}
<model><variables>
${variables}
</variables></model>
</xmile>`
}

/** An auxiliary with an equation, escaped. */
export const aux = (name: string, equation: string | number, inside = '') =>
  `<aux name="${name}"><eqn>${escaped(String(equation))}</eqn>${inside}</aux>`

export const flow = (name: string, equation: string | number, inside = '') =>
  `<flow name="${name}"><eqn>${escaped(String(equation))}</eqn>${inside}</flow>`

/** A stock; `flows` as `+in -out`. */
export function stock(name: string, initial: string | number, flows = '', inside = ''): string {
  const parts = flows.split(/\s+/).filter(Boolean)
  const tags = parts.map((part) => {
    const tag = part.startsWith('+') ? 'inflow' : 'outflow'
    return `<${tag}>${part.slice(1)}</${tag}>`
  })
  return `<stock name="${name}"><eqn>${escaped(String(initial))}</eqn>${tags.join('')}${inside}</stock>`
}

export const specs = (start: number, stop: number, dt: number, method = 'euler') =>
  `<sim_specs method="${method}" time_units="Months"><start>${start}</start><stop>${stop}</stop><dt>${dt}</dt></sim_specs>`

const escaped = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
