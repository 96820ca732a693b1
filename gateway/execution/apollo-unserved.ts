// What of a supergraph the executor of @apollo/gateway would answer wrong without an error, so that it is refused there.
import { type DirectiveNode, type DocumentNode, Kind } from 'graphql'
import { conflictSentence, readRequirements } from '../requirements/read-requirements.ts'

const OTHERWISE = 'use the executor `compiled`'

/** Sentences, each with what to do; none where all of it is served. */
export function unservedByApollo(supergraph: DocumentNode): string[] {
  return [
    ...readRequirements(supergraph).conflicts.map((conflict) => `${conflictSentence(conflict)}: ${OTHERWISE}`),
    ...contextualFields(supergraph).map((place) => `${place} takes values of a context (@fromContext): ${OTHERWISE}`),
  ]
}

/** Fields with arguments that are taken from the objects around them, as `Type.field`. */
function contextualFields({ definitions }: DocumentNode): string[] {
  return definitions.flatMap((node) => {
    if (node.kind !== Kind.OBJECT_TYPE_DEFINITION && node.kind !== Kind.INTERFACE_TYPE_DEFINITION) return []
    const fields = (node.fields ?? []).filter(({ directives }) => directives?.some(takesContext))
    return fields.map(({ name }) => `${node.name.value}.${name.value}`)
  })
}

const takesContext = ({ name, arguments: given = [] }: DirectiveNode): boolean =>
  name.value === 'join__field' && given.some((one) => one.name.value === 'contextArguments')
