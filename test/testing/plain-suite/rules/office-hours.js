function officeHours(user, context, callback) {
  const hour = new Date().getUTCHours()
  if (context.clientName === 'Payroll' && (hour < 8 || hour >= 18)) {
    return callback(new UnauthorizedError('Payroll is open from 8 to 18.'))
  }
  callback(null, user, context)
}
