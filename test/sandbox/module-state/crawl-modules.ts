import { nodeModules, packageShims, providedPackages } from '../../../src/sandbox/modules/module-catalogue.ts'

/** Globals of Auth0's that our bundle has without any package of the user. */
export const ownGlobals: readonly string[] =
  '_ async crypto ip jwt pg postgres process q querystring request uuid xmldom xpath xtend'.split(' ')

/** Every module that a rule can require without installing anything: whole packages, and some of their parts. */
export const ownModules: readonly string[] = [
  ...Object.keys(nodeModules),
  ...Object.keys(packageShims),
  ...providedPackages,
  ...'lodash/fp lodash/core lodash/lodash.min lodash/uniqueId lodash/get lodash/memoize lodash/template'.split(' '),
  ...'pg/lib/defaults pg/lib/type-overrides async/queue jsonwebtoken/sign'.split(' '),
]

const roots = [
  ...ownModules.map((name) => `${JSON.stringify(name)}: () => require(${JSON.stringify(name)})`),
  ...ownGlobals.map((name) => `${JSON.stringify(`global ${name}`)}: () => ${name}`),
]

/**
 * A rule that walks to all that our modules lead to: by properties, prototypes, accessors, what getters return, entries of
 * maps and sets, and what their functions return or construct.
 *
 * - It reports what it can reach that the login before reached, too, and that could carry something: objects that are not
 *   frozen, or that have entries, bytes or a time of their own.
 * - It looks for marks of the login before, and leaves marks in every way at every place.
 */
export const crawlModules = String.raw`function crawlModules(user, context, callback) {
  const roots = { ${roots.join(', ')} };
  const seen = new Map(), queue = [], marks = [], visited = [];
  const mark = 'mark of a login', symbol = Symbol.for(mark);
  const skipped = new Set([globalThis, global, user, context, callback, roots]);
  let base = new Set();
  const isObject = (value) => (typeof value === 'object' && value !== null) || typeof value === 'function';
  function add(value, path, owner) {
    if (!isObject(value) || skipped.has(value) || seen.has(value) || path.length > 300) return;
    seen.set(value, { path, owner });
    queue.push(value);
  }
  function attempt(path, make) {
    let value;
    try { value = make(); } catch (error) { return; }
    if (value && typeof value.then === 'function') { try { value.then(() => {}, () => {}); } catch (error) {} }
    if (value && typeof value.on === 'function') { try { value.on('error', () => {}); } catch (error) {} }
    add(value, path);
    return value;
  }
  function look(value, path) {
    for (const key of Reflect.ownKeys(value)) {
      const descriptor = Reflect.getOwnPropertyDescriptor(value, key), place = path + '.' + String(key);
      if (key === mark || key === symbol) marks.push(place);
      if (ArrayBuffer.isView(value) && /^\d+$/.test(String(key))) continue;
      if ('value' in descriptor) {
        if (descriptor.value === mark) marks.push(place);
        add(descriptor.value, place, value);
      } else {
        add(descriptor.get, place + ' get');
        add(descriptor.set, place + ' set');
        if (descriptor.get) if (attempt(place, () => value[key]) === mark) marks.push(place);
      }
    }
    add(Object.getPrototypeOf(value), path + '.__proto__');
    try { for (const [key, one] of Map.prototype.entries.call(value)) { add(key, path + ' key'); add(one, path + ' entry'); if (key === mark) marks.push(path + ' entry'); } } catch (error) {}
    try { for (const one of Set.prototype.values.call(value)) { add(one, path + ' entry'); if (one === mark) marks.push(path + ' entry'); } } catch (error) {}
    if (Array.isArray(value) && value.includes(mark)) marks.push(path + ' item');
    try { if (typeof value.eventNames === 'function' && value.eventNames().includes(mark)) marks.push(path + ' listener'); } catch (error) {}
    try { if (typeof value.listenerCount === 'function' && value.listenerCount(mark) > 0) marks.push(path + ' listener'); } catch (error) {}
  }
  function walk() { while (queue.length > 0) { const value = queue.pop(); try { look(value, seen.get(value).path); } catch (error) {} } }

  // What rules can reach without modules is the business of another crawl.
  for (const value of [Object, Function, Array, String, Number, Boolean, Symbol, BigInt, Map, Set, WeakMap, WeakSet, Promise, Proxy, Reflect, Math, JSON, Intl,
    Date, RegExp, Error, ArrayBuffer, DataView, Iterator, Buffer, URL, URLSearchParams, TextEncoder, TextDecoder, AbortController, AbortSignal, Headers,
    Request, Response, Blob, FormData, fetch, setTimeout, console, structuredClone, eval, parseInt, isNaN, encodeURIComponent, (function* () {})(), (async function* () {})()]) add(value, '');
  for (const name of Object.getOwnPropertyNames(Object.getPrototypeOf(globalThis))) {
    if (!(${JSON.stringify(ownGlobals)}).includes(name)) try { add(globalThis[name], ''); } catch (error) {}
  }
  walk();
  base = new Set(seen.keys());
  for (const name in roots) { const value = roots[name](); add(value, name); visited.push(name); }
  walk();
  for (const [fn, { path, owner }] of [...seen]) {
    if (base.has(fn) || typeof fn !== 'function' || / set$|setInterval|setTimeout|setImmediate|runInContext|convert|delay|debounce|throttle|defer|timeout|nextTick|dlopen|inding|console/.test(path)) continue;
    for (const args of [[], ['a'], [{}], [() => 1, 'b']]) {
      attempt(path + '()', () => Reflect.apply(fn, owner || {}, args));
      if (Object.hasOwn(fn, 'prototype')) attempt('new ' + path, () => Reflect.construct(fn, args));
    }
  }
  walk();

  const slots = [
    (o) => Object.getOwnPropertyDescriptor(Map.prototype, 'size').get.call(o), (o) => Object.getOwnPropertyDescriptor(Set.prototype, 'size').get.call(o),
    (o) => WeakMap.prototype.has.call(o, {}), (o) => WeakSet.prototype.has.call(o, {}), (o) => Date.prototype.getTime.call(o),
    (o) => Object.getOwnPropertyDescriptor(ArrayBuffer.prototype, 'byteLength').get.call(o), (o) => DataView.prototype.getInt8.call(o, 0),
    (o) => { if (!ArrayBuffer.isView(o) || o.length === 0) throw 1; },
  ];
  const hasSlot = (o) => slots.some((probe) => { try { probe(o); return true; } catch (error) { return false; } });
  const known = global.known, own = [...seen].filter(([value]) => !base.has(value));
  user.places = own.length;
  user.visited = visited;
  user.sameRealm = global.realm === globalThis;
  user.marks = marks;
  user.carriers = known ? own.filter(([o]) => known.has(o) && (!Object.isFrozen(o) || hasSlot(o))).map(([, { path }]) => path) : [];

  const ways = [
    (o) => { o[mark] = mark; }, (o) => { o[symbol] = mark; }, (o) => Reflect.set(o, mark, mark), (o) => Object.defineProperty(o, mark, { value: mark, configurable: true, writable: true }),
    (o) => Object.defineProperty(o, symbol, { get: () => mark, configurable: true }), (o) => Object.assign(o, { [mark]: mark }), (o) => Object.setPrototypeOf(o, { [mark]: mark, __proto__: Object.getPrototypeOf(o) }),
    (o) => { if (Array.isArray(o)) Array.prototype.push.call(o, mark); }, (o) => Map.prototype.set.call(o, mark, mark), (o) => Set.prototype.add.call(o, mark),
    (o) => WeakMap.prototype.set.call(o, Object.prototype, mark), (o) => { if (ArrayBuffer.isView(o)) o[0] ^= 1; },
    (o) => { if (typeof o.on === 'function') o.on(mark, () => {}); }, (o) => { if (typeof o.addListener === 'function') o.addListener(mark, () => {}); },
    (o) => { for (const key of Reflect.ownKeys(o)) { if (['get', 'set', 'length', 'prototype'].includes(key)) continue; try { o[key] = mark; } catch (error) {} try { Object.defineProperty(o, key, { value: mark }); } catch (error) {} try { Reflect.deleteProperty(o, key); } catch (error) {} } },
  ];
  let attempts = 0;
  for (const [o] of own) for (const way of ways) { attempts++; try { way(o); } catch (error) {} }
  user.attempts = attempts;
  for (let index = 0; index < 20; index++) setInterval(() => { user.mark = mark; global.late = (global.late || 0) + 1; }, 1);
  user.late = global.late || 0;
  global.known = new WeakSet(own.map(([value]) => value));
  global.realm = globalThis;
  callback(null, user, context);
}`
