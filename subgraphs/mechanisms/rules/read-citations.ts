// Citations as found in files, and the studies they name.
import { sha256 } from '../../../schema/hash.ts'
import type { Citation, Study } from './bank.ts'
import type { RecordReader } from './record-reader.ts'

/** A DOI without its resolver; DOI Handbook, section 2.2, as Crossref assigns them. */
const DOI = /^10\.\d{4,}\/.+$/
const IN_TEXT = /\b10\.\d{4,}\/[^\s"<>]+/

/** Texts that stand where a citation was meant to be. */
const PLACEHOLDER = /^additional citations require/i

export interface ReadCitations {
  readonly citations: Citation[]
  readonly studies: Study[]
}

/** The DOI in lower case, without "https://doi.org/"; null for none; a finding where it is malformed. */
export function readDoi(reader: RecordReader, ...keys: readonly (string | number)[]): string | null {
  const text = reader.text(...keys)
  if (text === null) return null
  const doi = text.replace(/^(https?:\/\/(dx\.)?doi\.org\/|doi:\s*)/i, '')
  if (DOI.test(doi)) return doi.toLowerCase()
  reader.note(
    'WARNING',
    'DOI_MALFORMED',
    keys,
    `"${text.slice(0, 60)}" is no DOI and is left out`,
    'give it as 10.NNNN/suffix',
  )
  return null
}

/** Primary and supporting citations of an `evidence` block; placeholders are left out. */
export function readCitations(reader: RecordReader): ReadCitations {
  const text = reader.text('primary_citation')
  const given = readDoi(reader, 'doi')
  const doi = given ?? doiIn(text)
  if (text === null)
    reader.note('WARNING', 'CITATION_MISSING', [], 'no primary citation is given', 'add primary_citation')
  if (doi === null) reader.note('INFO', 'DOI_MISSING', [], 'the primary citation has no DOI', 'add doi')
  else if (given === null)
    reader.note(
      'INFO',
      'DOI_FROM_CITATION',
      ['primary_citation'],
      `the DOI ${doi} is read from the citation's text`,
      `add doi: ${doi}`,
    )
  const primary = text === null ? [] : [studyOf(text, doi)]
  const supporting = reader.texts('supporting_citations')
  const real = supporting.filter((citation) => !PLACEHOLDER.test(citation))
  if (real.length < supporting.length)
    reader.note(
      'INFO',
      'CITATION_PLACEHOLDER',
      ['supporting_citations'],
      `${supporting.length - real.length} supporting citations are placeholders and are left out`,
      'give the citations',
    )
  return {
    citations: [
      ...primary.map((study): Citation => ({ study: study.id, text: study.citation, role: 'PRIMARY' })),
      ...real.map((citation): Citation => ({ study: null, text: citation, role: 'SUPPORTING' })),
    ],
    studies: primary,
  }
}

function studyOf(citation: string, doi: string | null): Study {
  return { id: doi ?? `study-${sha256(citation).slice(0, 16)}`, doi, citation }
}

const doiIn = (text: string | null): string | null =>
  text
    ?.match(IN_TEXT)?.[0]
    .replace(/[.,;)]+$/, '')
    .toLowerCase() ?? null
