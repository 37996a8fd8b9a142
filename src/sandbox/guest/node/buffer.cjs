module.exports = { ...require('./buffer') }
