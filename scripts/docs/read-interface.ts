import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import {
  type ParseResult,
  type TSInterfaceDeclaration,
  type TSSignature,
  type TSType,
  Visitor,
  parseSync,
} from 'oxc-parser'

/** A member of an interface, as its declaration says. */
export interface InterfaceMember {
  /** With the names that lead to it: `access.deny`. */
  readonly name: string
  /** `(code: string, reason: string)` of a method, or the text of the type. */
  readonly type: string
  readonly isMethod: boolean
  readonly isOptional: boolean
  /** The doc comment in one line; empty without one. */
  readonly description: string
}

/** A file of TypeScript, with what is needed to look up its declarations. */
interface SourceFile {
  readonly path: string
  readonly text: string
  readonly parsed: ParseResult
  readonly interfaces: ReadonlyMap<string, TSInterfaceDeclaration>
}

export interface ReadOptions {
  /** A member without a doc comment whose type is an object, or an interface of the same file, is replaced by the members of that. */
  readonly isFlat?: boolean
}

/** Reads the members of an interface, in the order of the source. @throws {Error} if there is no such interface */
export function readInterface(
  path: string,
  name: string,
  { isFlat = false }: ReadOptions = {},
): readonly InterfaceMember[] {
  const file = parseFile(path)
  const declaration = file.interfaces.get(name)
  if (declaration === undefined) throw new Error(`${path} declares no interface ${name}`)
  return declaration.body.body.flatMap((signature) => readSignature(signature, { file, prefix: '', isFlat }))
}

const files = new Map<string, SourceFile>()

function parseFile(path: string): SourceFile {
  const known = files.get(path)
  if (known !== undefined) return known
  const text = readFileSync(path, 'utf8')
  const parsed = parseSync(path, text)
  const interfaces = new Map<string, TSInterfaceDeclaration>()
  new Visitor({ TSInterfaceDeclaration: (node) => void interfaces.set(node.id.name, node) }).visit(parsed.program)
  const file = { path, text, parsed, interfaces }
  files.set(path, file)
  return file
}

interface Place {
  readonly file: SourceFile
  readonly prefix: string
  readonly isFlat: boolean
}

function readSignature(signature: TSSignature, place: Place): readonly InterfaceMember[] {
  const { file, prefix, isFlat } = place
  if (signature.type !== 'TSPropertySignature' && signature.type !== 'TSMethodSignature') return []
  const name = prefix + getText(file, signature.key)
  const member = { name, isOptional: signature.optional, description: findDescription(file, signature.start) }
  if (signature.type === 'TSMethodSignature') {
    const parameters = signature.params.map((parameter) => getText(file, parameter)).join(', ')
    return [{ ...member, type: `(${parameters})`, isMethod: true }]
  }
  const type = signature.typeAnnotation?.typeAnnotation
  if (type === undefined || type === null) return []
  const members = isFlat && member.description === '' ? findMembers(type, file) : undefined
  if (members !== undefined)
    return members.flatMap((one) =>
      readSignature(one, { file, prefix: `${name}${member.isOptional ? '?' : ''}.`, isFlat }),
    )
  const referenced = findReferenced(type, file)
  const description = member.description === '' ? (referenced?.description ?? '') : member.description
  return [{ ...member, type: referenced?.type ?? formatType(type, file), isMethod: false, description }]
}

/** Members of an object type are on lines of their own in the source, without separators. */
function formatType(type: TSType, file: SourceFile): string {
  if (type.type !== 'TSTypeLiteral') return getText(file, type)
  return `{ ${type.members.map((member) => getText(file, member).replace(/;$/, '')).join('; ')} }`
}

/** Finds the members of an object type, of an interface of the same file, or of both with `&` between. */
function findMembers(type: TSType, file: SourceFile): readonly TSSignature[] | undefined {
  if (type.type === 'TSTypeLiteral') return type.members
  if (type.type === 'TSIntersectionType') return type.types.flatMap((one) => findMembers(one, file) ?? [])
  if (type.type !== 'TSTypeReference') return undefined
  return file.interfaces.get(getText(file, type.typeName))?.body.body
}

/** Finds the member that a type such as `HandlerOptions['trustProxy']` names, in the file that it is imported from. */
function findReferenced(type: TSType, file: SourceFile): InterfaceMember | undefined {
  if (type.type !== 'TSIndexedAccessType') return undefined
  const name = getText(file, type.objectType)
  const key = getText(file, type.indexType).slice(1, -1)
  const specifier = file.parsed.module.staticImports.find(({ entries }) =>
    entries.some(({ localName }) => localName.value === name),
  )?.moduleRequest.value
  if (specifier === undefined) return undefined
  return readInterface(join(dirname(file.path), specifier), name).find((member) => member.name === key)
}

/** Finds the doc comment that ends right before a declaration. */
function findDescription({ parsed, text }: SourceFile, start: number): string {
  const comment = parsed.comments.findLast(({ end }) => end <= start)
  if (comment === undefined || comment.type !== 'Block' || !comment.value.startsWith('*')) return ''
  if (text.slice(comment.end, start).trim() !== '') return ''
  const lines = comment.value
    .slice(1)
    .split('\n')
    .map((line) => line.replace(/^\s*\* ?/, '').trim())
  return lines.filter((line) => line !== '').join(' ')
}

function getText({ text }: SourceFile, { start, end }: { readonly start: number; readonly end: number }): string {
  return text.slice(start, end).replaceAll(/\s+/g, ' ')
}
