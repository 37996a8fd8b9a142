/**
 * Roles from a table, with a driver that calls back.
 */
function rolesFromDatabase(user, context, callback) {
  const { Connection, Request, TYPES } = require('tedious@1.11.0')
  if (!user.email_verified) return callback(null, user, context)
  const connection = new Connection({ server: configuration.DATABASE_HOST })
  connection
    .on('debug', (text) => console.log(text))
    .on('connect', (error) => {
      if (error) return callback(new Error(error.message))
      const request = new Request('SELECT role FROM roles WHERE email = @email', (failure, count, rows) => {
        if (failure) return callback(new Error('the query failed: ' + failure.message))
        context.idToken['https://example.com/roles'] = rows.map(([role]) => role.value)
        callback(null, user, context)
      })
      request.addParameter('email', TYPES.VarChar, user.email)
      connection.execSql(request)
    })
}
