/** What an operation answers: a value for the body of its success, or a refusal. */
export type Answer = Success | Refusal

export interface Success {
  readonly ok: true
  readonly value?: unknown
  /** Instead of the status that the operation declares: there is nothing to say. */
  readonly status?: 204
  readonly headers?: Readonly<Record<string, string>>
}

/** Refused, as Auth0's Management API says it: `{ statusCode, error, message, errorCode }`. */
export interface Refusal {
  readonly ok: false
  readonly status: RefusalStatus
  readonly message: string
  readonly errorCode?: string
  readonly headers?: Readonly<Record<string, string>>
}

/** The statuses of refusals, with the text that `error` holds. */
export const refusalNames = {
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Method Not Allowed',
  409: 'Conflict',
  413: 'Payload Too Large',
  429: 'Too Many Requests',
  500: 'Internal Server Error',
  503: 'Service Unavailable',
} as const

export type RefusalStatus = keyof typeof refusalNames

export function answer(value?: unknown, headers: Readonly<Record<string, string>> = {}): Success {
  return { ok: true, value, headers }
}

export function refuse(
  status: RefusalStatus,
  errorCode: string | undefined,
  message: string,
  headers: Readonly<Record<string, string>> = {},
): Refusal {
  return { ok: false, status, message, headers, ...(errorCode === undefined ? {} : { errorCode }) }
}

export function toResponse(result: Answer, successStatus: number): Response {
  const headers = { 'cache-control': 'no-store', ...result.headers }
  if (result.ok) {
    return (result.status ?? successStatus) === 204
      ? new Response(null, { status: 204, headers })
      : Response.json(result.value, { status: successStatus, headers })
  }
  const { status, message, errorCode } = result
  const body = { statusCode: status, error: refusalNames[status], message, errorCode }
  return Response.json(body, { status, headers })
}
