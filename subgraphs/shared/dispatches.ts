// @dispatches: says how many seconds of computing a field has done by the fleet, so that the gateway can refuse what is too much.
import { DirectiveLocation, GraphQLDirective, GraphQLFloat, GraphQLList, GraphQLNonNull, GraphQLString } from 'graphql'

export const dispatches = new GraphQLDirective({
  name: 'dispatches',
  description: 'The field has computing done, or makes what will have it done: an estimate of how much.',
  locations: [DirectiveLocation.FIELD_DEFINITION],
  args: {
    seconds: {
      type: new GraphQLNonNull(GraphQLFloat),
      description: 'Seconds of one thread; of one unit where `per` names some.',
    },
    per: {
      type: new GraphQLList(new GraphQLNonNull(GraphQLString)),
      description:
        'Arguments that multiply it, such as input.draws: a number by its value, a list by its length, at least 1.',
    },
  },
})
