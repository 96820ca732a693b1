// What a subgraph of a partner asks of ours beyond its grants, told before a gateway refuses to serve it.
import type { DocumentNode, GraphQLSchema } from 'graphql'
import { faultsOfPartner, type Grants, grantOf } from '../authorise/grants.ts'
import { readRules } from '../authorise/read-rules.ts'
import type { Finding } from './finding.ts'

/** What is sent to any partner that adds to an entity: the key that finds it. */
const isKey = (_: string, field: string) => field === 'id'

/**
 * In the words of the gateway. What a partner of the configuration is not granted is an ERROR: the supergraph would not be served. Of one that
 * the configuration does not know, it tells what beyond ids is sent to it: a WARNING where not everybody may see that.
 * @param schema what clients see of the supergraph
 */
export function grantFindings(
  name: string,
  supergraph: DocumentNode,
  schema: GraphQLSchema,
  grants: Grants,
): Finding[] {
  const granted = grantOf(grants, name)
  const rules = readRules(supergraph, schema)
  const isGuarded = (path: string): boolean => {
    const [type = '', field = ''] = path.split('.')
    const parent = schema.getType(type)
    const definition = parent && 'getFields' in parent ? parent.getFields()[field] : undefined
    return !!definition && rules.of(parent as never, definition as never).length > 0
  }
  const faults = new Map(faultsOfPartner(supergraph, name, granted ?? isKey).map((fault) => [fault.path, fault]))
  return [...faults.values()].map(({ path, message }) => {
    const [type, field] = path.split('.')
    return {
      severity: granted ? 'ERROR' : isGuarded(path) ? 'WARNING' : 'INFO',
      code: 'NOT_GRANTED',
      path,
      message,
      suggestion: `grant it in the gateway's configuration, partners.${name}.entities: { ${type}: [${field}] }, or do without`,
    }
  })
}
