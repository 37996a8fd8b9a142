module.exports = require('./process').process
