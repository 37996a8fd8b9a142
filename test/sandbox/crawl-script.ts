/**
 * A rule that walks to everything that rules can reach: by properties, prototypes and accessors, and by calling every
 * function it meets with a choice of `this` and arguments, since some builtins are only reached by a call. It remembers on
 * `global` what it met, and reports what it had met in the login before that could carry something from one to the next.
 */
export const crawlScript = String.raw`function crawl(user, context, callback) {
  const seen = new Map(), byPath = new Map(), queue = [], skip = new Set([callback, crawl]);
  function add(value, path) {
    const isObject = (typeof value === 'object' && value !== null) || typeof value === 'function';
    if (!isObject || value === global || seen.has(value)) return;
    seen.set(value, path);
    byPath.set(path, value);
    queue.push(value);
  }
  function attempt(path, make) {
    try { add(make(), path); } catch (error) { add(error, path + ' error'); }
  }
  function handled(result, path) {
    if (result && result.then) result.then((value) => add(value, path + ' then'), (error) => add(error, path + ' catch'));
    return result;
  }
  const makers = {
    globalThis: () => globalThis, user: () => user, context: () => context, callback: () => callback,
    configuration: () => configuration, auth0: () => auth0, require: () => require, arguments: () => arguments,
    caller: () => arguments.callee.caller, this: () => this, thisOfFunction: () => Function('return this')(),
    generator: () => (function* () {})(), asyncGenerator: () => (async function* () {})(), asyncFunction: () => (async () => {})(),
    arrayIterator: () => [][Symbol.iterator](), mapIterator: () => new Map().entries(), setIterator: () => new Set().values(),
    stringIterator: () => ''[Symbol.iterator](), matchIterator: () => 'a'.matchAll(/a/g), regExp: () => /(a)/.exec('a'),
    iteratorHelper: () => [1].values().map((x) => x), wrapped: () => Iterator.from({ next() {} }), template: () => ((x) => x)${'`t`'},
    typeError: () => null.x, rangeError: () => (function f() { f(); })(), syntaxError: () => eval('('), uriError: () => decodeURIComponent('%'),
    disposal: () => eval('{ using a = { [Symbol.dispose]() { throw 1 } }; throw 2 }'),
    url: () => new URL('http://a/?b=c'), urlError: () => new URL('bad'), params: () => new URL('http://a/?b=c').searchParams,
    headers: () => new Headers({ a: 'b' }), request: () => new Request('http://a'), response: () => new Response('x'),
    controller: () => new AbortController(), signal: () => AbortSignal.abort(), buffer: () => Buffer.from('abc'),
    bufferError: () => Buffer.alloc(1).readUInt32LE(9), encoder: () => new TextEncoder(), decoder: () => new TextDecoder(),
    cloneError: () => structuredClone(() => 1), atobError: () => atob('!'), requireError: () => require('x'),
    timer: () => setTimeout(() => 1, 5), timerError: () => setTimeout('x'), refusal: () => new UnauthorizedError('x'),
    dates: () => new Intl.DateTimeFormat('en'), segments: () => new Intl.Segmenter().segment('a')[Symbol.iterator](),
    operation: () => handled(auth0.users.updateUserMetadata('x', {}), 'operation'), resolvers: () => Promise.withResolvers(),
  };
  for (const name in makers) attempt(name, makers[name]);
  fetch('http://10.0.0.1/').catch((error) => add(error, 'fetch error'));
  import('fs').then((module) => add(module, 'module'), (error) => add(error, 'import error'));

  function members(value, path) {
    for (const key of Reflect.ownKeys(value)) {
      if (ArrayBuffer.isView(value) && /^\d+$/.test(String(key))) continue;
      const descriptor = Reflect.getOwnPropertyDescriptor(value, key), place = path + '.' + String(key);
      if ('value' in descriptor) add(descriptor.value, place);
      else {
        add(descriptor.get, place + ' get');
        add(descriptor.set, place + ' set');
        if (descriptor.get) attempt(place, () => descriptor.get.call(value));
      }
    }
    add(Object.getPrototypeOf(value), path + '.__proto__');
  }
  function walk() {
    while (queue.length > 0) {
      const value = queue.pop();
      try { members(value, seen.get(value)); } catch (error) {}
    }
  }
  function call(fn, path) {
    const owner = byPath.get(path.slice(0, path.lastIndexOf('.')));
    const selves = [undefined, owner, [1, 2], 'ab', /a/g, new Map([[1, 2]]), new Uint8Array(4), Promise.resolve(1)];
    for (const self of selves) {
      for (const args of [[], ['a'], [{}], [() => 1], [1n, '']]) {
        attempt(path + '()', () => {
          const result = Reflect.apply(fn, self, args);
          return handled(result, path);
        });
      }
    }
    for (const args of [[], ['en'], [{}]]) attempt('new ' + path, () => Reflect.construct(fn, args));
  }
  walk();
  for (const [value, path] of [...seen]) {
    if (typeof value !== 'function' || skip.has(value)) continue;
    if (!/ set$|setTimeout|setInterval|setImmediate|queueMicrotask|fetch|callback|caller|console/.test(path)) call(value, path);
  }
  walk();

  const slots = [
    (o) => Object.getOwnPropertyDescriptor(Map.prototype, 'size').get.call(o), (o) => Object.getOwnPropertyDescriptor(Set.prototype, 'size').get.call(o),
    (o) => WeakMap.prototype.has.call(o, {}), (o) => WeakSet.prototype.has.call(o, {}), (o) => Date.prototype.getTime.call(o),
    (o) => Object.getOwnPropertyDescriptor(ArrayBuffer.prototype, 'byteLength').get.call(o), (o) => DataView.prototype.getInt8.call(o, 0),
    (o) => { if (!ArrayBuffer.isView(o)) throw 1; },
  ];
  const hasSlot = (o) => slots.some((probe) => { try { probe(o); return true; } catch (error) { return false; } });
  setTimeout(() => {
    walk();
    const known = global.known, hostNames = ['applySync', 'copySync', 'derefInto', 'createContextSync', 'getSync', 'Isolate'];
    user.count = seen.size;
    user.sameRealm = global.realm === globalThis;
    user.carriers = known ? [...seen].filter(([o]) => known.has(o) && o !== globalThis && (!Object.isFrozen(o) || hasSlot(o))).map((entry) => entry[1]) : [];
    user.hosts = [...seen].filter(([o]) => hostNames.some((name) => { try { return name in o; } catch (error) { return false; } })).map((entry) => entry[1]);
    user.escapes = [...seen].filter(([o]) => {
      try { const escape = o.constructor !== callback && o.constructor('return typeof process + typeof require')(); return typeof escape === 'string' && escape !== 'undefinedundefined'; } catch (error) { return false; }
    }).map((entry) => entry[1]);
    global.known = new WeakSet(seen.keys());
    global.realm = globalThis;
    callback(null, user, context);
  }, 20);
}`
