module.exports = { ...require('claimsmith:url'), URL, URLSearchParams }
