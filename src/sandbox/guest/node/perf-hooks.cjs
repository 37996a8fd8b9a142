module.exports = { ...require('./perf-hooks') }
