import type { UserAndContext } from '../../engine/run/login-text.ts'
import { type Answer, answer, refuse } from '../../http/management/answer.ts'
import type { ManagementScope } from '../../http/management/scopes.ts'
import { requestFacts } from '../../http/request-facts.ts'
import type { ConnectionFacts } from '../../http/request-facts.ts'
import { noSuchUser } from '../../http/management/users/refusals.ts'
import { overlay } from '../../profile/overlay/overlay.ts'
import { validator } from '../../profile/schema/validate.ts'
import { sourceOf } from '../../rules/ruleset/ruleset.ts'
import type { ProfilesAnswer, RecordingsAnswer, RulesAnswer, ShownRule } from './answers.ts'
import { type ChosenLogin, loginInputOf } from '../runs/login-input.ts'
import { profileFields } from '../runs/profile-fields.ts'
import { type RunRequest, ran, tooBusy } from '../runs/run.ts'
import { toInputs } from '../runs/rule-inputs.ts'
import type { EditedRule } from '../rules/rules-home.ts'
import { shapesOf } from '../runs/shapes.ts'
import type { Services } from './services.ts'

/** One call of the page, checked. */
interface Call {
  readonly body: unknown
  /** What the caller's token opens. */
  readonly scopes: readonly string[]
  readonly request: Request
  readonly facts: ConnectionFacts
}

export interface Route {
  readonly method: 'GET' | 'POST'
  /** Below `/playground/api`. */
  readonly path: string
  /** Any one of them opens it. */
  readonly scopes: readonly ManagementScope[]
  run(call: Call, services: Services): Promise<Answer | Response>
}

const text = { type: 'string' } as const
const object = { type: 'object' } as const
const textMap = { type: 'object', additionalProperties: text } as const
const script = { name: text, script: text, file: text }

const shape = (properties: object, required: readonly string[]): object => ({
  type: 'object',
  additionalProperties: false,
  properties,
  required,
})

const asRun = validator<RunRequest>(
  shape(
    {
      ...script,
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
const asRule = validator<EditedRule & { readonly file?: string }>(shape(script, ['name', 'script']), 'The rule')
const asChosen = validator<ChosenLogin>(
  shape({ userId: text, connection: text, clientId: text, protocol: text }, ['userId']),
  'The login',
)

const listRules: Route = {
  method: 'GET',
  path: '/rules',
  scopes: ['read:rules'],
  async run(_, { home }) {
    const { rules, configuration } = await home.read()
    const shown = rules.map(({ name, script: source, file, enabled = true, place }): ShownRule => ({
      name,
      script: source,
      file,
      enabled,
      place,
    }))
    const { savesTo } = home
    return answer({ rules: shown, configurationKeys: Object.keys(configuration), savesTo } satisfies RulesAnswer)
  },
}

const saveRule: Route = {
  method: 'POST',
  path: '/rules',
  scopes: ['update:rules', 'create:rules'],
  async run({ body, scopes }, { home }) {
    const { name, script: source } = asRule(body)
    const { rules } = await home.read()
    const needed = rules.some((rule) => rule.name === name) ? 'update:rules' : 'create:rules'
    if (!scopes.includes(needed)) return refuse(403, 'insufficient_scope', `Insufficient scope, expected: ${needed}`)
    const { file, place } = await home.save({ name, script: source })
    return answer({ name, script: source, file, enabled: true, place } satisfies ShownRule)
  },
}

const checkRule: Route = {
  method: 'POST',
  path: '/check',
  scopes: ['read:rules'],
  async run({ body }) {
    const { name, script: source, file = `${name}.js` } = asRule(body)
    const { kind } = sourceOf({ name, script: source, file }, { onError: 'deny', secrets: {} })
    return answer({ kind })
  },
}

const runRules: Route = {
  method: 'POST',
  path: '/run',
  scopes: ['update:rules', 'create:rules'],
  run: async ({ body }, services) => await ran(asRun(body), services),
}

const composeLogin: Route = {
  method: 'POST',
  path: '/login',
  scopes: ['read:users'],
  async run({ body, request, facts }, { store, issuer, clock }) {
    const asked = requestFacts(request, {}, facts)
    const login = await loginInputOf(asChosen(body), { store, issuer: issuer.issuer, clock, request: asked })
    return login === undefined ? noSuchUser : answer(login)
  },
}

const listRecordings: Route = {
  method: 'GET',
  path: '/recordings',
  scopes: ['read:logs'],
  run: async (_, { recordings }) => answer({ names: recordings.names() } satisfies RecordingsAnswer),
}

const showRecording: Route = {
  method: 'POST',
  path: '/recording',
  scopes: ['read:logs'],
  async run({ body }, { recordings }) {
    const { user, context } = recordings.load(asRecording(body).name)
    return answer({ user, context })
  },
}

const asRecording = validator<{ readonly name: string }>(shape({ name: text }, ['name']), 'The recording')

/** The raw profile, the same after the rules, and as /userinfo resolves it; nothing of it is saved. */
const showProfiles: Route = {
  method: 'POST',
  path: '/profiles',
  scopes: ['read:users'],
  async run({ body, request, facts }, { store, issuer, clock, home, runner, settings }) {
    const chosen = asChosen(body)
    const raw = await store.users.get(chosen.userId)
    const asked = requestFacts(request, {}, facts)
    const login = await loginInputOf(chosen, { store, issuer: issuer.issuer, clock, request: asked })
    if (raw === undefined || login === undefined) return noSuchUser
    const { rules, configuration } = await home.read()
    const result = await runner.run({ rules: toInputs(rules), configuration, login })
    if (result === undefined) return tooBusy
    const { outcome, reason, user: enriched } = result
    const overlaid = settings.overlay === undefined ? enriched : overlay(enriched, settings.overlay)
    const fields = await profileFields(raw, store)
    return answer({ raw, enriched, overlaid, outcome, reason, fields } satisfies ProfilesAnswer)
  },
}

const showShapes: Route = {
  method: 'POST',
  path: '/shapes',
  scopes: ['read:rules'],
  async run({ body }, { runner }) {
    const shapes = await shapesOf(runner, asLogin(body))
    return shapes === undefined ? tooBusy : answer(shapes)
  },
}

const asLogin = validator<UserAndContext>(shape({ user: object, context: object }, ['user', 'context']), 'The login')

const watchLogins: Route = {
  method: 'GET',
  path: '/logins',
  scopes: ['read:logs', 'read:logs_users'],
  run: async (_, { streams }) => streams.open() ?? refuse(429, undefined, 'Too many pages watch the logins already.'),
}

/** All that the page asks for; what the Management API offers, it asks for there. */
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
