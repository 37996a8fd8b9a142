module.exports = { ...require('./tty') }
