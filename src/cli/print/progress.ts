import type { WriteStream } from 'node:tty'

/** Shows progress: on a terminal as one line that is redrawn, elsewhere as a line for each tenth. */
export interface Progress {
  /** `share` is from 0 to 1. */
  show(share: number, text: string): void
  end(): void
}

const barLength = 30

export function createProgress(stream: WriteStream | NodeJS.WriteStream): Progress {
  const isInteractive = stream.isTTY && (process.env['NO_COLOR'] ?? '') === ''
  let tenth = 0
  return {
    show(share, text) {
      const percent = `${Math.floor(share * 100)} %`
      if (isInteractive) {
        const full = Math.round(share * barLength)
        stream.write(`\r\u001B[K${'█'.repeat(full)}${'░'.repeat(barLength - full)} ${percent}  ${text}`)
      } else if (Math.floor(share * 10) > tenth) {
        tenth = Math.floor(share * 10)
        stream.write(`${percent}  ${text}\n`)
      }
    },
    end() {
      if (isInteractive) stream.write('\r\u001B[K')
    },
  }
}
