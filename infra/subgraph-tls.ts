// Certificates between the gateway and its subgraphs: what each side shows, and whose certificates it takes.
import { readFileSync } from 'node:fs'
import { createSecureContext } from 'node:tls'
import { QuesnayError } from '../schema/errors.ts'

/** Absolute paths of PEM files, each a variable of the configuration. */
export interface SubgraphTlsFiles {
  /** QUESNAY_SUBGRAPH_CA: the authorities whose certificates are taken. */
  readonly caFile?: string | undefined
  /** QUESNAY_SUBGRAPH_CERT and QUESNAY_SUBGRAPH_KEY: our own certificate and its key. */
  readonly certFile?: string | undefined
  readonly keyFile?: string | undefined
}

/** PEM texts. */
export interface SubgraphTls {
  readonly ca?: string
  readonly cert?: string
  readonly key?: string
}

/** What a subgraph serves with: all three. */
export type ServingTls = Required<SubgraphTls>

/** undefined where nothing is configured. CONFIG_INVALID where a file cannot be read, holds no PEM, or certificate and key do not belong together. */
export function readSubgraphTls({ caFile, certFile, keyFile }: SubgraphTlsFiles): SubgraphTls | undefined {
  if (!caFile && !certFile) return undefined
  const tls = {
    ...(caFile ? { ca: textOf(caFile, 'QUESNAY_SUBGRAPH_CA') } : {}),
    ...(certFile ? { cert: textOf(certFile, 'QUESNAY_SUBGRAPH_CERT') } : {}),
    ...(keyFile ? { key: textOf(keyFile, 'QUESNAY_SUBGRAPH_KEY') } : {}),
  }
  try {
    createSecureContext(tls)
  } catch (cause) {
    throw invalid('QUESNAY_SUBGRAPH_CERT', `are no certificates: ${(cause as Error).message}`, cause)
  }
  return tls
}

/**
 * What a subgraph's own process serves with; undefined, plain HTTP, where no certificate is configured. CONFIG_INVALID where the authority
 * is missing: the connection would be encrypted for anybody.
 */
export function servingTls(files: SubgraphTlsFiles): ServingTls | undefined {
  const { ca, cert, key } = readSubgraphTls(files) ?? {}
  if (cert === undefined || key === undefined) return undefined
  if (ca === undefined) throw invalid('QUESNAY_SUBGRAPH_CA', "lack the authority of the gateway's certificate")
  return { ca, cert, key }
}

function textOf(file: string, variable: string): string {
  try {
    const text = readFileSync(file, 'utf8')
    if (text.includes('-----BEGIN ')) return text
  } catch (cause) {
    throw invalid(variable, `cannot be read: ${(cause as Error).message}`, cause)
  }
  throw invalid(variable, 'hold no PEM')
}

const invalid = (path: string, problem: string, cause?: unknown) =>
  new QuesnayError(
    'CONFIG_INVALID',
    `the certificates between gateway and subgraphs ${problem}`,
    { path, suggestion: 'set QUESNAY_SUBGRAPH_CA, QUESNAY_SUBGRAPH_CERT and QUESNAY_SUBGRAPH_KEY to PEM files' },
    { cause },
  )
