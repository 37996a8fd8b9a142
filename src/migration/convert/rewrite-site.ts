import type { AnyNode, Node } from 'acorn'
import type { MagicString } from 'magic-string'
import type { RuleShape } from './rule-shape.ts'

/** Records a difference between the action and the rule, and where. */
export type NoteDifference = (node: Node, message: string) => void

/** A node to rewrite, and its context. */
export interface RewriteSite {
  readonly ruleShape: RuleShape
  readonly text: MagicString
  /** From the rule's body to the node itself. */
  readonly ancestors: readonly AnyNode[]
  readonly noteDifference: NoteDifference
  /** The helper functions that the text now calls. */
  readonly names: Set<string>
}
