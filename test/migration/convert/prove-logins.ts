/** The logins over which tests compare a rule and its action. */
export const logins = [
  { user: { user_id: 'a|1', email: 'a@example.com' }, context: { idToken: {} } },
  { user: { user_id: 'a|2', email: 'b@evil.example' }, context: { idToken: {} } },
]
export const options = { logins, configuration: { KEY: 'v' } }
/** How a rule ends that does nothing more. */
export const pass = 'callback(null, user, context);'

/** A rule that sends the user away, and looks at what comes back. */
export const terms = `function (user, context, callback) {
  if (context.protocol !== 'redirect-callback') {
    context.redirect = { url: 'https://example.com/terms' };
    return callback(null, user, context);
  }
  const { accepted } = context.request.query;
  if (accepted !== 'on') return callback(new UnauthorizedError('You must accept.'));
  context.idToken.at = Date.now();
  callback(null, user, context);
}`
