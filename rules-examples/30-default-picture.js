/**
 * Shows the picture that the user chose, or the provider's, or ours: never an empty frame.
 *
 * Configuration: DEFAULT_PICTURE_URL.
 */
function defaultPicture(user, context, callback) {
  const chosen = user.user_metadata && user.user_metadata.picture

  user.picture = chosen || user.picture || configuration.DEFAULT_PICTURE_URL
  callback(null, user, context)
}
