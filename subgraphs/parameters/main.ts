// Starts the parameters service.
import 'reflect-metadata'
import { openNatsBus } from '../../infra/bus/nats.ts'
import { systemClock } from '../../infra/clock.ts'
import { loadConfig } from '../../infra/config.ts'
import { reportFaults } from '../../infra/report-faults.ts'
import { openStore } from '../../infra/store/open.ts'
import { runSubgraph } from '../shared/process.ts'
import { parameters } from './subgraph.ts'

reportFaults('subgraph parameters')
await runSubgraph(parameters, { config: loadConfig(), clock: systemClock, openStore, openBus: openNatsBus })
