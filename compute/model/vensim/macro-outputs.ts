// Outputs of a macro beside its result: a call `F(a : m, n)` makes the variables m and n.
import { invalid, unsupported } from './faults.ts'
import type { Macro } from './scope.ts'
import type { Parsed, VensimExpression } from './syntax.ts'
import { keyOf, shownName } from './tokens.ts'

type Call = Extract<VensimExpression, { kind: 'call' }>

/**
 * The definitions, and behind each the variables that its calls make: each an equation of its own that calls the macro for the one
 * output. MODEL_INVALID where a macro has no such output; CONSTRUCT_UNSUPPORTED in an equation with subscripts.
 */
export function withMacroOutputs(parsed: readonly Parsed[], macros: ReadonlyMap<string, Macro>): Parsed[] {
  return parsed.flatMap((one) => {
    const { statement, definition } = one
    if (statement.kind !== 'equation' || statement.right.kind !== 'expression') return [one]
    const path = shownName(statement.name)
    const made = callsWithOutputs(statement.right.expression).flatMap((call) => {
      const macro = macros.get(keyOf(call.name))
      // What is no macro of the file is told where the call is read.
      if (!macro) return []
      const known = [...macro.outputs.keys()]
      const { at } = call
      if (call.outputs.length > known.length)
        throw invalid(path, at, `${shownName(call.name)} has ${known.length} outputs, not ${call.outputs.length}`)
      if (statement.subscripts.length > 0)
        throw unsupported(path, at, 'outputs of a macro in an array', 'make a macro for each output')
      return call.outputs.map((name, i): Parsed => {
        const expression: Call = { ...call, outputs: [], output: known[i]! }
        const right = { kind: 'expression', expression } as const
        return { statement: { ...statement, name, right }, definition, notes: [] }
      })
    })
    return [one, ...made]
  })
}

function callsWithOutputs(expression: VensimExpression): Call[] {
  switch (expression.kind) {
    case 'call':
      return [...(expression.outputs.length > 0 ? [expression] : []), ...expression.args.flatMap(callsWithOutputs)]
    case 'unary':
      return callsWithOutputs(expression.operand)
    case 'binary':
      return [...callsWithOutputs(expression.left), ...callsWithOutputs(expression.right)]
    default:
      return []
  }
}
