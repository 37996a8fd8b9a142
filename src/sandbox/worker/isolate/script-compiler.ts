import type ivm from 'isolated-vm'
import { LRUCache } from 'lru-cache'

/** A script that more than one isolate runs; its hash says which. */
interface SharedScript {
  readonly hash: string
  readonly code: string
  readonly filename: string
}

/** Compiles the shared scripts of one isolate. */
interface ScriptCompiler {
  compile(script: SharedScript): ivm.Script
  /** Keeps what V8 has made of the scripts by now for the isolates to come. */
  cacheCode(): void
}

type CodeCache = ivm.ExternalCopy<ArrayBuffer>

const maxCachedScripts = 10
/** What V8 made of scripts: it takes a third off the start of every further isolate. */
const codeCache = new LRUCache<string, CodeCache>({ max: maxCachedScripts })

export function createScriptCompiler(isolate: ivm.Isolate): ScriptCompiler {
  let uncachedScripts: SharedScript[] = []
  return {
    compile(script) {
      const { hash, code, filename } = script
      const cachedData = codeCache.get(hash)
      if (cachedData === undefined) uncachedScripts.push(script)
      return isolate.compileScriptSync(code, { filename, ...(cachedData === undefined ? {} : { cachedData }) })
    },
    cacheCode() {
      const scripts = uncachedScripts
      uncachedScripts = []
      try {
        for (const { hash, code, filename } of scripts) {
          // The isolate still has the script: what it hands out are also the functions that have run since, without which
          // each start would compile them again.
          const recompiledScript = isolate.compileScriptSync(code, { filename, produceCachedData: true })
          const { cachedData } = recompiledScript as { readonly cachedData?: CodeCache }
          if (cachedData !== undefined) codeCache.set(hash, cachedData)
        }
      } catch {
        // The isolate is gone, or has no memory left: another one compiles for itself.
      }
    },
  }
}
