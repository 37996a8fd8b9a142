/**
 * Looks up the plan of the user's account, and keeps the answer for a while.
 *
 * `global` outlives the login, so most logins ask nobody. It may be empty at any time: treat it as a cache.
 * Configuration: ACCOUNT_SERVICE_URL, to which the user's id is appended (without it app_metadata.plan counts), and
 * ACCOUNT_CACHE_SECONDS, how long an answer is kept (60 where it is not set).
 */
async function accountStateCache(user, context, callback) {
  const fallback = (user.app_metadata && user.app_metadata.plan) || 'free'
  if (!configuration.ACCOUNT_SERVICE_URL) {
    user.plan = fallback
    return callback(null, user, context)
  }

  global.accounts = global.accounts || new Map()
  const known = global.accounts.get(user.user_id)
  if (known && known.until > Date.now()) {
    user.plan = known.plan
    return callback(null, user, context)
  }

  try {
    const address = configuration.ACCOUNT_SERVICE_URL + encodeURIComponent(user.user_id)
    // Give up long before the rule's own time is over: a rule that runs out of time refuses the login.
    const response = await fetch(address, { signal: AbortSignal.timeout(1000) })
    if (!response.ok) throw new Error('the service answered ' + response.status)
    const account = await response.json()
    // Every user passes here: without a limit the cache would one day fill the memory of the rules.
    if (global.accounts.size >= 1000) global.accounts.clear()
    const keepForMs = Number(configuration.ACCOUNT_CACHE_SECONDS || 60) * 1000
    global.accounts.set(user.user_id, { plan: account.plan, until: Date.now() + keepForMs })
    user.plan = account.plan
  } catch (error) {
    console.warn('no account state: ' + error.message)
    user.plan = fallback
  }
  callback(null, user, context)
}
