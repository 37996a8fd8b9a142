import type ivm from 'isolated-vm'
import type { FunctionCounts, RuleCounts } from '../../wire/protocol.ts'
import { openInspector } from '../inspect/inspector.ts'

/** Where the code of a rule is in a script of the isolate's. */
export interface RuleScript {
  readonly filename: string
  /** How much stands before it. */
  readonly prefixLength: number
}

/** Counts what an isolate's rules run. */
export interface RuleCoverage {
  /** What ran since the last time, of the rules of which something did. */
  take(): Promise<readonly RuleCounts[]>
  dispose(): void
}

/** What V8 tells; its offsets are those of the script. */
interface PreciseCoverage {
  readonly result: readonly { readonly url: string; readonly functions: readonly FunctionCounts[] }[]
}

const bindingName = 'counting'

/** Blocks are counted in code that is compiled from now on: so nothing may be compiled before this returns. */
export function startRuleCoverage(isolate: ivm.Isolate, scripts: readonly RuleScript[]): RuleCoverage {
  const inspector = openInspector(isolate)
  const { call } = inspector
  const context = isolate.createContextSync({ inspector: true })
  void call('Profiler.enable')
  void call('Profiler.startPreciseCoverage', { callCount: true, detailed: true })
  void call('Runtime.enable')
  void call('Runtime.addBinding', { name: bindingName })
  void call('Runtime.disable')
  // The isolate's own thread takes messages in their order, and their answers come in a later turn: what the last but one
  // does is seen at once.
  while (context.evalSync(`typeof ${bindingName}`) !== 'function');
  context.release()

  return {
    async take() {
      const coverage = (await call('Profiler.takePreciseCoverage')) as PreciseCoverage | undefined
      return (coverage?.result ?? []).flatMap(({ url, functions }) => {
        const rule = scripts.findIndex(({ filename }) => filename === url)
        const ruleFunctions = rule < 0 ? [] : toRuleFunctions(functions, scripts[rule]!.prefixLength)
        return ruleFunctions.length === 0 ? [] : [{ rule, functions: ruleFunctions }]
      })
    },
    dispose: inspector.dispose,
  }
}

/** The functions of the rule's own text, by its own offsets. */
function toRuleFunctions(functions: readonly FunctionCounts[], prefixLength: number): FunctionCounts[] {
  return functions
    .filter(
      ({ ranges: [outermostRange] }) => outermostRange !== undefined && outermostRange.startOffset >= prefixLength,
    )
    .map(({ functionName, ranges, isBlockCoverage }) => ({
      functionName,
      isBlockCoverage,
      ranges: ranges.map(({ startOffset, endOffset, count }) => ({
        startOffset: startOffset - prefixLength,
        endOffset: endOffset - prefixLength,
        count,
      })),
    }))
}
