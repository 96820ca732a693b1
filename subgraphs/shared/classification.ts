// @classification: how confidential what a question gives is. The audit of the gateway writes down PUBLIC and INTERNAL alone.
import { DirectiveLocation, GraphQLDirective, GraphQLNonNull, GraphQLString } from 'graphql'

export const classification = new GraphQLDirective({
  name: 'classification',
  description: 'How confidential the value given is; on a field, those of its arguments. INTERNAL where absent.',
  locations: [
    DirectiveLocation.ARGUMENT_DEFINITION,
    DirectiveLocation.INPUT_FIELD_DEFINITION,
    DirectiveLocation.FIELD_DEFINITION,
  ],
  args: {
    level: { type: new GraphQLNonNull(GraphQLString), description: 'PUBLIC, INTERNAL, CONFIDENTIAL or PERSONAL.' },
  },
})

/** For @Directive of a field, an input field or an argument. */
export const PERSONAL = '@classification(level: "PERSONAL")'
export const CONFIDENTIAL = '@classification(level: "CONFIDENTIAL")'
