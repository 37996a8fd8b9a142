/** The script to paste into Logto's custom JWT editor, for access tokens of users; it calls the endpoint. */
export const logtoScript = `const getCustomJwtClaims = async ({ token, context, environmentVariables, api }) => {
  const response = await fetch(environmentVariables.CLAIMSMITH_URL, {
    method: 'POST',
    headers: {
      authorization: \`Bearer \${environmentVariables.CLAIMSMITH_SECRET}\`,
      'content-type': 'application/json',
    },
    body: JSON.stringify({ token, context }),
  });
  if (!response.ok) throw new Error(\`claimsmith answered \${response.status}\`);
  const { claims, denied } = await response.json();
  return denied === undefined ? claims : api.denyAccess(denied);
};
`
