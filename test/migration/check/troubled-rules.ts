/** A folder of rules with each kind of trouble that a report knows, and each kind of thing that is none. */
export const troubledRules = {
  '01-plain.js': `function plain(user, context, callback) {
  user.seen = true;
  callback(null, user, context);
}`,
  '02-modules.js': `function (user, context, callback) {
  const _ = require('lodash@4.17.1');
  const same = require('counter@2.0.1');
  const url = require('url@0.10.3');
  const gone = require('left-pad-2@1.0.0');
  const own = require('@auth0/rule-utilities@0.1.0');
  const fs = require('fs');
  const local = require('./mine.js');
  const some = require('counter' + configuration.WHICH);
  callback(null, _.extend(user, { same, url, gone, own, fs, local, some }), context);
}`,
  '03-globals.js': `function (user, context, callback) {
  user.id = jwt.sign({ a: _.pick(user, 'email') }, configuration.SECRET);
  new mysterious.Thing(azure_storage);
  if (typeof maybe !== 'undefined') maybe();
  made = 1;
  callback(null, user, context);
}`,
  '04-hosts.js': `async function (user, context, callback) {
  const axios = require('axios-like-counter');
  const base = 'https://crm.example:8443/v1';
  await fetch(\`\${base}/people?id=\${user.user_id}\`);
  await fetch('https://' + configuration.REGION + '.example.com/x', { method: 'POST' });
  await fetch(new URL('http://user:secret@audit.example/log'));
  const namespace = 'https://claims.example/';
  const claims = context.idToken || {};
  claims[namespace + 'id'] = 1;
  claims[\`\${namespace}roles\`] = [];
  context.idToken = claims;
  context.accessToken['https://claims.example/x'] = axios;
  callback(null, user, context);
}`,
  '05-configuration.js': `function (user, context, callback) {
  const { HAS_VALUE, NO_VALUE } = configuration;
  const fallback = configuration.OPTIONAL || 'x';
  if (!configuration['GUARDED']) return callback(null, user, context);
  user.settings = [HAS_VALUE, NO_VALUE, fallback, configuration.GUARDED];
  callback(null, user, context);
}`,
  '06-builtins.js': `function (user, context, callback) {
  String.prototype.shout = function () { return this.toUpperCase(); };
  user.loud = 'a'.shout();
  callback(null, user, context);
}`,
  '07-reserved.js': `function (user, context, callback) {
  context.idToken.sub = 'someone-else';
  context.accessToken = { aud: 'x', 'https://example.com/ok': 1 };
  context.accessToken.scope = ['openid'];
  callback(null, user, context);
}`,
  '08-old.js': `function (user, context, callback) {
  user.basic = new Buffer('a:b').toString('base64');
  user.node = process.version;
  var url = require('url'); user.at = url.parse('https://a.example').host;
  user.token = jwt.sign({}, 'secret', { expiresInMinutes: 5 });
  auth0.users.updateUserMetadata(user.user_id, {}, function (error) { callback(error, user, context); });
}`,
  '09-silent.js': `async function (user, context) {
  user.seen = true;
  return user;
}`,
  '10-sometimes.js': `function (user, context, callback) {
  if (!user.email) {
    return;
  }
  if (user.blocked) { callback(new UnauthorizedError('no')); return; }
  callback(null, user, context);
}`,
  '11-management.js': `function (user, context, callback) {
  auth0.users.getUser(user.user_id).then(function () { callback(null, user, context); });
}`,
  '12-syntax.js': `function (user, context, callback) {
  if (
}`,
  '13-keyword.js': `function (user, context, callback) {
  var url = @@URL@@;
  callback(null, user, context);
}`,
  '14-off.js': 'function (user) { return',
  '14-off.json': { enabled: false },
  'configuration.json': { HAS_VALUE: 'v', SECRET: 's' },
  'node_modules/counter/package.json': { version: '2.0.1' },
  'node_modules/counter/index.js': 'exports.count = 1',
  'node_modules/axios-like-counter/index.js': 'exports.count = 1',
  'node_modules/lodash/package.json': { version: '4.17.21' },
  'node_modules/lodash/index.js': 'exports.extend = Object.assign; exports.pick = function (a) { return a }',
}
