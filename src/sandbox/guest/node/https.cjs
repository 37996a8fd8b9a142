module.exports = { ...require('./https') }
