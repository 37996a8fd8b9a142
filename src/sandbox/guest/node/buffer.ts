const { Buffer } = globalThis
const kMaxLength = 0x7fffffff
const constants = { MAX_LENGTH: kMaxLength, MAX_STRING_LENGTH: 0x1fffffe8 }
const INSPECT_MAX_BYTES = 50
const atob = (text: string): string => Buffer.from(text, 'base64').toString('latin1')
const btoa = (text: string): string => Buffer.from(text, 'latin1').toString('base64')

export { Buffer, Buffer as SlowBuffer, kMaxLength, constants, INSPECT_MAX_BYTES, atob, btoa }
