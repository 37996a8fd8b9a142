import { tables } from './tables.ts'

const marker = /<!-- generated:([\w-]+) -->[^]*?<!-- \/generated:\1 -->/g

/** Replaces what stands between the markers of generated tables. @throws {Error} if a marker names no table, or does not end */
export function fillTables(text: string): string {
  const filled = text.replaceAll(marker, (_, name: string) => {
    const render = tables.get(name)
    if (render === undefined) {
      throw new Error(`there is no generated table ${name}; there are ${[...tables.keys()].join(', ')}`)
    }
    return `<!-- generated:${name} -->\n${render()}\n<!-- /generated:${name} -->`
  })
  const openMarker = /<!-- generated:([\w-]+) -->/.exec(text.replaceAll(marker, ''))
  if (openMarker !== null)
    throw new Error(`the marker generated:${openMarker[1]} has no end: <!-- /generated:${openMarker[1]} -->`)
  return filled
}
