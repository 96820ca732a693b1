// What the parts of the graph ask of whoever asks for them, in one place: identities, scopes, tiers and geographies.
import { type Principal, TIERS, type Tier } from '../../schema/caller.ts'
import { QuesnayError } from '../../schema/errors.ts'
import type { RunKind } from '../../schema/terms/run.ts'

/** What may be written, and what only those who run the house may see; reading one's own takes an identity alone. */
const SCOPES = [
  'parameters:write',
  'populations:write',
  'economies:write',
  'mechanisms:write',
  'portfolios:write',
  'scenarios:write',
  'audit:read',
  'admin',
] as const
type Scope = (typeof SCOPES)[number]

/** For `@Directive`: what a tenant keeps for itself. */
export const KNOWN_ONLY = '@authenticated'

/** For `@Directive`: one of the scopes. */
export const needsScope = (...anyOf: readonly Scope[]): string =>
  `@requiresScopes(scopes: [${anyOf.map((scope) => `["${scope}"]`).join(', ')}])`

/** For `@Directive`: a tier, or one above it. */
export const needsTier = (tier: Tier): string => `@policy(policies: [["tier:${tier}"]])`

/**
 * One of these for a run that was not there before, also where reading a field has it submitted; whoever has none reads the runs that stand.
 * What is calculated for units given with the question is an answer, and no run that others find.
 */
const SUBMITS: Readonly<Record<RunKind, readonly Scope[]>> = {
  SIMULATION: ['scenarios:write'],
  POPULATION: ['scenarios:write'],
  RISK: ['scenarios:write', 'portfolios:write'],
  CALCULATION: [],
}

/** FORBIDDEN where the principal may read runs of a kind, and not have one computed. */
export function assertMaySubmit({ scopes }: Principal, kind: RunKind): void {
  const anyOf = SUBMITS[kind]
  if (anyOf.length === 0 || scopes.includes('*') || anyOf.some((scope) => scopes.includes(scope))) return
  throw new QuesnayError(
    'FORBIDDEN',
    `nothing of this has been computed yet, and having it computed takes the scope ${anyOf.join(' or ')}`,
    {
      scopes: anyOf.map((scope) => [scope]),
      suggestion: `ask with the scope ${anyOf[0]}, or for a run that there is: runs`,
    },
  )
}

/** Scenarios of one tenant that are simulated at a time. */
const SCENARIOS_AT_ONCE: Readonly<Record<Tier, number>> = { free: 1, pro: 5, enterprise: 50 }

/** undefined: no limit, for what this process does by itself. */
export const scenariosAtOnce = ({ proof, tier }: Principal): number | undefined =>
  proof === 'process' ? undefined : SCENARIOS_AT_ONCE[tier]

/** Economies whose figures come with every tier; all others from this one on. */
const BASIC_ECONOMIES: readonly string[] = ['USA']
const ALL_GEOGRAPHIES: Tier = 'pro'

/** FORBIDDEN where the figures of an economy do not come with the tier. */
export function assertGeography({ tier }: Principal, economyId: string, path: string): void {
  if (BASIC_ECONOMIES.includes(economyId) || TIERS.indexOf(tier) >= TIERS.indexOf(ALL_GEOGRAPHIES)) return
  throw new QuesnayError('FORBIDDEN', `the figures of ${economyId} do not come with the tier ${tier}`, {
    path,
    tier: ALL_GEOGRAPHIES,
    geographies: BASIC_ECONOMIES,
    suggestion: `ask for ${BASIC_ECONOMIES.join(', ')}, or have the tier ${ALL_GEOGRAPHIES}`,
  })
}
