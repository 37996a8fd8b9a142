import {
  dateIso,
  dateTime,
  getOwnPropertyDescriptor,
  isArray,
  isFiniteNumber,
  joinList,
  keys,
  push,
  sliceText,
  toText,
  getTag,
  toJson,
} from '../../wire/primordials.ts'

const maxDepth = 4
const maxItems = 50
const maxTextLength = 8_192

/**
 * Formats the arguments of `console.log`: strings unchanged, `%s %d %i %f %j %o %O %%` in the first, other values as
 * Node shows them, cut if long.
 */
export function format(values: readonly unknown[]): string {
  const parts: string[] = []
  let from = 0
  if (typeof values[0] === 'string') {
    from = 1
    let text = ''
    const pattern = sliceText(values[0], 0, maxTextLength)
    for (let at = 0; at < pattern.length; at++) {
      const directive = pattern[at] === '%' ? pattern[at + 1] : undefined
      if (directive === '%') text += '%'
      else if (directive !== undefined && from < values.length && isDirective(directive)) {
        text += formatDirective(directive, values[from++])
      } else {
        text += pattern[at]
        continue
      }
      at++
    }
    push(parts, text)
  }
  for (; from < values.length; from++) {
    const value = values[from]
    push(parts, typeof value === 'string' ? sliceText(value, 0, maxTextLength) : inspect(value, 0))
  }
  return sliceText(joinList(parts, ' '), 0, maxTextLength)
}

function isDirective(char: string): boolean {
  switch (char) {
    case 's':
    case 'd':
    case 'i':
    case 'f':
    case 'j':
    case 'o':
    case 'O':
      return true
    default:
      return false
  }
}

function formatDirective(directive: string, value: unknown): string {
  switch (directive) {
    case 's':
      return typeof value === 'string' ? value : inspect(value, maxDepth)
    case 'd':
    case 'i':
    case 'f': {
      const number = typeof value === 'object' ? Number.NaN : Number(value)
      return `${directive === 'i' ? Math.trunc(number) : number}`
    }
    case 'j':
      return toJson(value)
    default:
      return inspect(value, 0)
  }
}

function inspect(value: unknown, depth: number): string {
  switch (typeof value) {
    case 'string':
      return `'${sliceText(value, 0, maxTextLength)}'`
    case 'bigint':
      return `${value}n`
    case 'function':
      return '[Function]'
    case 'object':
      return value === null ? 'null' : inspectObject(value, depth)
    default:
      return toText(value)
  }
}

function inspectObject(value: object, depth: number): string {
  const tag = getTag(value)
  if (tag === '[object Date]') return isFiniteNumber(dateTime(value)) ? dateIso(value) : 'Invalid Date'
  if (tag === '[object Error]') return inspectError(value)
  if (isArray(value)) {
    if (depth >= maxDepth) return '[Array]'
    return formatBracketed('[', ']', value.length, (index) => inspect(value[index], depth + 1))
  }
  const names = keys(value)
  const label = tag === '[object Object]' ? '' : `${sliceText(tag, 8, -1)} `
  if (depth >= maxDepth) return label === '' ? '[Object]' : `[${sliceText(tag, 8, -1)}]`
  return label + formatBracketed('{', '}', names.length, (index) => formatMember(value, names[index]!, depth))
}

function inspectError(value: object): string {
  const { stack, message } = value as { stack?: unknown; message?: unknown }
  return typeof stack === 'string' ? stack : `[Error: ${toText(message)}]`
}

function formatMember(owner: object, name: string, depth: number): string {
  const descriptor = getOwnPropertyDescriptor(owner, name)
  const text = descriptor !== undefined && 'value' in descriptor ? inspect(descriptor.value, depth + 1) : '[Getter]'
  return `${isPlainName(name) ? name : `'${name}'`}: ${text}`
}

function formatBracketed(open: string, close: string, length: number, formatItem: (index: number) => string): string {
  if (length === 0) return `${open}${close}`
  const parts: string[] = []
  let size = 0
  for (let index = 0; index < length; index++) {
    if (index >= maxItems || size > maxTextLength) {
      push(parts, `... ${length - index} more`)
      break
    }
    const text = formatItem(index)
    size += text.length
    push(parts, text)
  }
  return `${open} ${joinList(parts, ', ')} ${close}`
}

function isPlainName(name: string): boolean {
  for (let index = 0; index < name.length; index++) {
    const char = name[index]!
    const isAlphanumeric =
      (char >= 'a' && char <= 'z') || (char >= 'A' && char <= 'Z') || (char >= '0' && char <= '9' && index > 0)
    if (!isAlphanumeric && char !== '_' && char !== '$') return false
  }
  return name.length > 0
}
