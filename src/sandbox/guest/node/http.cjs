module.exports = { ...require('./http') }
