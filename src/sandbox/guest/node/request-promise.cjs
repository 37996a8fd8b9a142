module.exports = require('./request-promise').requestPromise
