// The migrations in the order they run: add a class file NNN-name.ts and one line here. Never change one that shipped.
// A class's name ends in 13 digits, which order them: 1735689600NNN, with NNN as in the file's name.
import { Fleet1735689600001 } from './001-fleet.ts'
import { Parameters1735689600002 } from './002-parameters.ts'
import { Mechanisms1735689600003 } from './003-mechanisms.ts'
import { Scenarios1735689600004 } from './004-scenarios.ts'
import { Economies1735689600005 } from './005-economies.ts'
import { Portfolios1735689600006 } from './006-portfolios.ts'
import { UploadedModels1735689600007 } from './007-uploaded-models.ts'
import { ParameterKinds1735689600008 } from './008-parameter-kinds.ts'
import { ParameterRepository1735689600009 } from './009-parameter-repository.ts'
import { OwnVectors1735689600010 } from './010-own-vectors.ts'
import { Populations1735689600011 } from './011-populations.ts'
import { PopulationRuns1735689600012 } from './012-population-runs.ts'
import { ShardCost1735689600013 } from './013-shard-cost.ts'
import { Admission1735689600014 } from './014-admission.ts'
import { TimeSeries1735689600017 } from './017-time-series.ts'
import { JobOrigin1735689600019 } from './019-job-origin.ts'
import { ApiKeys1735689600020 } from './020-api-keys.ts'
import { AtOnce1735689600021 } from './021-at-once.ts'
import { Rates1735689600022 } from './022-rates.ts'
import { PersistedOperations1735689600023 } from './023-persisted-operations.ts'
import { Events1735689600024 } from './024-events.ts'
import { Audit1735689600026 } from './026-audit.ts'
import { CacheChanges1735689600036 } from './036-cache-changes.ts'
import { AuditInvalid1735689600037 } from './037-audit-invalid.ts'

export const migrations = [
  Fleet1735689600001,
  Parameters1735689600002,
  Mechanisms1735689600003,
  Scenarios1735689600004,
  Economies1735689600005,
  Portfolios1735689600006,
  UploadedModels1735689600007,
  ParameterKinds1735689600008,
  ParameterRepository1735689600009,
  OwnVectors1735689600010,
  Populations1735689600011,
  PopulationRuns1735689600012,
  ShardCost1735689600013,
  Admission1735689600014,
  TimeSeries1735689600017,
  JobOrigin1735689600019,
  ApiKeys1735689600020,
  AtOnce1735689600021,
  Rates1735689600022,
  PersistedOperations1735689600023,
  Events1735689600024,
  Audit1735689600026,
  CacheChanges1735689600036,
  AuditInvalid1735689600037,
]
