module.exports = { ...require('./crypto') }
