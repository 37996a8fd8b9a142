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

/** What an event has beside what user and context say. */
export interface EventFacts {
  readonly secrets: Readonly<Record<string, string>>
  /** The login's protocol, where rules were told of another. */
  readonly protocol: string | undefined
  /** The query and the body of the request that began the login, where `context.request` is a later one. */
  readonly asked: Members | undefined
}

/**
 * `event` of Auth0's post-login actions, made of a login as rules have it: https://auth0.com/docs/actions/reference/post-login.
 * Everything in it is a copy. What `context` holds under an event's own name (`prompt`, `resource_server`, …) is passed on.
 */
export function postLoginEvent(user: Members, context: Members, facts: EventFacts): Members {
  const event: Members = {
    user: {
      ...(clonePlain(user) as Members),
      user_metadata: objectAt(user, 'user_metadata'),
      app_metadata: objectAt(user, 'app_metadata'),
    },
    client: clientOf(context),
    connection: {
      ...present('id', context['connectionID']),
      ...present('name', context['connection']),
      ...present('strategy', context['connectionStrategy']),
      metadata: objectAt(context, 'connectionMetadata'),
    },
    request: requestOf(context),
    stats: { logins_count: numberAt(objectAt(context, 'stats'), 'loginsCount') ?? 0 },
    tenant: { ...present('id', context['tenant']) },
    transaction: transactionOf(context, facts),
    secrets: { ...facts.secrets },
  }
  const authentication = authenticationOf(context)
  if (authentication !== undefined) event['authentication'] = authentication
  if (has(context, 'authorization')) event['authorization'] = objectAt(context, 'authorization')
  if (has(context, 'organization')) event['organization'] = objectAt(context, 'organization')
  const session = sessionOf(context)
  if (session !== undefined) event['session'] = session
  const passed = ['resource_server', 'refresh_token', 'prompt', 'security_context', 'custom_domain', 'agent']
  for (let index = 0; index < passed.length; index++) {
    const name = passed[index]!
    if (has(context, name)) event[name] = clonePlain(context[name]!)
  }
  return event
}

/** `event` of credentials-exchange actions: no user logs in. */
export function credentialsExchangeEvent(context: Members, { secrets }: EventFacts): Members {
  const { scope, ...customClaims } = objectAt(context, 'accessToken')
  const scopes = isArray(scope) ? scope : []
  return {
    accessToken: { customClaims, scope: scopes },
    client: clientOf(context),
    request: requestOf(context),
    resource_server: objectAt(context, 'resource_server'),
    tenant: { ...present('id', context['tenant']) },
    transaction: {
      requested_scopes: requestedScopes(context, objectAt(context, 'request')),
      target_scopes: clonePlain(scopes),
    },
    secrets: { ...secrets },
  }
}

function clientOf(context: Members): Members {
  return {
    ...present('client_id', context['clientID']),
    ...present('name', context['clientName']),
    metadata: objectAt(context, 'clientMetadata'),
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

function requestOf(context: Members): Members {
  const request = objectAt(context, 'request')
  return {
    ...renamed(request, requestNames),
    query: objectAt(request, 'query'),
    body: objectAt(request, 'body'),
    geoip: renamed(objectAt(request, 'geoip'), geoNames),
  }
}

/** Auth0 writes the moments of events as text. */
function authenticationOf(context: Members): Members | undefined {
  const { methods, ...rest } = objectAt(context, 'authentication')
  const risk = has(context, 'riskAssessment') ? { riskAssessment: objectAt(context, 'riskAssessment') } : {}
  if (!isArray(methods)) return has(context, 'riskAssessment') ? { methods: [], ...risk } : undefined
  const list: Json[] = []
  for (let index = 0; index < methods.length; index++) {
    const method = methods[index]!
    if (typeof method !== 'object' || method === null || isArray(method)) continue
    const { timestamp } = method
    const isNumber = typeof timestamp === 'number' && isFiniteNumber(timestamp)
    push(list, isNumber ? { ...method, timestamp: isoOf(timestamp) } : method)
  }
  return { ...rest, ...risk, methods: list }
}

function isoOf(timeMs: number): string {
  const date = new NativeDate(timeMs)
  return isFiniteNumber(dateTime(date)) ? dateIso(date) : ''
}

function transactionOf(context: Members, { protocol, asked }: EventFacts): Members {
  const request = objectAt(context, 'request')
  const query = objectAt(asked ?? request, 'query')
  const transaction = objectAt(context, 'transaction')
  return {
    ...present('id', context['sessionID']),
    ...present('protocol', protocol ?? context['protocol']),
    requested_scopes: requestedScopes(context, asked ?? request),
    acr_values: wordsOf(query['acr_values']),
    locale: localeOf(query['ui_locales'] ?? request['language']),
    ui_locales: wordsOf(query['ui_locales']),
    ...listed('prompt', query),
    ...listed('response_type', query),
    ...present('login_hint', query['login_hint']),
    ...present('redirect_uri', query['redirect_uri']),
    ...present('response_mode', query['response_mode']),
    ...present('state', query['state']),
    ...transaction,
    metadata: objectAt(transaction, 'metadata'),
  }
}

/** The language that was asked for: by the application, or by the browser. */
function localeOf(asked: Json | undefined): string {
  if (typeof asked !== 'string') return defaultLocale
  return words(splitText(splitText(asked, ',')[0]!, ';')[0]!)[0] ?? defaultLocale
}

/** What was asked for, where the request says it; otherwise what is about to be granted. */
function requestedScopes(context: Members, request: Members): Json[] {
  const asked = objectAt(request, 'query')['scope'] ?? objectAt(request, 'body')['scope']
  if (typeof asked === 'string') return words(asked)
  const granted = objectAt(context, 'accessToken')['scope']
  return isArray(granted) ? granted : []
}

function sessionOf(context: Members): Members | undefined {
  if (!has(context, 'sessionID') && !has(context, 'session')) return undefined
  const session = objectAt(context, 'session')
  return { ...present('id', context['sessionID']), ...session, metadata: objectAt(session, 'metadata') }
}

/** A copy of the object there; an empty one where there is none. */
function objectAt(holder: Members, name: string): Members {
  const value = hasOwn(holder, name) ? holder[name] : undefined
  if (typeof value !== 'object' || value === null || isArray(value)) return {}
  return clonePlain(value) as Members
}

function numberAt(holder: Members, name: string): number | undefined {
  const value = holder[name]
  return typeof value === 'number' ? value : undefined
}

function has(holder: Members, name: string): boolean {
  const value = hasOwn(holder, name) ? holder[name] : undefined
  return typeof value === 'string' || (typeof value === 'object' && value !== null)
}

function present(name: string, value: Json | undefined): Members {
  return value === undefined ? {} : { [name]: clonePlain(value) }
}

function renamed(source: Members, names: Readonly<Record<string, string>>): Members {
  const result: Members = {}
  for (const name in names) {
    if (hasOwn(names, name) && hasOwn(source, name)) result[names[name]!] = source[name]!
  }
  return result
}

function wordsOf(value: Json | undefined): Json[] {
  return typeof value === 'string' ? words(value) : []
}

function listed(name: string, query: Members): Members {
  const value = query[name]
  return typeof value === 'string' ? { [name]: words(value) } : {}
}

function words(text: string): string[] {
  const found: string[] = []
  const parts = splitText(text, ' ')
  for (let index = 0; index < parts.length; index++) if (parts[index] !== '') push(found, parts[index]!)
  return found
}
