const xmldom = require('@xmldom/xmldom')

/** The releases that went by the name of xmldom took a text without its type. */
class DOMParser extends xmldom.DOMParser {
  parseFromString(source, mimeType = 'text/xml') {
    return super.parseFromString(source, mimeType)
  }
}

module.exports = { ...xmldom, DOMParser }
