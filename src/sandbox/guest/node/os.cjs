module.exports = { ...require('./os') }
