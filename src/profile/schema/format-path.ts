/** Formats a JSON Pointer (RFC 6901) as code: `/user/app_metadata/plan` becomes `user.app_metadata.plan`. */
export function formatPath(pointer: string): string {
  return pointer
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))
    .map((part, index) => {
      if (/^[A-Za-z_$][\w$]*$/.test(part)) return index === 0 ? part : `.${part}`
      return /^\d+$/.test(part) ? `[${part}]` : `[${JSON.stringify(part)}]`
    })
    .join('')
}
