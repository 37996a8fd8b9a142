/**
 * Keeps in app_metadata how often and how the user last logged in.
 */
function rememberLastLogin(user, context, callback) {
  user.app_metadata = user.app_metadata || {}
  const before = user.app_metadata.last_login || { count: 0 }
  const last_login = { count: before.count + 1, protocol: context.protocol, at: new Date().toISOString() }

  auth0.users.updateAppMetadata(user.user_id, { last_login: last_login }, function (error) {
    // A store that is slow or away must not keep people out.
    if (error) console.error('the login was not counted: ' + error.message)
    // What is saved shows at the next login; this one sees it because we set it here, too.
    else user.app_metadata.last_login = last_login
    callback(null, user, context)
  })
}
