module.exports = { ...require('./zlib') }
