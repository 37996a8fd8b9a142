/** The page of the explorer. It has no inline script or style, so that its content security policy needs no exception. */
export const explorerPage = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>Management API</title>
    <link rel="icon" href="data:,">
    <link rel="stylesheet" href="explorer/swagger-ui.css">
    <link rel="stylesheet" href="explorer/page.css">
    <script src="explorer/swagger-ui.js" defer></script>
    <script src="explorer/start.js" defer></script>
  </head>
  <body>
    <main id="explorer"></main>
    <noscript>The explorer needs JavaScript; <a href="openapi.json">openapi.json</a> says the same.</noscript>
  </body>
</html>
`

/** Tokens stay in the page's memory, and the document is not sent to an online validator. */
export const explorerScript = `SwaggerUIBundle({
  url: 'openapi.json',
  dom_id: '#explorer',
  deepLinking: true,
  docExpansion: 'list',
  defaultModelsExpandDepth: 0,
  displayOperationId: false,
  displayRequestDuration: true,
  filter: true,
  persistAuthorization: false,
  queryConfigEnabled: false,
  validatorUrl: null,
})
`

/** Wide tables scroll on a narrow screen; the empty column of links is hidden. */
export const explorerStyle = `body { margin: 0; background: #fff; }
noscript { display: block; padding: 20px; font-family: sans-serif; }
.swagger-ui .response-col_links { display: none; }
.swagger-ui .renderedMarkdown table { display: block; max-width: 100%; overflow-x: auto; }
.swagger-ui .renderedMarkdown table tr th,
.swagger-ui .renderedMarkdown table tbody tr td,
.swagger-ui .renderedMarkdown table tbody tr td:first-of-type {
  padding: 4px 14px 4px 0; min-width: 4em; max-width: none; text-align: left; vertical-align: baseline;
}
.swagger-ui .renderedMarkdown table code { font-size: 12px; }
`
