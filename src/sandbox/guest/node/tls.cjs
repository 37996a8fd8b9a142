module.exports = { ...require('./tls') }
