// Equal queries to one subgraph at one time are sent once, also where different operations make them.
import type { FormattedExecutionResult } from 'graphql'
import type { Metrics } from '../../infra/metrics.ts'
import { authScope } from '../cache/auth-scope.ts'
import type { Generations } from '../cache/generations.ts'
import { asJson } from '../requesters/local-requester.ts'
import { isMutation, type SubgraphRequester, type SubgraphRequesters } from '../requesters/requester.ts'
import { Flights } from './flights.ts'

export interface SharedFetchDeps {
  readonly generations: Generations
  readonly metrics: Pick<Metrics, 'sharedAnswers'>
}

interface Answer {
  readonly first: FormattedExecutionResult
  /** As it came, for those who joined: the operation that asked first changes its own. */
  readonly untouched: FormattedExecutionResult | undefined
}

/** Each operation gets an answer of its own, because answers are merged in place. Mutations are never shared. */
export function sharedRequester(
  inner: SubgraphRequester,
  { generations, metrics }: SharedFetchDeps,
): SubgraphRequester {
  const flights = new Flights<Answer>()
  return {
    ...inner,
    async request(request) {
      const { query, caller, operationName = '' } = request
      if (isMutation(query)) return inner.request(request)
      const variables = request.variablesText ?? JSON.stringify(request.variables ?? {})
      const scope = `${generations.of(caller.tenant)} ${authScope(caller, 'private')}`
      const key = `${scope}\n${operationName}\n${query}\n${variables}`
      const { result, joined } = flights.share(key, caller.signal, async (signal, land) => {
        const asked = { ...request, variablesText: variables, caller: { ...caller, signal } }
        const first = await inner.request(asked)
        return { first, untouched: land() > 1 ? (asJson(first) as FormattedExecutionResult) : undefined }
      })
      if (!joined) return (await result).first
      metrics.sharedAnswers.inc({ what: 'fetch' })
      return asJson((await result).untouched) as FormattedExecutionResult
    },
  }
}

/** The requesters of a gateway, each shared by its operations. */
export const sharedRequesters =
  (services: SubgraphRequesters, deps: SharedFetchDeps): SubgraphRequesters =>
  (name, url) =>
    sharedRequester(services(name, url), deps)
