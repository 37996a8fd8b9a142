async (user, context, callback) => {
  const { Client } = require('billing')
  try {
    const client = (global.billing = global.billing || new Client(configuration.BILLING_KEY))
    const account = await client.accounts.find(user.email)
    context.accessToken['https://example.com/plan'] = (await account.plan()).name
    return callback(null, user, context)
  } catch (error) {
    return callback(error.code === 'E_NO_ACCOUNT' ? 'You have no account.' : error)
  }
}
