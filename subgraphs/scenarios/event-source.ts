// @eventSource: says which events on the bus move a subscription field, and which query shows its state.
import { DirectiveLocation, GraphQLDirective, GraphQLNonNull, GraphQLString } from 'graphql'

const required = (description: string) => ({ type: new GraphQLNonNull(GraphQLString), description })

export const eventSource = new GraphQLDirective({
  name: 'eventSource',
  description: 'The field is pushed by the gateway when an event arrives.',
  locations: [DirectiveLocation.FIELD_DEFINITION],
  args: {
    subject: required('Subject of the events, with {args.NAME} for arguments of the field.'),
    snapshot: required('Query field with the same arguments that shows the state now.'),
  },
})
