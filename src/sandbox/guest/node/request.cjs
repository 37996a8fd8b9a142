module.exports = require('./request').request
