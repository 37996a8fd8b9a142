module.exports = { ...require('./net') }
