const viewPaths: readonly string[] = ['request', 'request.geoip', 'stats']

/**
 * Whether a rule's read of this path must go to the view, because member names or times differ in an event. This is so for
 * `context.request.geoip` as a whole, but not for a member that has a counterpart.
 */
export function isInView(path: readonly string[], rule: string): boolean {
  if (path[0] === 'authentication') return rule.includes('timestamp')
  return path.some((_part, index) => viewPaths.includes(path.slice(0, index + 1).join('.')))
}

/** The helper of actions whose rule read the context as a whole. Writes to the copy throw, because they would be lost. */
export const contextView: readonly string[] = [
  '/** The context as the rule knew it, as far as the event says it. */',
  'function contextOf(event) {',
  '  const { request } = event;',
  '  const place = request.geoip;',
  '  const geoip = {',
  '    country_code: place.countryCode,',
  '    country_code3: place.countryCode3,',
  '    country_name: place.countryName,',
  '    city_name: place.cityName,',
  '    latitude: place.latitude,',
  '    longitude: place.longitude,',
  '    time_zone: place.timeZone,',
  '    continent_code: place.continentCode,',
  '    subdivision_code: place.subdivisionCode,',
  '    subdivision_name: place.subdivisionName,',
  '  };',
  '  for (const [name, value] of Object.entries(geoip)) if (value === undefined) delete geoip[name];',
  '  const methods = event.authentication?.methods.map((one) => ({ ...one, timestamp: Date.parse(one.timestamp) }));',
  '  const view = {',
  '    tenant: event.tenant.id,',
  '    clientID: event.client.client_id,',
  '    clientName: event.client.name,',
  '    clientMetadata: event.client.metadata,',
  '    connection: event.connection.name,',
  '    connectionID: event.connection.id,',
  '    connectionStrategy: event.connection.strategy,',
  '    connectionMetadata: event.connection.metadata,',
  '    protocol: event.transaction?.protocol,',
  '    sessionID: event.session?.id,',
  '    stats: { loginsCount: event.stats.logins_count },',
  '    authentication: event.authentication && { ...event.authentication, methods },',
  '    authorization: event.authorization,',
  '    organization: event.organization,',
  '    riskAssessment: event.authentication?.riskAssessment,',
  '    request: {',
  '      ip: request.ip,',
  '      hostname: request.hostname,',
  '      userAgent: request.user_agent,',
  '      query: request.query,',
  '      body: request.body,',
  '      geoip: Object.keys(geoip).length === 0 ? undefined : geoip,',
  '    },',
  '  };',
  '  return new Proxy(view, {',
  '    set(_view, name) {',
  '      throw new Error(`an action cannot set context.${String(name)}`);',
  '    },',
  '  });',
  '}',
]
