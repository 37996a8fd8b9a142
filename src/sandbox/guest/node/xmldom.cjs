module.exports = require('claimsmith:rule-xmldom').withDefaultType(require('@xmldom/xmldom'))
