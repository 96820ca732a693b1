// @eventSource: says which events on the bus move a subscription field, what they carry, and what a slow subscriber gets.
import { DirectiveLocation, GraphQLDirective, GraphQLList, GraphQLNonNull, GraphQLString } from 'graphql'

const text = (description: string) => ({ type: GraphQLString, description })

/** The same for every subgraph: the gateway composes one definition. Its version stands in schema.ts. */
export const eventSource = new GraphQLDirective({
  name: 'eventSource',
  description: 'The field is pushed by the gateway when an event arrives.',
  locations: [DirectiveLocation.FIELD_DEFINITION],
  args: {
    subject: {
      type: new GraphQLNonNull(GraphQLString),
      description:
        'Subject of the events below those of the tenant, which the gateway puts before it: a family and then words, {args.NAME} for arguments of the field, * for any one word, a last > for the rest.',
    },
    stream: text('Stream that the events are in; EVENTS where absent.'),
    snapshot: text('Query field with the same arguments that shows the state now; absent where there are only events.'),
    policy: text('What a slow subscriber gets: LATEST (where absent), BLOCK or DISCONNECT.'),
    key: text('Member of the payload by which LATEST tells objects apart; absent where the events are about one.'),
    payload: text(
      'Member of an event that holds fields of the object; absent where an event only says that there is news.',
    ),
    statusField: text('Field of the object that says how far it is.'),
    finalStatuses: {
      type: new GraphQLList(new GraphQLNonNull(GraphQLString)),
      description: 'Values of that field after which nothing follows.',
    },
  },
})

/** Description of the argument `after` of a subscription field. */
export const AFTER =
  'Cursor that came with the last result received, to go on from; the state now comes first where absent.'
