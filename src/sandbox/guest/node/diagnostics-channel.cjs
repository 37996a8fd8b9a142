module.exports = { ...require('./diagnostics-channel') }
