function tellTheTeam(user, context, callback) {
  const slack = require('slack-notify')(configuration.SLACK_HOOK)
  const send = slack.extend({ channel: '#signups', icon: ':wave:' })
  if (context.stats.loginsCount === 1)
    send({ text: user.name, fields: { at: new Date(user.created_at).toISOString() } })
  callback(null, user, context)
}
