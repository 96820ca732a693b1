// Asks a subgraph that is not ours: any Federation 2 subgraph over HTTP, which is told of who asks what it was granted, or nothing.
import { PROCESS } from '../../schema/caller.ts'
import { type HttpRequesterOptions, httpRequester } from './http-requester.ts'
import type { SubgraphRequester } from './requester.ts'

/** As httpRequester; it is ready where it answers a query, for it need not have a page that says so. */
export function foreignRequester(options: HttpRequesterOptions): SubgraphRequester {
  const requester = httpRequester({ callerHeaders: async () => ({}), ...options })
  const caller = { tenant: 'none', requestId: 'ready', principal: PROCESS }
  return {
    ...requester,
    ready: () =>
      requester.request({ query: '{ __typename }', caller }).then(
        () => true,
        () => false,
      ),
  }
}
