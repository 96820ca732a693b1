// The fleet for tests of what must not ask it.
import type { Dispatch } from '../../compute/dispatch/port.ts'

/** Any call on it fails the test. */
export const noDispatch: Dispatch = new Proxy({} as Dispatch, {
  get: (_, name) => () => Promise.reject(new Error(`the fleet was asked: ${String(name)}`)),
})
