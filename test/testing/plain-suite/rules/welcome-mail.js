function welcomeMail(user, context, callback) {
  user.app_metadata = user.app_metadata || {}
  if (user.app_metadata.welcomed) return callback(null, user, context)
  request.post(
    {
      url: 'https://mail.example.com/v1/send',
      auth: { user: 'api', pass: configuration.MAIL_KEY },
      json: { to: user.email, subject: 'Welcome, ' + user.name },
    },
    (error, response, body) => {
      if (error) return callback(error)
      if (response.statusCode !== 202) return callback(new Error('mail was not taken: ' + response.statusCode))
      user.app_metadata.welcomed = body.id
      auth0.users
        .updateAppMetadata(user.user_id, user.app_metadata)
        .then(() => callback(null, user, context))
        .catch((failure) => callback(failure))
    },
  )
}
