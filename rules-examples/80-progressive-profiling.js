/**
 * Sends people who have not told us their company yet to a form, on every fifth login.
 *
 * Configuration: PROFILE_FORM_URL. Without it the rule does nothing.
 */
function progressiveProfiling(user, context, callback) {
  // These logins have no browser that could be sent anywhere, or have just come back from the form.
  const without = ['oauth2-password', 'oauth2-refresh-token', 'oauth2-resource-owner', 'redirect-callback']
  const known = user.user_metadata && user.user_metadata.company
  const isFifth = context.stats && context.stats.loginsCount % 5 === 0

  if (configuration.PROFILE_FORM_URL && !known && isFifth && without.indexOf(context.protocol) < 0) {
    context.redirect = { url: configuration.PROFILE_FORM_URL + '?user=' + encodeURIComponent(user.user_id) }
  }
  callback(null, user, context)
}
