module.exports = { ...require('claimsmith:util'), TextEncoder, TextDecoder }
