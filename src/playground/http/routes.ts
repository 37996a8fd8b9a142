import type { UserAndContext } from '../../engine/run/encode-login.ts'
import { type OperationResult, reply, managementError } from '../../http/management/operation-result.ts'
import type { ManagementScope } from '../../http/management/scopes.ts'
import { readRequestDetails } from '../../http/request-details.ts'
import type { ConnectionInfo } from '../../http/request-details.ts'
import { noSuchUser } from '../../http/management/users/user-errors.ts'
import { overlay } from '../../profile/overlay/overlay.ts'
import { createValidator } from '../../profile/schema/create-validator.ts'
import { loadRuleFile } from '../../rules/ruleset/ruleset.ts'
import type { ProfilesResponse, RecordingsResponse, RulesResponse, RuleResponse } from './api-types.ts'
import { type LoginChoice, composeLoginInput } from '../runs/compose-login-input.ts'
import { listProfileFields } from '../runs/list-profile-fields.ts'
import { type DryRunRequest, executeRun, tooManyRuns } from '../runs/execute-run.ts'
import { toInputs } from '../runs/rule-inputs.ts'
import type { EditedRule } from '../rules/rule-repository.ts'
import { inspectShapes } from '../runs/inspect-shapes.ts'
import type { PlaygroundServices } from './services.ts'

/** An authorized call of the page. */
interface RouteCall {
  readonly body: unknown
  /** The scopes of the caller's token. */
  readonly scopes: readonly string[]
  readonly request: Request
  readonly connection: ConnectionInfo
}

export interface Route {
  readonly method: 'GET' | 'POST'
  /** Below `/playground/api`. */
  readonly path: string
  /** The caller needs one of them. */
  readonly scopes: readonly ManagementScope[]
  run(call: RouteCall, services: PlaygroundServices): Promise<OperationResult | Response>
}

const text = { type: 'string' } as const
const object = { type: 'object' } as const
const textMap = { type: 'object', additionalProperties: text } as const
const ruleProperties = { name: text, script: text, file: text }

const defineSchema = (properties: object, required: readonly string[]): object => ({
  type: 'object',
  additionalProperties: false,
  properties,
  required,
})

const parseRun = createValidator<DryRunRequest>(
  defineSchema(
    {
      ...ruleProperties,
      what: { enum: ['rule', 'pipeline'] },
      user: object,
      context: object,
      configuration: textMap,
      recording: text,
    },
    ['name', 'script', 'what', 'user', 'context'],
  ),
  'The run',
)
const parseRule = createValidator<EditedRule & { readonly file?: string }>(
  defineSchema(ruleProperties, ['name', 'script']),
  'The rule',
)
const parseLoginChoice = createValidator<LoginChoice>(
  defineSchema({ userId: text, connection: text, clientId: text, protocol: text }, ['userId']),
  'The login',
)

const listRules: Route = {
  method: 'GET',
  path: '/rules',
  scopes: ['read:rules'],
  async run(_, { repository }) {
    const { rules, configuration } = await repository.read()
    const ruleResponses = rules.map(({ name, script, file, enabled = true, place }): RuleResponse => ({
      name,
      script,
      file,
      enabled,
      place,
    }))
    const { savesTo } = repository
    return reply({
      rules: ruleResponses,
      configurationKeys: Object.keys(configuration),
      savesTo,
    } satisfies RulesResponse)
  },
}

const saveRule: Route = {
  method: 'POST',
  path: '/rules',
  scopes: ['update:rules', 'create:rules'],
  async run({ body, scopes }, { repository }) {
    const { name, script } = parseRule(body)
    const { rules } = await repository.read()
    const requiredScope = rules.some((rule) => rule.name === name) ? 'update:rules' : 'create:rules'
    if (!scopes.includes(requiredScope))
      return managementError(403, 'insufficient_scope', `Insufficient scope, expected: ${requiredScope}`)
    const { file, place } = await repository.save({ name, script })
    return reply({ name, script, file, enabled: true, place } satisfies RuleResponse)
  },
}

const checkRule: Route = {
  method: 'POST',
  path: '/check',
  scopes: ['read:rules'],
  async run({ body }) {
    const { name, script, file = `${name}.js` } = parseRule(body)
    const { kind } = loadRuleFile({ name, script, file }, { onError: 'deny', secrets: {} })
    return reply({ kind })
  },
}

const runRules: Route = {
  method: 'POST',
  path: '/run',
  scopes: ['update:rules', 'create:rules'],
  run: async ({ body }, services) => await executeRun(parseRun(body), services),
}

const composeLogin: Route = {
  method: 'POST',
  path: '/login',
  scopes: ['read:users'],
  async run({ body, request, connection }, { store, issuer, clock }) {
    const requestInfo = readRequestDetails(request, {}, connection)
    const login = await composeLoginInput(parseLoginChoice(body), {
      store,
      issuer: issuer.issuer,
      clock,
      request: requestInfo,
    })
    return login === undefined ? noSuchUser : reply(login)
  },
}

const listRecordings: Route = {
  method: 'GET',
  path: '/recordings',
  scopes: ['read:logs'],
  run: async (_, { recordings }) => reply({ names: recordings.listNames() } satisfies RecordingsResponse),
}

const showRecording: Route = {
  method: 'POST',
  path: '/recording',
  scopes: ['read:logs'],
  async run({ body }, { recordings }) {
    const { user, context } = recordings.load(parseRecording(body).name)
    return reply({ user, context })
  },
}

const parseRecording = createValidator<{ readonly name: string }>(
  defineSchema({ name: text }, ['name']),
  'The recording',
)

/** Returns the raw profile, the enriched one, and what /userinfo returns of it. Nothing is saved. */
const showProfiles: Route = {
  method: 'POST',
  path: '/profiles',
  scopes: ['read:users'],
  async run({ body, request, connection }, { store, issuer, clock, repository, runner, settings }) {
    const choice = parseLoginChoice(body)
    const raw = await store.users.get(choice.userId)
    const requestInfo = readRequestDetails(request, {}, connection)
    const login = await composeLoginInput(choice, { store, issuer: issuer.issuer, clock, request: requestInfo })
    if (raw === undefined || login === undefined) return noSuchUser
    const { rules, configuration } = await repository.read()
    const result = await runner.run({ rules: toInputs(rules), configuration, login })
    if (result === undefined) return tooManyRuns
    const { outcome, reason, user: enriched } = result
    const overlaid = settings.overlay === undefined ? enriched : overlay(enriched, settings.overlay)
    const fields = await listProfileFields(raw, store)
    return reply({ raw, enriched, overlaid, outcome, reason, fields } satisfies ProfilesResponse)
  },
}

const showShapes: Route = {
  method: 'POST',
  path: '/shapes',
  scopes: ['read:rules'],
  async run({ body }, { runner }) {
    const shapes = await inspectShapes(runner, parseLogin(body))
    return shapes === undefined ? tooManyRuns : reply(shapes)
  },
}

const parseLogin = createValidator<UserAndContext>(
  defineSchema({ user: object, context: object }, ['user', 'context']),
  'The login',
)

const watchLogins: Route = {
  method: 'GET',
  path: '/logins',
  scopes: ['read:logs', 'read:logs_users'],
  run: async (_, { streams }) =>
    streams.open() ?? managementError(429, undefined, 'Too many pages watch the logins already; close one.'),
}

/** All routes of the playground. For everything else, the page calls the Management API. */
export const routes: readonly Route[] = [
  listRules,
  saveRule,
  checkRule,
  runRules,
  composeLogin,
  listRecordings,
  showRecording,
  showProfiles,
  showShapes,
  watchLogins,
]
