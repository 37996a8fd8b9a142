import type { DOMParser } from '@xmldom/xmldom'

type Xmldom = { readonly DOMParser: typeof DOMParser }

/** xmldom as scripts call it: its releases before 0.9, and all that went by the name of xmldom, took a text without its type. */
export function withDefaultType(xmldom: Xmldom): Xmldom {
  class DefaultingParser extends xmldom.DOMParser {
    override parseFromString(source: string, mimeType = 'text/xml') {
      return super.parseFromString(source, mimeType)
    }
  }
  return { ...xmldom, DOMParser: DefaultingParser }
}
