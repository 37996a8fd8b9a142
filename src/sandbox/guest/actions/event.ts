import { type Json, clonePlain } from '../../wire/json.ts'
import {
  NativeDate,
  dateIso,
  dateTime,
  hasOwn,
  isArray,
  isFiniteNumber,
  push,
  splitText,
} from '../../wire/primordials.ts'
import type { Members } from './run.ts'

/** What an event holds that is in neither user nor context. */
export interface EventInput {
  readonly secrets: Readonly<Record<string, string>>
  /** The login's protocol, if rules see another in the context. */
  readonly protocol: string | undefined
  /** Query and body of the login's first request, if `context.request` is a later one. */
  readonly originalRequest: Members | undefined
}

/**
 * Builds the `event` of Auth0's post-login actions from user and context:
 * https://auth0.com/docs/actions/reference/post-login.
 * Everything in it is a copy. Members of `context` that have the name of an event's member (`prompt`,
 * `resource_server`, …) are copied.
 */
export function createPostLoginEvent(user: Members, context: Members, input: EventInput): Members {
  const event: Members = {
    user: {
      ...(clonePlain(user) as Members),
      user_metadata: copyObject(user, 'user_metadata'),
      app_metadata: copyObject(user, 'app_metadata'),
    },
    client: buildClient(context),
    connection: {
      ...toMember('id', context['connectionID']),
      ...toMember('name', context['connection']),
      ...toMember('strategy', context['connectionStrategy']),
      metadata: copyObject(context, 'connectionMetadata'),
    },
    request: buildRequest(context),
    stats: { logins_count: readNumber(copyObject(context, 'stats'), 'loginsCount') ?? 0 },
    tenant: { ...toMember('id', context['tenant']) },
    transaction: buildTransaction(context, input),
    secrets: { ...input.secrets },
  }
  const authentication = buildAuthentication(context)
  if (authentication !== undefined) event['authentication'] = authentication
  if (hasValue(context, 'authorization')) event['authorization'] = copyObject(context, 'authorization')
  if (hasValue(context, 'organization')) event['organization'] = copyObject(context, 'organization')
  const session = buildSession(context)
  if (session !== undefined) event['session'] = session
  const copiedNames = ['resource_server', 'refresh_token', 'prompt', 'security_context', 'custom_domain', 'agent']
  for (let index = 0; index < copiedNames.length; index++) {
    const name = copiedNames[index]!
    if (hasValue(context, name)) event[name] = clonePlain(context[name]!)
  }
  return event
}

/** Builds the `event` of credentials-exchange actions, which has no user. */
export function createCredentialsExchangeEvent(context: Members, { secrets }: EventInput): Members {
  const { scope, ...customClaims } = copyObject(context, 'accessToken')
  const scopes = isArray(scope) ? scope : []
  return {
    accessToken: { customClaims, scope: scopes },
    client: buildClient(context),
    request: buildRequest(context),
    resource_server: copyObject(context, 'resource_server'),
    tenant: { ...toMember('id', context['tenant']) },
    transaction: {
      requested_scopes: listRequestedScopes(context, copyObject(context, 'request')),
      target_scopes: clonePlain(scopes),
    },
    secrets: { ...secrets },
  }
}

function buildClient(context: Members): Members {
  return {
    ...toMember('client_id', context['clientID']),
    ...toMember('name', context['clientName']),
    metadata: copyObject(context, 'clientMetadata'),
  }
}

const defaultLocale = 'en'

const requestNames = {
  ip: 'ip',
  hostname: 'hostname',
  method: 'method',
  userAgent: 'user_agent',
  language: 'language',
  asn: 'asn',
}
const geoNames = {
  city_name: 'cityName',
  continent_code: 'continentCode',
  country_code: 'countryCode',
  country_code3: 'countryCode3',
  country_name: 'countryName',
  latitude: 'latitude',
  longitude: 'longitude',
  subdivision_code: 'subdivisionCode',
  subdivision_name: 'subdivisionName',
  time_zone: 'timeZone',
}

function buildRequest(context: Members): Members {
  const request = copyObject(context, 'request')
  return {
    ...renameMembers(request, requestNames),
    query: copyObject(request, 'query'),
    body: copyObject(request, 'body'),
    geoip: renameMembers(copyObject(request, 'geoip'), geoNames),
  }
}

/** Auth0 writes the timestamps of events as text. */
function buildAuthentication(context: Members): Members | undefined {
  const { methods, ...rest } = copyObject(context, 'authentication')
  const risk = hasValue(context, 'riskAssessment') ? { riskAssessment: copyObject(context, 'riskAssessment') } : {}
  if (!isArray(methods)) return hasValue(context, 'riskAssessment') ? { methods: [], ...risk } : undefined
  const list: Json[] = []
  for (let index = 0; index < methods.length; index++) {
    const method = methods[index]!
    if (typeof method !== 'object' || method === null || isArray(method)) continue
    const { timestamp } = method
    const isNumber = typeof timestamp === 'number' && isFiniteNumber(timestamp)
    push(list, isNumber ? { ...method, timestamp: toIsoText(timestamp) } : method)
  }
  return { ...rest, ...risk, methods: list }
}

function toIsoText(timeMs: number): string {
  const date = new NativeDate(timeMs)
  return isFiniteNumber(dateTime(date)) ? dateIso(date) : ''
}

function buildTransaction(context: Members, { protocol, originalRequest }: EventInput): Members {
  const request = copyObject(context, 'request')
  const query = copyObject(originalRequest ?? request, 'query')
  const transaction = copyObject(context, 'transaction')
  return {
    ...toMember('id', context['sessionID']),
    ...toMember('protocol', protocol ?? context['protocol']),
    requested_scopes: listRequestedScopes(context, originalRequest ?? request),
    acr_values: toWords(query['acr_values']),
    locale: parseLocale(query['ui_locales'] ?? request['language']),
    ui_locales: toWords(query['ui_locales']),
    ...toListMember('prompt', query),
    ...toListMember('response_type', query),
    ...toMember('login_hint', query['login_hint']),
    ...toMember('redirect_uri', query['redirect_uri']),
    ...toMember('response_mode', query['response_mode']),
    ...toMember('state', query['state']),
    ...transaction,
    metadata: copyObject(transaction, 'metadata'),
  }
}

/** Parses the first language of `ui_locales` or of `Accept-Language`. */
function parseLocale(languages: Json | undefined): string {
  if (typeof languages !== 'string') return defaultLocale
  return splitWords(splitText(splitText(languages, ',')[0]!, ';')[0]!)[0] ?? defaultLocale
}

/** Reads the requested scopes; if the request has none, the scopes that will be granted. */
function listRequestedScopes(context: Members, request: Members): Json[] {
  const scopeText = copyObject(request, 'query')['scope'] ?? copyObject(request, 'body')['scope']
  if (typeof scopeText === 'string') return splitWords(scopeText)
  const grantedScopes = copyObject(context, 'accessToken')['scope']
  return isArray(grantedScopes) ? grantedScopes : []
}

function buildSession(context: Members): Members | undefined {
  if (!hasValue(context, 'sessionID') && !hasValue(context, 'session')) return undefined
  const session = copyObject(context, 'session')
  return { ...toMember('id', context['sessionID']), ...session, metadata: copyObject(session, 'metadata') }
}

/** Copies an object; an empty one if there is none. */
function copyObject(parent: Members, name: string): Members {
  const value = hasOwn(parent, name) ? parent[name] : undefined
  if (typeof value !== 'object' || value === null || isArray(value)) return {}
  return clonePlain(value) as Members
}

function readNumber(parent: Members, name: string): number | undefined {
  const value = parent[name]
  return typeof value === 'number' ? value : undefined
}

function hasValue(parent: Members, name: string): boolean {
  const value = hasOwn(parent, name) ? parent[name] : undefined
  return typeof value === 'string' || (typeof value === 'object' && value !== null)
}

function toMember(name: string, value: Json | undefined): Members {
  return value === undefined ? {} : { [name]: clonePlain(value) }
}

function renameMembers(source: Members, names: Readonly<Record<string, string>>): Members {
  const result: Members = {}
  for (const name in names) {
    if (hasOwn(names, name) && hasOwn(source, name)) result[names[name]!] = source[name]!
  }
  return result
}

function toWords(value: Json | undefined): Json[] {
  return typeof value === 'string' ? splitWords(value) : []
}

function toListMember(name: string, query: Members): Members {
  const value = query[name]
  return typeof value === 'string' ? { [name]: splitWords(value) } : {}
}

function splitWords(text: string): string[] {
  const list: string[] = []
  const parts = splitText(text, ' ')
  for (let index = 0; index < parts.length; index++) if (parts[index] !== '') push(list, parts[index]!)
  return list
}
