import type { ResumePoint } from '../../wire/resume-point.ts'
import type { Json } from '../../wire/json.ts'
import type { Ops } from '../driver/ops.ts'
import { NativeTypeError, indexOfText, isArray, parseJson, push, toJson } from '../../wire/primordials.ts'
import type { RuleRun } from '../driver/driver-state.ts'
import type { LiveLogin } from '../driver/rule-scope.ts'

export type Members = { [key: string]: Json }

/** One call of an action's handler: what its `api` writes to and reads. */
export interface ActionRun {
  readonly ruleRun: RuleRun
  readonly login: LiveLogin
  /** The action's own copy; changes to it have no effect on the login. */
  readonly event: Members
  /** The request as it was before the action. */
  readonly request: Members
  readonly protocol: string | undefined
  readonly resumePoint: ResumePoint | undefined
  readonly trigger: string
  readonly ops: Ops
  /** The metadata keys to save. */
  readonly savedKeys: { readonly user: string[]; readonly app: string[] }
  wasExecuted(rule: unknown): boolean
  deny(reason: unknown, code?: unknown): void
  /** Notes in the trace, once, that a part of `api` has no effect. */
  warn(member: string): void
}

/** Creates a method of `api` that returns `api`, and does nothing after the action has ended. */
export type CreateSetter = (
  work: (first: unknown, second: unknown) => void,
) => (first?: unknown, second?: unknown) => object

/** Returns the member of the context or user that is an object; creates it if there is none. */
export function ensureObject(holder: unknown, name: string): Record<string, unknown> {
  const members = holder as Record<string, unknown>
  const value = members[name]
  if (typeof value === 'object' && value !== null && !isArray(value)) return value as Record<string, unknown>
  const part: Record<string, unknown> = {}
  members[name] = part
  return part
}

/** Copies data of an action, so that its later changes have no effect. */
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
