export type OperationResult = OperationSuccess | ManagementError

export interface OperationSuccess {
  readonly ok: true
  readonly value?: unknown
  /** Replaces the status that the operation declares, if there is no body. */
  readonly status?: 204
  readonly headers?: Readonly<Record<string, string>>
}

/** An error of the Management API; as JSON `{ statusCode, error, message, errorCode }`, as in Auth0's. */
export interface ManagementError {
  readonly ok: false
  readonly status: ManagementErrorStatus
  readonly message: string
  readonly errorCode?: string | undefined
  readonly headers?: Readonly<Record<string, string>>
}

/** The statuses of errors, with the text of the member `error`. */
export const errorStatusNames = {
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

export type ManagementErrorStatus = keyof typeof errorStatusNames

export function reply(value?: unknown, headers: Readonly<Record<string, string>> = {}): OperationSuccess {
  return { ok: true, value, headers }
}

export function managementError(
  status: ManagementErrorStatus,
  errorCode: string | undefined,
  message: string,
  headers: Readonly<Record<string, string>> = {},
): ManagementError {
  return { ok: false, status, message, headers, errorCode }
}

export function toResponse(result: OperationResult, successStatus: number): Response {
  const headers = { 'cache-control': 'no-store', ...result.headers }
  if (result.ok) {
    return (result.status ?? successStatus) === 204
      ? new Response(null, { status: 204, headers })
      : Response.json(result.value, { status: successStatus, headers })
  }
  const { status, message, errorCode } = result
  const body = { statusCode: status, error: errorStatusNames[status], message, errorCode }
  return Response.json(body, { status, headers })
}
