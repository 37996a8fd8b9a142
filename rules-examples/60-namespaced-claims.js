/**
 * Puts roles and plan into the tokens, under a namespace of ours, so that they meet no standard claim.
 *
 * Configuration: NAMESPACE, a URL that ends with a slash. Without it the rule does nothing.
 */
function namespacedClaims(user, context, callback) {
  const namespace = configuration.NAMESPACE
  if (!namespace) return callback(null, user, context)

  context.idToken[namespace + 'roles'] = user.roles || []
  context.accessToken[namespace + 'roles'] = user.roles || []
  context.accessToken[namespace + 'plan'] = user.plan || 'free'
  callback(null, user, context)
}
