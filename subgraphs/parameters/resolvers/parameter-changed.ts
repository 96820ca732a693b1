// A parameter watched: whoever writes one tells so in the same transaction, with what its row holds.
import { Arg, Ctx, Directive, ID, Resolver, Subscription } from 'type-graphql'
import type { NewEvent } from '../../../infra/events.ts'
import { AFTER } from '../../shared/event-source.ts'
import type { ChangedParameter, Tell } from '../store/changed-parameters.ts'
import type { StoredParameter } from '../store.ts'
import { Parameter } from '../types/parameter.ts'
import { type Context, requireParameter } from './context.ts'

@Resolver()
export class ParameterChangedResolver {
  @Directive(
    '@eventSource(subject: "parameter.{args.id}", snapshot: "parameter", policy: "LATEST", payload: "parameter")',
  )
  @Subscription(() => Parameter, {
    topics: 'parameter',
    description: 'The parameter now, and again whenever it or its values are written.',
  })
  parameterChanged(
    @Arg('id', () => ID, { description: 'Path, such as "us.federal.income_tax.brackets.7.rate".' }) id: string,
    @Arg('after', () => String, { nullable: true, description: AFTER }) _after: string | undefined,
    @Ctx() context: Context,
  ): Promise<StoredParameter> {
    return requireParameter(context, id, 'id')
  }
}

/** Notes what is written to parameters, in the transaction that writes it. */
export function tellOf({ events, tenant }: Context): Tell {
  return (sql, changed) => events.note(sql, tenant, changed.map(changeOf))
}

/** Its plain fields go with the event; what a field's arguments decide, such as its values, subscribers read. */
const changeOf = (changed: ChangedParameter): NewEvent => ({
  words: ['parameter', changed.id],
  body: { parameter: { __typename: 'Parameter', ...changed } },
})
