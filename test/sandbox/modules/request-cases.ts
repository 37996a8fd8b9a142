/** Each the body of a function of `request`, `base` and `done`: what a rule would write. */
export const cases = {
  'a text': `request(base + '/x', done)`,
  'uri and options': `request(base + '/x', { headers: { 'X-Own': 'a' } }, done)`,
  'url in options': `request({ url: base + '/x' }, done)`,
  'a parsed url': `request({ uri: new URL(base + '/x').href }, done)`,
  'base url': `request({ baseUrl: base + '/api/', uri: '/x' }, done)`,
  'a path with a query': `request.get(base + '/x?a=1&b=c%20d', done)`,
  'a query': `request({ url: base + '/x', qs: { a: 1, b: 'c d', e: "it's (x)!*" } }, done)`,
  'a query that adds': `request({ url: base + '/x?a=1&b=2', qs: { a: 3, c: '' } }, done)`,
  'a nested query': `request({ url: base + '/x', qs: { a: { b: [1, 2] }, c: null, d: undefined } }, done)`,
  'a query as Node writes it': `request({ url: base + '/x', qs: { a: [1, 2] }, useQuerystring: true }, done)`,
  'a query with its own style': `request({ url: base + '/x', qs: { a: [1, 2] }, qsStringifyOptions: { arrayFormat: 'brackets' } }, done)`,
  post: `request.post(base + '/x', { body: 'plain' }, done)`,
  put: `request.put({ url: base + '/x', json: { a: 1 } }, done)`,
  patch: `request.patch({ url: base + '/x', json: true, body: { a: 1 } }, done)`,
  del: `request.del(base + '/x', done)`,
  delete: `request.delete({ url: base + '/x', json: true }, done)`,
  head: `request.head(base + '/x', done)`,
  options: `request.options(base + '/x', done)`,
  method: `request({ url: base + '/x', method: 'post', body: Buffer.from('bytes') }, done)`,
  'a form': `request.post({ url: base + '/x', form: { a: 1, b: 'c d', e: "it's", n: { m: [1] } } }, done)`,
  'a form as text': `request.post({ url: base + '/x', form: "a=it's" }, done)`,
  'a form afterwards': `request.post(base + '/x', done).form({ a: 1 })`,
  'a form and json': `request.post({ url: base + '/x', form: { a: 1 }, json: true }, done)`,
  'form data': `request.post({ url: base + '/x', formData: { a: 'text', n: '5', f: { value: Buffer.from('file'), options: { filename: 'a.bin', contentType: 'x/y' } }, l: ['1', '2'] } }, done)`,
  'json true': `request({ url: base + '/x', json: true }, done)`,
  'json of a text': `request.post({ url: base + '/x', json: true, body: 'text' }, done)`,
  'json with headers': `request.post({ url: base + '/x', json: { a: 'é' }, headers: { 'content-type': 'application/vnd.api+json', Accept: 'x/y' } }, done)`,
  'json that is none': `request({ url: base + '/text', json: true }, done)`,
  'json of nothing': `request({ url: base + '/none', json: true }, done)`,
  'an array as json': `request.post({ url: base + '/x', json: [1, { b: null }] }, done)`,
  nothing: `request(base + '/none', done)`,
  'a user': `request({ url: base + '/x', auth: { user: 'ada', pass: 'sé:cret' } }, done)`,
  'a username': `request({ url: base + '/x', auth: { username: 'ada', password: 'secret' } }, done)`,
  'a user in the url': `request(base.replace('//', '//ada:pa%20ss@') + '/x', done)`,
  'a user when asked': `request({ url: base + '/private', auth: { user: 'ada', pass: 'x', sendImmediately: false } }, done)`,
  bearer: `request({ url: base + '/x', auth: { bearer: 'token' } }, done)`,
  'bearer from a function': `request({ url: base + '/x', auth: { bearer: function () { return 'token' } } }, done)`,
  'auth afterwards': `request.get(base + '/x', done).auth('ada', 'secret')`,
  'bearer afterwards': `request.get(base + '/x', done).auth(null, null, true, 'token')`,
  'a status': `request(base + '/status/500', done)`,
  cookies: `request(base + '/cookies', done)`,
  'redirects are followed': `request({ url: base + '/redirect/302/redirect/301/x', headers: { 'x-own': 'a' } }, done)`,
  'redirects are not followed': `request({ url: base + '/redirect/302/x', followRedirect: false }, done)`,
  'a redirect is asked about': `request({ url: base + '/redirect/302/x', followRedirect: function (r) { return r.statusCode !== 302 } }, done)`,
  'a post is not sent on': `request.post({ url: base + '/redirect/302/x', json: { a: 1 } }, done)`,
  'a post is sent on': `request.post({ url: base + '/redirect/302/x', json: { a: 1 }, followAllRedirects: true }, done)`,
  'a post is sent on as it is': `request.post({ url: base + '/redirect/307/x', body: 'a', followAllRedirects: true }, done)`,
  'a post keeps its method': `request.post({ url: base + '/redirect/302/x', body: 'a', followAllRedirects: true, followOriginalHttpMethod: true }, done)`,
  'head is sent on': `request.head(base + '/redirect/302/x', done)`,
  'no referer': `request({ url: base + '/redirect/302/x', removeRefererHeader: true }, done)`,
  'too many redirects': `request({ url: base + '/redirect/302/redirect/302/x', maxRedirects: 1 }, done)`,
  gzip: `request({ url: base + '/gzip', gzip: true }, done)`,
  'gzip unasked': `request({ url: base + '/gzip', encoding: null }, function (e, r) { done(e, r, typeof r.body) })`,
  'bytes as they are': `request({ url: base + '/bytes', encoding: null }, function (e, r, b) { done(e, r, b.toString('hex')) })`,
  'bytes as a text': `request({ url: base + '/bytes', encoding: 'hex' }, done)`,
  'bytes as utf-8': `request(base + '/bytes', done)`,
  defaults: `request.defaults({ baseUrl: base, headers: { 'x-own': 'a', Accept: 'x/y' }, json: true }).get({ url: '/x', headers: { accept: 'z/z' } }, done)`,
  'defaults of defaults': `request.defaults({ headers: { 'x-own': 'a' } }).defaults({ json: true }).post(base + '/x', { body: { b: 1 } }, done)`,
  'the callback in options': `request({ url: base + '/x', callback: done })`,
  'events, for a callback': `request(base + '/x').on('error', done).on('complete', function (r, b) { done(null, r, b) })`,
  'data, piece by piece': `var t = ''; var r = request(base + '/x'); r.on('data', function (d) { t += d }).on('end', function () { done(null, r.response, t) })`,
  'no time left': `request({ url: base + '/never', timeout: 150 }, done)`,
  'a connection that is cut': `request(base + '/cut', done)`,
  'nobody listens': `request(dead + '/x', done)`,
  'no url': `request({ json: true }, done)`,
  'no protocol': `request('not-a-url', done)`,
  'what the answer says of its request': `request({ url: base + '/x', method: 'PUT' }, function (e, r) { done(e, r, [r.request.method, r.request.uri.pathname, r.toJSON().statusCode]) })`,
} as const

/** What a call's answer is compared by. */
export const tell = `function (error, response, body) {
  var told = {};
  if (error) told.error = { code: error.code, connect: error.connect, message: error.code ? undefined : error.message };
  if (response) {
    told.status = response.statusCode;
    told.same = Buffer.isBuffer(body) || response.body === body || typeof body !== 'string';
    told.body = Buffer.isBuffer(body) ? body.toString('hex') : body;
    told.headers = { own: response.headers['x-own'], cookies: response.headers['set-cookie'], coding: response.headers['content-encoding'] };
  }
  return told;
}`
