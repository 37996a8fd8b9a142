/**
 * Lets in only people whose e-mail address belongs to one of our domains, once they have confirmed it.
 *
 * Configuration: ALLOWED_DOMAINS, comma-separated. Without it nobody is refused.
 */
function denyByAllowList(user, context, callback) {
  const allowed = (configuration.ALLOWED_DOMAINS || '').split(',').filter(Boolean)
  const domain = (user.email || '').split('@').pop().toLowerCase()

  if (allowed.length > 0 && allowed.indexOf(domain) < 0) {
    return callback(new UnauthorizedError('Access is limited to ' + allowed.join(' and ') + '.'))
  }
  // Anybody can sign up with an address of ours; only its owner can confirm it.
  if (allowed.length > 0 && !user.email_verified) {
    return callback(new UnauthorizedError('Please confirm your e-mail address first.'))
  }
  callback(null, user, context)
}
