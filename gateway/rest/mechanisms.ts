// Routes of mechanisms: a page of a bank.
import { nodesOf, type Route } from './route.ts'

const list: Route = {
  method: 'GET',
  path: '/mechanisms',
  id: 'listMechanisms',
  summary: 'Mechanisms of the newest version of each bank, or of the bank named, by id.',
  operation: `query ListMechanisms($first: Int, $after: String, $bank: ID, $category: String, $grade: EvidenceGrade, $from: String,
    $to: String, $quantified: Boolean) {
    mechanisms(first: $first, after: $after, bank: $bank, category: $category, grade: $grade, from: $from, to: $to, quantified: $quantified) {
      edges { node {
        id name category status orientation sign kind
        from { id name unit } to { id name unit }
        effect { measure value unit ciLower ciUpper ciLevel }
        evidence { grade studyCount sampleSize }
        response { coefficient standardError conversion }
      } }
      pageInfo { hasNextPage endCursor }
    }
  }`,
  data: nodesOf('mechanisms'),
  pages: 'mechanisms',
}

export const MECHANISM_ROUTES: readonly Route[] = [list]
