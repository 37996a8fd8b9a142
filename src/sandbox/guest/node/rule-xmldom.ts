import type { DOMParser } from '@xmldom/xmldom'

type Xmldom = { readonly DOMParser: typeof DOMParser }

/** xmldom as scripts call it: the package `xmldom`, and releases before 0.9, parsed a text without a MIME type. */
export function withDefaultType(xmldom: Xmldom): Xmldom {
  class DefaultingParser extends xmldom.DOMParser {
    override parseFromString(source: string, mimeType = 'text/xml') {
      return super.parseFromString(source, mimeType)
    }
  }
  return { ...xmldom, DOMParser: DefaultingParser }
}
