import type { Change } from '../../../profile/schema/changes.ts'
import { type Marks, type EncodedValue, encodeMarked, restoreMarked } from '../../wire/codec.ts'
import { createChangeTracker } from './change-tracker.ts'
import { type GuestFailure, createFailure, toOutputFailure } from '../driver/guest-failure.ts'
import type { GuestLimits } from '../../wire/guest-contract.ts'
import type { Json } from '../../wire/json.ts'
import { parseJson, toJson } from '../../wire/primordials.ts'
import type { LiveLogin } from '../driver/rule-scope.ts'

/** User and context of a login: live for the rules, and as the last rule left them. */
export interface LoginState {
  /** What the rules get and change. */
  readonly login: LiveLogin
  /** The login was plain JSON at its start, so the rules' changes and the final marks describe it completely. */
  readonly isPlainJson: boolean
  /** The JSON of its `Marks`, which hold what JSON cannot express; empty if there are none. */
  readonly marks: string
  /** The changes of the last rule, as JSON. */
  readonly changes: string
  /** Reads a login that `encode` wrote. Throws if it cannot be read. */
  begin(loginText: string): void
  /** Goes back to a text that `toText` returned. */
  restore(loginText: string): void
  /** Encodes the login as the last rule left it. Neither this nor `toData` reads live objects. */
  toText(): string
  toData(): LoginData
  /** Takes the changes of a rule; returns why user and context are not valid, if so. */
  captureChanges(isTextWanted: boolean): GuestFailure | undefined
}

interface LoginData {
  readonly user: { [key: string]: Json }
  readonly context: { [key: string]: Json }
}

export function createLoginState({ maxDepth, maxOutputBytes }: GuestLimits): LoginState {
  const codecLimits = { maxDepth: maxDepth + 1, maxLength: maxOutputBytes }
  const tracker = createChangeTracker(maxDepth)
  let marks: Marks | undefined
  /** The encoded login; undefined if it has changed since it was encoded. */
  let text: string | undefined
  /** An upper bound of the text's length without the marks: encoding after each rule would be expensive. */
  let maxTextLength = 0

  function findMisfit(): string | undefined {
    if (!tracker.isObject('user')) return 'what the rule left as user is not an object'
    if (!tracker.isObject('context')) return 'what the rule left as context is not an object'
    return undefined
  }

  const state: { -readonly [Name in keyof LoginState]: LoginState[Name] } = {
    login: { user: undefined, context: undefined },
    isPlainJson: false,
    marks: '',
    changes: '[]',
    begin(loginText) {
      state.restore(loginText)
      state.isPlainJson = marks === undefined
    },
    restore(loginText) {
      text = loginText
      maxTextLength = loginText.length
      const [value, writtenMarks] = parseJson(loginText) as EncodedValue
      marks = writtenMarks
      state.marks = ''
      if (marks === undefined) tracker.beginParsed((state.login = value as LiveLogin))
      else tracker.begin((state.login = restoreMarked(value, marks) as LiveLogin))
    },
    toText() {
      text ??= encodeMarked(tracker.copy(), marks, codecLimits)
      maxTextLength = text.length
      return text
    },
    toData: () => tracker.copy() as unknown as LoginData,
    captureChanges(isTextWanted) {
      const newChanges: Change[] = []
      const before = marks
      try {
        marks = tracker.diff(state.login, newChanges)
        const misfit = findMisfit()
        if (misfit !== undefined) return createFailure('RULE_OUTPUT', misfit)
        const changes = (state.changes = newChanges.length === 0 ? '[]' : toJson(newChanges))
        if (changes.length > 2 * maxOutputBytes) {
          return createFailure('RULE_OUTPUT', `what the rule changed is larger than ${maxOutputBytes} bytes`)
        }
        if (newChanges.length > 0 || before !== undefined || marks !== undefined) text = undefined
        maxTextLength += changes.length
        if (marks === undefined) state.marks = ''
        else if (!hasSameMarks(marks, before)) state.marks = toJson(marks)
        if (isTextWanted || maxTextLength + state.marks.length > maxOutputBytes) state.toText()
        return undefined
      } catch (error) {
        return toOutputFailure(error)
      }
    },
  }
  return state
}

/** Whether the marks are certainly the same; false does not prove that they differ. */
function hasSameMarks(marks: Marks, before: Marks | undefined): boolean {
  const { dates, undefineds, shared } = marks
  if (before === undefined || shared.length !== before.shared.length) return false
  if (dates.length + undefineds.length + before.dates.length + before.undefineds.length > 0) return false
  for (let index = 0; index < shared.length; index++) if (shared[index] !== before.shared[index]) return false
  return true
}
