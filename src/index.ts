import './errors/assert-node-version.ts'
export { createEngine } from './engine/engine.ts'
export type { Engine } from './engine/engine.ts'
export type { EngineNetwork, EngineOptions } from './engine/options/engine-options.ts'
export type { EngineLimits } from './engine/options/engine-limits.ts'
export type { InspectorPort } from './engine/ports/inspector-port.ts'
export type { ClaimNames } from './engine/outcome/claim-names.ts'
export type { HostModule, HostModules } from './engine/run/host-modules.ts'
export type { LoginInput } from './engine/outcome/outcome-of.ts'
export type {
  LogLine,
  OutboundRequest,
  Outcome,
  OutcomeKind,
  RuleFailure,
  RuleTrace,
} from './engine/outcome/outcome.ts'
export type { RecordPort, RecordedCall, RecordedRule, RecordedRun } from './engine/run/recorded-run.ts'
export type { VersionedRules, RulesPort } from './engine/ports/rules-port.ts'
export type { RunOptions } from './engine/options/run-options.ts'
export type { StatesPort, SuspendedLogin } from './engine/ports/states-port.ts'
export type { ComingBack } from './engine/run/suspend.ts'
export type { UsersPort } from './engine/ports/users-port.ts'
export type { ClockReadings, LoginClock } from './sandbox/wire/conditions.ts'
export type { Flow as LoginFlow } from './sandbox/wire/flow.ts'
export type { FetchPort } from './sandbox/net/host/embedder-fetch.ts'
export { recordInto } from './recording/format/record-into.ts'
export type { RecordOptions } from './recording/format/record-into.ts'
export { ClaimsmithError } from './errors/claimsmith-error.ts'
export type { ErrorCode, HostErrorCode, RuleErrorCode } from './errors/codes.ts'
export type { CredentialsExchangeApi, PostLoginApi } from './profile/action/action-api.ts'
export type { CredentialsExchangeEvent, PostLoginEvent } from './profile/action/action-event.ts'
export type { Change } from './profile/schema/changes.ts'
export type { LoginContext, LoginRequest } from './profile/context/context.ts'
export type { Rule, RuleCallback, RuleContext, RuleUser } from './profile/rule/rule-types.ts'
export type { RuleInput } from './profile/rule/rule.ts'
export type { Identity, Metadata, User } from './profile/user/user.ts'
