/** A code block of a page, with what its first line says of how it is tested. */
export interface CodeBlock {
  /** `docs/page.md:12`: the line of the opening fence. */
  readonly place: string
  readonly language: string
  readonly code: string
  /** What the block prints, if the page says so; `…` stands for any text. */
  readonly output: string | undefined
  /** The file that the block is, in the place of a program. */
  readonly title: string | undefined
  /** Why the block cannot run in a test. */
  readonly skip: string | undefined
  readonly exitCode: number
  /** A server: it runs until the end of the page. */
  readonly isBackground: boolean
  /** Parses, and is no whole program. */
  readonly isFragment: boolean
}

interface RawBlock {
  readonly place: string
  readonly info: string
  readonly code: string
  readonly output: string | undefined
}

const wrongLanguages: Readonly<Record<string, string>> = {
  javascript: 'js',
  typescript: 'ts',
  bash: 'sh',
  shell: 'sh',
  console: 'sh',
  '': 'text',
}
const runnableLanguages = ['js', 'ts', 'sh']

/** Reads the first line of a block, as in `sh exit=1`. @throws {Error} if it says what the runner does not know */
export function parseCodeBlock({ place, info, code, output }: RawBlock): CodeBlock {
  const [language = '', ...words] = info.trim().split(/\s+/)
  const options = new Map(words.filter((word) => word !== '').map((word) => splitWord(word)))
  const unknown = [...options.keys()].find(
    (name) => !['title', 'skip', 'exit', 'background', 'fragment'].includes(name),
  )
  if (unknown !== undefined) {
    throw new Error(
      `${place}: a code block has no option ${unknown}; write title=, skip=, exit=, background or fragment`,
    )
  }
  const better = wrongLanguages[language]
  if (better !== undefined) throw new Error(`${place}: the language of a code block is “${language}”; write ${better}`)
  const skip = options.get('skip')
  if (skip !== undefined && !/^[a-z\d]+(-[a-z\d]+)+$/.test(skip)) {
    throw new Error(`${place}: skip=${skip} is no reason; write one as in skip=needs-a-browser`)
  }
  const isOutput = runnableLanguages.includes(language) && !options.has('title') && !options.has('fragment')
  return {
    place,
    language,
    code,
    output: isOutput ? output : undefined,
    title: options.get('title'),
    skip,
    exitCode: Number(options.get('exit') ?? 0),
    isBackground: options.has('background'),
    isFragment: options.has('fragment'),
  }
}

function splitWord(word: string): [string, string] {
  const at = word.indexOf('=')
  return at === -1 ? [word, ''] : [word.slice(0, at), word.slice(at + 1)]
}
