// GraphiQL over this server: queries by HTTP, subscriptions by WebSocket, nothing from anywhere else.
import 'graphiql/setup-workers/vite'
import 'graphiql/style.css'
import { GraphiQL } from 'graphiql'
import { type DocumentNode, getOperationAST } from 'graphql'
import { createClient } from 'graphql-ws'
import { createElement } from 'react'
import { createRoot } from 'react-dom/client'

interface Asked {
  readonly query: string
  readonly operationName?: string | null
  readonly variables?: Record<string, unknown>
}
interface Around {
  readonly documentAST?: DocumentNode
  readonly headers?: Record<string, string>
}

const endpoint = new URL('graphql', document.baseURI)
const socket = createClient({ url: endpoint.href.replace(/^http/, 'ws'), lazy: true })

function fetcher(asked: Asked, { documentAST, headers }: Around = {}) {
  const operation = documentAST && getOperationAST(documentAST, asked.operationName)
  if (operation?.operation === 'subscription') return socket.iterate(asked)
  return answer(asked, headers)
}

async function answer(asked: Asked, headers: Record<string, string> = {}): Promise<unknown> {
  const response = await fetch(endpoint, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/json', ...headers },
    body: JSON.stringify(asked),
  })
  return response.json()
}

interface PageConfig {
  readonly query?: string
  readonly variables?: string
}
const response = await fetch(new URL('page-config.json', document.baseURI))
const { query, variables } = (response.ok ? await response.json() : {}) as PageConfig

// Where GraphiQL keeps its tabs: given variables would overwrite those of a person who was here before.
const isFirstVisit = localStorage.getItem('graphiql:tabState') === null

createRoot(document.getElementById('page')!).render(
  createElement(GraphiQL, {
    fetcher,
    ...(query ? { defaultQuery: query } : {}),
    ...(variables && isFirstVisit ? { initialVariables: variables } : {}),
    defaultEditorToolsVisibility: 'variables',
  }),
)
