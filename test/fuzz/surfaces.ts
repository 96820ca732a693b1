// All ways into the server that are fuzzed, by name.
import type { Fuzz } from './surface.ts'
import { http } from './surfaces/http.ts'
import { operations } from './surfaces/operations.ts'
import { tokens } from './surfaces/tokens.ts'
import { variablesAndBodies } from './surfaces/variables.ts'
import { websocket } from './surfaces/websocket.ts'

export const SURFACES: Readonly<Record<string, Fuzz>> = {
  operations,
  'variables and bodies': variablesAndBodies,
  'HTTP as bytes': http,
  'WebSocket frames': websocket,
  tokens,
}
