module.exports = { ...require('./timers') }
