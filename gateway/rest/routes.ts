// All routes, by group.
import { ECONOMY_ROUTES } from './economies.ts'
import { HOUSEHOLD_ROUTES } from './households.ts'
import { MECHANISM_ROUTES } from './mechanisms.ts'
import type { Route } from './route.ts'
import { SCENARIO_ROUTES } from './scenarios.ts'

export const ROUTES: readonly Route[] = [
  ...ECONOMY_ROUTES,
  ...MECHANISM_ROUTES,
  ...SCENARIO_ROUTES,
  ...HOUSEHOLD_ROUTES,
]

/** The operations that the routes run. */
export const REST_OPERATIONS: readonly string[] = ROUTES.map(({ operation }) => operation)
