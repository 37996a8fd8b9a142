import jsonwebtoken from 'jsonwebtoken'

type Options = jsonwebtoken.SignOptions & { readonly expiresInMinutes?: number }

/** The global `jwt` of rules: jsonwebtoken, with the option `expiresInMinutes` of its early releases. */
function sign(payload: object, secret: string, options: Options = {}, callback?: jsonwebtoken.SignCallback): unknown {
  const { expiresInMinutes, ...rest } = options
  const settings = expiresInMinutes === undefined ? rest : { expiresIn: expiresInMinutes * 60, ...rest }
  if (callback === undefined) return jsonwebtoken.sign(payload, secret, settings)
  jsonwebtoken.sign(payload, secret, settings, callback)
  return undefined
}

export const jwt = { ...jsonwebtoken, sign }
