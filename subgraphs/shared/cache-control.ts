// @cacheControl: how long the gateway may give an answer again. Arguments as Apollo's servers know them, and one of ours.
import { DirectiveLocation, GraphQLBoolean, GraphQLDirective, GraphQLInt, GraphQLString } from 'graphql'

export const cacheControl = new GraphQLDirective({
  name: 'cacheControl',
  description:
    'How long an answer with this field, or with an object of this type, may be kept. Where absent: not at all.',
  locations: [
    DirectiveLocation.FIELD_DEFINITION,
    DirectiveLocation.OBJECT,
    DirectiveLocation.INTERFACE,
    DirectiveLocation.UNION,
  ],
  args: {
    maxAge: { type: GraphQLInt, description: 'In seconds.' },
    scope: { type: GraphQLString, description: 'PUBLIC, or PRIVATE: only for the person who asked.' },
    inheritMaxAge: { type: GraphQLBoolean, description: 'As long as what it is part of.' },
    ifFinal: { type: GraphQLBoolean, description: 'Only of an object whose status says that it changes no more.' },
  },
})

/** For @Directive of a type whose objects never change under one id, such as a version of something: only whether they are there may. */
export const KEPT_AN_HOUR = '@cacheControl(maxAge: 3600)'
/** Of a type that changes until it has ended, and never after. */
export const KEPT_WHEN_FINAL = '@cacheControl(maxAge: 31536000, ifFinal: true)'
/** Of a type whose objects are parts of others. */
export const KEPT_AS_ITS_PARENT = '@cacheControl(inheritMaxAge: true)'
/** Of a type whose objects are written to, and tell so: what is known of them by now moves with the days alone. */
export const KEPT_FIVE_MINUTES = '@cacheControl(maxAge: 300)'
