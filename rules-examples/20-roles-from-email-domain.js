/**
 * Gives a user the role that goes with the domain of the e-mail address, beside the roles kept in app_metadata.
 *
 * Configuration: DOMAIN_ROLES, such as "example.com:employee,example.org:partner".
 */
function rolesFromEmailDomain(user, context, callback) {
  const domain = (user.email || '').split('@').pop().toLowerCase()
  const roles = new Set((user.app_metadata && user.app_metadata.roles) || [])

  // An address that nobody has confirmed proves nothing about its domain.
  if (user.email_verified) {
    for (const entry of (configuration.DOMAIN_ROLES || '').split(',')) {
      const [name, role] = entry.split(':')
      if (name === domain && role) roles.add(role)
    }
  }

  user.roles = Array.from(roles)
  callback(null, user, context)
}
