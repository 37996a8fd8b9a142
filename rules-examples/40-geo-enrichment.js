/**
 * Adds where the user logs in from, as a service of ours sees the address.
 *
 * Configuration: GEO_SERVICE_URL, to which the address is appended. Without it the rule does nothing.
 */
async function geoEnrichment(user, context, callback) {
  const ip = context.request && context.request.ip
  if (!configuration.GEO_SERVICE_URL || !ip) return callback(null, user, context)

  try {
    const address = configuration.GEO_SERVICE_URL + encodeURIComponent(ip)
    // Give up long before the rule's own time is over: a rule that runs out of time refuses the login.
    const response = await fetch(address, { signal: AbortSignal.timeout(1000) })
    if (!response.ok) throw new Error('the service answered ' + response.status)
    const place = await response.json()
    user.geo = { country: place.country, city: place.city }
  } catch (error) {
    // Knowing the place is nice to have; nobody is kept out because a service is down.
    console.warn('no place for this login: ' + error.message)
  }
  callback(null, user, context)
}
