import { toBuffer } from '../crypto/ask.ts'
import { randomBytes } from '../crypto/random.ts'

type FormContent = string | number | Uint8Array
export type FormValue =
  | FormContent
  | {
      readonly value: FormContent
      readonly options?: string | { readonly filename?: string; readonly contentType?: string }
    }

const lineEnd = '\r\n'

/** A form with files (`multipart/form-data`), in memory, and its content type. */
export class MultipartForm {
  readonly boundary = `--------------------------${(randomBytes(12) as Buffer).toString('hex')}`
  readonly #parts: Buffer[] = []

  get contentType(): string {
    return `multipart/form-data; boundary=${this.boundary}`
  }

  append(name: string, input: FormValue, options?: FormValueOptions): void {
    const { value, settings } = readValue(input, options)
    const isBytes = ArrayBuffer.isView(value)
    if (!isBytes && typeof value !== 'string' && typeof value !== 'number') {
      throw new TypeError(`request: formData.${name} must be a text, a number or a Buffer; rules have no files`)
    }
    const { filename, contentType = isBytes || settings.filename !== undefined ? 'application/octet-stream' : '' } =
      settings
    const file = filename === undefined ? '' : `; filename="${filename.replace(/["\r\n]/g, '')}"`
    const lines = [
      `--${this.boundary}`,
      `Content-Disposition: form-data; name="${name.replace(/["\r\n]/g, '')}"${file}`,
      ...(contentType === '' ? [] : [`Content-Type: ${contentType}`]),
    ]
    const head = lines.join(lineEnd) + lineEnd + lineEnd
    this.#parts.push(Buffer.from(head), isBytes ? toBuffer(value) : Buffer.from(String(value)), Buffer.from(lineEnd))
  }

  /** The whole body. */
  toBuffer(): Buffer {
    return Buffer.concat([...this.#parts, Buffer.from(`--${this.boundary}--${lineEnd}`)])
  }
}

interface FormValueSettings {
  readonly filename?: string
  readonly contentType?: string
}
type FormValueOptions = string | FormValueSettings

function readValue(
  input: FormValue,
  options?: FormValueOptions,
): { readonly value: unknown; readonly settings: FormValueSettings } {
  const isWrapped = typeof input === 'object' && !ArrayBuffer.isView(input) && 'value' in input
  const rawOptions = (isWrapped ? input.options : options) ?? {}
  return {
    value: isWrapped ? input.value : input,
    settings: typeof rawOptions === 'string' ? { filename: rawOptions } : rawOptions,
  }
}
