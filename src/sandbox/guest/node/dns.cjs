module.exports = { ...require('./dns') }
