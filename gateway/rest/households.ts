// Routes of households: one unit under the rules of a year.
import { member, type Route } from './route.ts'

const calculate: Route = {
  method: 'POST',
  path: '/household/calculate',
  id: 'calculateHousehold',
  summary:
    'Taxes, benefits and whatever else the rules define for one unit; what is named is computed, and nothing else.',
  operation: `query CalculateHousehold($input: HouseholdInput!, $names: [String!]) {
    household(input: $input) {
      year lawOf knownAt
      ruleSet { id title country currency unit hash }
      reform { id }
      variables(names: $names) { name value unit label reference law }
    }
  }`,
  data: member('household'),
}

export const HOUSEHOLD_ROUTES: readonly Route[] = [calculate]
