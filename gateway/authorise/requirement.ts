// What must hold for a part of the graph to be asked for, and whether it holds for somebody.
import { type Principal, TIERS, type Tier } from '../../schema/caller.ts'

/** What one directive asks: all members of one of the groups. */
export type Requirement =
  | { readonly kind: 'authenticated' }
  | { readonly kind: 'scopes' | 'policies'; readonly anyOf: readonly (readonly string[])[] }

/** Whom a policy lets through: every member that is there must hold. */
export interface Policy {
  readonly roles?: readonly string[] | undefined
  readonly scopes?: readonly string[] | undefined
  readonly tier?: Tier | undefined
  readonly tenants?: readonly string[] | undefined
}

/** By name. `tier:pro`, `tier:enterprise` and `role:NAME` are always there. */
export type Policies = Readonly<Record<string, Policy>>

interface Asker {
  readonly tenant: string
  readonly principal: Principal
}

/** Equal for equal requirements. */
export const keyOf = (requirement: Requirement): string => JSON.stringify(requirement)

/** Everything is granted, or this scope is. */
const hasScope = ({ scopes }: Principal, scope: string): boolean => scopes.includes('*') || scopes.includes(scope)

const hasTier = ({ tier }: Principal, least: Tier): boolean => TIERS.indexOf(tier) >= TIERS.indexOf(least)

/** Whoever comes without credentials is nobody, except where the configuration grants them everything. */
const isAuthenticated = ({ proof, scopes }: Principal): boolean => proof !== 'demo' || scopes.includes('*')

/** A policy that nobody has defined holds for nobody. */
export function holds(requirement: Requirement, asker: Asker, policies: Policies): boolean {
  if (requirement.kind === 'authenticated') return isAuthenticated(asker.principal)
  const one =
    requirement.kind === 'scopes'
      ? (scope: string) => hasScope(asker.principal, scope)
      : (name: string) => policyHolds(name, asker, policies)
  return requirement.anyOf.some((group) => group.every(one))
}

function policyHolds(name: string, { tenant, principal }: Asker, policies: Policies): boolean {
  const policy = Object.hasOwn(policies, name) ? policies[name] : builtIn(name)
  if (!policy) return false
  const { roles, scopes, tier, tenants } = policy
  return (
    (!roles || roles.some((role) => principal.roles.includes(role))) &&
    (!scopes || scopes.some((scope) => hasScope(principal, scope))) &&
    (!tier || hasTier(principal, tier)) &&
    (!tenants || tenants.includes(tenant))
  )
}

function builtIn(name: string): Policy | undefined {
  const [, kind, value = ''] = /^(tier|role):([\w-]+)$/.exec(name) ?? []
  if (kind === 'role') return { roles: [value] }
  const tier = TIERS.find((known) => known === value)
  return kind === 'tier' && tier ? { tier } : undefined
}
