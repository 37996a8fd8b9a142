import type { AnyNode, Node } from 'acorn'
import type { MagicString } from 'magic-string'
import type { RuleShape } from './rule-shape.ts'

/** Notes what an action does not do as the rule did, and where. */
export type NoteDifference = (node: Node, message: string) => void

/** A node that is to be rewritten, and where it stands. */
export interface RewriteSite {
  readonly ruleShape: RuleShape
  readonly text: MagicString
  /** From the rule's body to the node itself. */
  readonly ancestors: readonly AnyNode[]
  readonly noteDifference: NoteDifference
  /** The helper functions that the text now calls. */
  readonly names: Set<string>
}
