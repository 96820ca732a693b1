// @changes: says objects of which types a mutation may make, change or delete, so that the gateway drops what it has kept of these alone.
import { DirectiveLocation, GraphQLDirective, GraphQLList, GraphQLNonNull, GraphQLString } from 'graphql'

export const changes = new GraphQLDirective({
  name: 'changes',
  description: 'What the mutation may change. Where absent: anything of the tenant.',
  locations: [DirectiveLocation.FIELD_DEFINITION],
  args: {
    types: {
      type: new GraphQLNonNull(new GraphQLList(new GraphQLNonNull(GraphQLString))),
      description: 'Types of objects that may be other objects after it, or be there or not.',
    },
  },
})

/** For `@Directive` of a mutation; without types it changes nothing that the graph shows. */
export const changing = (...types: readonly string[]): string =>
  `@changes(types: [${types.map((type) => JSON.stringify(type)).join(', ')}])`
