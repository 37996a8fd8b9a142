import type { ResumePoint } from '../../wire/resume-point.ts'
import type { Json } from '../../wire/json.ts'
import type { Ops } from '../driver/ops.ts'
import { NativeTypeError, indexOfText, isArray, parseJson, push, toJson } from '../../wire/primordials.ts'
import type { RuleRun } from '../driver/driver-state.ts'
import type { LiveLogin } from '../driver/rule-scope.ts'

export type Members = { [key: string]: Json }

/** One call of an action's handler: what its `api` writes to, and what it may know. */
export interface ActionRun {
  readonly ruleRun: RuleRun
  readonly login: LiveLogin
  /** The copy that the action got; what it does to it changes nothing. */
  readonly event: Members
  /** The request as it was before the action. */
  readonly request: Members
  readonly protocol: string | undefined
  readonly resumePoint: ResumePoint | undefined
  readonly trigger: string
  readonly ops: Ops
  /** The keys of metadata that are to be saved. */
  readonly savedKeys: { readonly user: string[]; readonly app: string[] }
  wasExecuted(rule: unknown): boolean
  deny(reason: unknown, code?: unknown): void
  /** Says in the trace that a part of `api` has no effect. */
  warn(member: string): void
}

/** Methods of `api` that answer `api` itself, and do nothing once the action is over. */
export type CreateSetter = (
  work: (first: unknown, second: unknown) => void,
) => (first?: unknown, second?: unknown) => object

/** The object of the context, or of the user, that goes by this name; it is made where there is none. */
export function ensureObject(holder: unknown, name: string): Record<string, unknown> {
  const members = holder as Record<string, unknown>
  const value = members[name]
  if (typeof value === 'object' && value !== null && !isArray(value)) return value as Record<string, unknown>
  const part: Record<string, unknown> = {}
  members[name] = part
  return part
}

/** A copy of data that an action hands over; what it keeps of it changes nothing afterwards. */
export function cloneData(value: unknown, member: string): Json {
  const text = value === undefined ? 'null' : (toJson(value) as string | undefined)
  if (text === undefined) throw new NativeTypeError(`${member}: the value is a ${typeof value}, which is not data`)
  return parseJson(text) as Json
}

export function requireKey(key: unknown, member: string): string {
  if (typeof key === 'string' && key !== '' && key !== '__proto__') return key
  throw new NativeTypeError(`${member}: the key must be a text that is not empty`)
}

export function requireText(value: unknown, member: string): string {
  if (typeof value === 'string' && value !== '') return value
  throw new NativeTypeError(`${member} takes a text that is not empty`)
}

/** Sets a key of metadata, or deletes it with `null`. */
export function setOrDelete(metadata: Record<string, unknown>, key: string, value: Json): void {
  if (value === null) delete metadata[key]
  else metadata[key] = value
}

export function includesItem(list: readonly unknown[], item: unknown): boolean {
  for (let index = 0; index < list.length; index++) if (list[index] === item) return true
  return false
}

export function toList(value: unknown): unknown[] {
  const list: unknown[] = []
  if (isArray(value)) for (let index = 0; index < value.length; index++) push(list, value[index])
  return list
}

export function hasWord(words: string, word: string): boolean {
  return indexOfText(` ${words} `, ` ${word} `) >= 0
}
